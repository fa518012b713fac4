using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Catalog;

/// <summary>What ML.NET does with its own trainers works with ours.</summary>
[TestClass]
public sealed class PipelineTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Every_task_learns_better_than_a_linear_model(TaskCase task)
    {
        double ours = task.Error(task.Fit().Transform(TaskCase.Data)), theirs = task.Error(task.Sdca(_ml).Fit(TaskCase.Data).Transform(TaskCase.Data));
        Assert.IsLessThan(theirs, ours);
    }

    [TestMethod]
    public void Chains_with_one_hot_normalizer_cache_checkpoint_key_mapping_and_transforms_after_the_score()
    {
        IEstimator<ITransformer> pipeline = _ml.Transforms.Categorical.OneHotEncoding("NameCode", "Name")
            .Append(_ml.Transforms.NormalizeMeanVariance("Scaled", "Features"))
            .Append(_ml.Transforms.Concatenate("All", "NameCode", "Scaled"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", FeatureColumnName = "All", Steps = 300 }))
            .Append(_ml.Transforms.CopyColumns("Price", "Score"))
            .Append(_ml.Transforms.DropColumns("NameCode"));
        IDataView scored = pipeline.Fit(TaskCase.Data).Transform(TaskCase.Data);
        CollectionAssert.AreEqual(scored.GetColumn<float>("Score").ToArray(), scored.GetColumn<float>("Price").ToArray());
        Assert.IsNull(scored.Schema.GetColumnOrNull("NameCode"));
    }

    [TestMethod]
    public void A_predicted_key_maps_back_to_text_and_to_numbers()
    {
        ITransformer text = TaskCase.All[2].OnePassSgd(_ml).Append(_ml.Transforms.Conversion.MapKeyToValue("Guess", "PredictedLabel")).Fit(TaskCase.Data);
        string[] guesses = [.. text.Transform(TaskCase.Data).GetColumn<string>("Guess")], truths = [.. TaskCase.Data.GetColumn<string>("Name")];
        Assert.IsGreaterThan(360, guesses.Zip(truths).Count(pair => pair.First == pair.Second));

        IDataView numbers = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => new Numbered { Features = [i % 3, i % 2], Digit = 7 * (i % 3) }));
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label", "Digit")
            .Append(_ml.MulticlassClassification.Trainers.OnePassSgd(steps: 300))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Guess", "PredictedLabel"));
        CollectionAssert.AreEqual(numbers.GetColumn<int>("Digit").ToArray(), pipeline.Fit(numbers).Transform(numbers).GetColumn<int>("Guess").ToArray());
    }

    [TestMethod]
    public void Cross_validation_of_every_task()
    {
        IEstimator<ITransformer> Trainer(int task) => TaskCase.All[task].OnePassSgd(_ml);
        double[] rmse = [.. _ml.Regression.CrossValidate(TaskCase.Data, Trainer(0), 3, "Number").Select(fold => fold.Metrics.RootMeanSquaredError)];
        double[] auc = [.. _ml.BinaryClassification.CrossValidate(TaskCase.Data, Trainer(1), 3, "Truth").Select(fold => fold.Metrics.AreaUnderRocCurve)];
        double[] accuracy = [.. _ml.MulticlassClassification.CrossValidate(TaskCase.Data, Trainer(2), 3, "Kind").Select(fold => fold.Metrics.MicroAccuracy)];
        Assert.IsTrue(rmse.All(e => e < 0.15), string.Join(", ", rmse));
        Assert.IsTrue(auc.All(a => a > 0.98), string.Join(", ", auc));
        Assert.IsTrue(accuracy.All(a => a > 0.85), string.Join(", ", accuracy));
    }

    [TestMethod]
    public void Permutation_feature_importance_finds_the_feature_that_matters()
    {
        IDataView noisy = WithNoise();
        IEstimator<ITransformer> concatenate = _ml.Transforms.Concatenate("All", "Features", "Noise");
        IDataView data = concatenate.Fit(noisy).Transform(noisy);
        var trainer = _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", FeatureColumnName = "All", Steps = 1000 });

        var importance = _ml.Regression.PermutationFeatureImportance(trainer.Fit(data), data, "Number", permutationCount: 3);
        Assert.HasCount(3, importance);
        Assert.IsGreaterThan(Math.Abs(importance[2].RootMeanSquaredError.Mean) * 10, importance[0].RootMeanSquaredError.Mean);
    }

    [TestMethod]
    public void One_versus_all_makes_a_multiclass_trainer_of_the_binary_one()
    {
        var binary = _ml.BinaryClassification.Trainers.OnePassSgd("Kind", steps: 500);
        ITransformer model = _ml.MulticlassClassification.Trainers.OneVersusAll(binary, "Kind").Fit(TaskCase.Data);
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(model.Transform(TaskCase.Data), "Kind").MicroAccuracy);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, TaskCase.Data.Schema, stream);
        stream.Position = 0;
        CollectionAssert.AreEqual(TaskCase.All[2].Scores(model), TaskCase.All[2].Scores(new MLContext().Model.Load(stream, out _)));
    }

    [TestMethod]
    public void Calibrators_take_the_binary_score()
    {
        IDataView scored = TaskCase.All[1].Fit().Transform(TaskCase.Data);
        IDataView calibrated = _ml.BinaryClassification.Calibrators.Platt("Truth", "Score").Fit(scored).Transform(scored);
        Assert.IsGreaterThan(0.95, _ml.BinaryClassification.Evaluate(calibrated, "Truth").Accuracy);
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Scoring_is_lazy_runs_on_cursor_sets_and_maps_single_rows(TaskCase task)
    {
        ITransformer model = task.Fit();
        Assert.IsTrue(model.IsRowToRowMapper);
        IRowToRowMapper mapper = model.GetRowToRowMapper(TaskCase.Data.Schema);
        DataViewSchema.Column score = mapper.OutputSchema["Score"];
        Assert.AreEqual(1, mapper.GetDependencies([score]).Count(c => c.Name == "Features"));
        Assert.IsFalse(mapper.GetDependencies([mapper.OutputSchema["Weight"]]).Any(c => c.Name == "Features"), "a pass-through column needs no features");

        IDataView scored = model.Transform(TaskCase.Data);
        long rows = 0;
        foreach (DataViewRowCursor cursor in scored.GetRowCursorSet([scored.Schema["Score"]], 4))
        {
            using (cursor)
            {
                while (cursor.MoveNext())
                    rows++;
            }
        }
        Assert.AreEqual(400, rows);
    }

    [TestMethod]
    public void Scores_are_computed_when_asked_for_and_not_before()
    {
        int calls = 0;
        ITransformer counting = _ml.Transforms.CustomMapping<TaskCase.Example, Counted>((row, counted) =>
        {
            // Several threads may map rows.
            Interlocked.Increment(ref calls);
            counted.Copy = row.Features;
        }, contractName: null, null, CountedSchema()).Fit(TaskCase.Data);
        IDataView scored = TaskCase.All[0].OnePassSgd(_ml, o => o.FeatureColumnName = "Copy").Fit(counting.Transform(TaskCase.Data)).Transform(counting.Transform(TaskCase.Data));
        calls = 0;
        Assert.HasCount(400, scored.GetColumn<float>("Weight").ToArray());
        Assert.AreEqual(0, calls);
        Assert.HasCount(400, scored.GetColumn<float>("Score").ToArray());
        Assert.AreEqual(400, calls);
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Two_threads_may_score_one_model(TaskCase task)
    {
        ITransformer model = task.Fit(o => o.Steps = 100);
        float[] expected = task.Scores(model);
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => CollectionAssert.AreEqual(expected, task.Scores(model)));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Fixed_sgd_trains_evaluates_and_keeps_its_hyperparameters(TaskCase task)
    {
        ITransformer model = task.FixedSgd(_ml, o => (o.LearningRate, o.LearningRateSchedule) = (0.01, LearningRateSchedule.Constant)).Fit(TaskCase.Data);
        TrainingRecord training = TaskCase.Inside(model).Training;
        Assert.AreEqual("fixed", training.Method);
        Assert.AreEqual(0.01, training.FinalHyperparameters["lr"], 1e-12);
        Assert.IsEmpty(training.TunedHyperparameters);
        Assert.IsLessThan(0.5, task.Error(model.Transform(TaskCase.Data)));
    }

    private static IDataView WithNoise()
    {
        var random = new Random(3);
        return _ml.Data.Cache(_ml.Transforms.CustomMapping<TaskCase.Example, Noisy>((_, noisy) => noisy.Noise = random.NextSingle(), null).Fit(TaskCase.Data).Transform(TaskCase.Data));
    }

    private static SchemaDefinition CountedSchema()
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Counted));
        schema[nameof(Counted.Copy)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        return schema;
    }

    public sealed class Counted
    {
        public float[] Copy { get; set; } = [];
    }

    public sealed class Noisy
    {
        public float Noise { get; set; }
    }

    public sealed class Numbered
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public int Digit { get; set; }
    }
}
