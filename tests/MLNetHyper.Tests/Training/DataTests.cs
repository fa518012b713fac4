using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Training;

/// <summary>Rows as they come: missing, sparse, weighted, constant, too few, too large for memory.</summary>
[TestClass]
public sealed class DataTests
{
    private static readonly MLContext _ml = TaskCase.Context;

    [TestMethod]
    public void Keys_of_two_classes_are_a_multiclass_task_too()
    {
        IDataView pairs = _ml.Transforms.Conversion.MapValueToKey("Pair", "Truth").Fit(TaskCase.Data).Transform(TaskCase.Data);
        ITransformer model = _ml.MulticlassClassification.Trainers.OnePassSgd(new OnePassSgdMulticlassTrainer.Options { LabelColumnName = "Pair", Steps = 300 }).Fit(pairs);
        MulticlassClassificationMetrics metrics = _ml.MulticlassClassification.Evaluate(model.Transform(pairs), "Pair");
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.IsLessThan(0.3, metrics.LogLoss);
    }

    [TestMethod]
    public void Rows_with_missing_values_are_skipped_and_counted_as_ML_NET_does()
    {
        Number[] rows = [.. Enumerable.Range(0, 100).Select(i => new Number { Features = [i % 7, i % 11], Label = i % 13 })];
        rows[3].Features[1] = float.NaN;
        rows[50].Label = float.NaN;
        rows[60].Label = float.PositiveInfinity;
        rows[70].Weight = float.NaN;
        var context = new MLContext(1);
        var warnings = new List<string>();
        context.Log += (_, e) => warnings.Add(e.Message);
        TrainingRecord training = context.Regression.Trainers.OnePassSgd(exampleWeightColumnName: "Weight", steps: 50).Fit(context.Data.LoadFromEnumerable(rows)).Model.Training;
        Assert.AreEqual(4, training.SkippedRows);
        Assert.AreEqual(96, training.TrainingRows + training.ValidationRows);
        Assert.IsTrue(warnings.Any(w => w.Contains("Skipped 4 instances", StringComparison.Ordinal)), string.Join("\n", warnings));
    }

    [TestMethod]
    public void No_valid_row_is_an_error_in_ML_NETs_words()
    {
        Number[] rows = [.. Enumerable.Range(0, 10).Select(i => new Number { Features = [float.NaN, 1], Label = i })];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd().Fit(_ml.Data.LoadFromEnumerable(rows)));
        StringAssert.Contains(error.Message, "No valid training instances found");
        error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd().Fit(_ml.Data.LoadFromEnumerable(rows[..0])));
        StringAssert.Contains(error.Message, "No valid training instances found");
    }

    [TestMethod]
    public void Wrong_columns_are_named_as_ML_NET_names_them()
    {
        foreach ((string label, string features) in new[] { ("Nowhere", "Features"), ("Number", "Nowhere"), ("Name", "Features"), ("Number", "Number") })
        {
            string Message(IEstimator<ITransformer> trainer) => Assert.Throws<ArgumentException>(() => trainer.Fit(TaskCase.Data)).Message;
            Assert.AreEqual(Message(_ml.Regression.Trainers.Sdca(label, features)), Message(_ml.Regression.Trainers.OnePassSgd(label, features)));
        }
    }

    [TestMethod]
    public void Two_rows_are_too_few_and_three_enough()
    {
        Number[] rows = [new() { Features = [1, 2], Label = 1 }, new() { Features = [2, 1], Label = 2 }, new() { Features = [3, 3], Label = 3 }];
        StringAssert.Contains(Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd().Fit(_ml.Data.LoadFromEnumerable(rows[..2]))).Message, "at least 2");
        var model = _ml.Regression.Trainers.OnePassSgd(steps: 50).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.IsTrue(model.Transform(_ml.Data.LoadFromEnumerable(rows)).GetColumn<float>("Score").All(float.IsFinite));
    }

    [TestMethod]
    public void Sparse_and_dense_features_train_the_same_bits()
    {
        var random = new Random(1);
        float[][] dense = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 20).Select(k => random.Next(5) == 0 ? random.NextSingle() : 0).ToArray())];
        float[] Train(IEnumerable<VBuffer<float>> features)
        {
            var schema = SchemaDefinition.Create(typeof(Sparse));
            schema[nameof(Sparse.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 20);
            IDataView data = _ml.Data.LoadFromEnumerable(features.Select((f, i) => new Sparse { Features = f, Label = dense[i].Sum() }), schema);
            return [.. _ml.Regression.Trainers.OnePassSgd(steps: 100).Fit(data).Transform(data).GetColumn<float>("Score")];
        }
        float[] first = Train(dense.Select(row => new VBuffer<float>(20, row)));
        float[] second = Train(dense.Select(row =>
        {
            int[] indices = [.. Enumerable.Range(0, 20).Where(k => row[k] != 0)];
            return new VBuffer<float>(20, indices.Length, [.. indices.Select(k => row[k])], indices);
        }));
        CollectionAssert.AreEqual(first, second);
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_weight_of_two_is_the_row_twice(TaskCase task)
    {
        // Rows to validate on are given, so that nothing is drawn.
        IDataView validation = TaskCase.MakeRows(50, seed: 4);
        TaskCase.Example[] rows = [.. _ml.Data.CreateEnumerable<TaskCase.Example>(TaskCase.MakeRows(60, seed: 5), reuseRowObject: false)];
        IDataView weighted = Keyed(rows.Select((r, i) => Copy(r, i % 2 == 0 ? 2 : 1))), doubled = Keyed(rows.SelectMany((r, i) => Enumerable.Repeat(Copy(r, 1), i % 2 == 0 ? 2 : 1)));
        float[] Train(IDataView data) => task.Scores(Fit(task, data, validation), validation);
        float[] first = Train(weighted), second = Train(doubled);
        for (int i = 0; i < first.Length; i++)
            Assert.AreEqual(second[i], first[i], 2e-3f * (1 + Math.Abs(second[i])));
    }

    [TestMethod]
    public void A_negative_weight_is_named()
    {
        Number[] rows = [.. Enumerable.Range(0, 20).Select(i => new Number { Features = [i, -i], Label = i, Weight = i == 7 ? -1 : 1 })];
        Exception error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd(exampleWeightColumnName: "Weight").Fit(_ml.Data.LoadFromEnumerable(rows)));
        StringAssert.Contains(error.Message, "Weight");
        StringAssert.Contains(error.Message, "-1");
    }

    [TestMethod]
    public void Constant_labels_constant_features_and_huge_numbers_give_finite_scores()
    {
        foreach (float scale in new[] { 0f, 1e-30f, 1f, 1e30f })
        {
            foreach (float spread in new[] { 0f, 1f })
            {
                Number[] rows = [.. Enumerable.Range(0, 40).Select(i => new Number { Features = [scale * (i % 5), 3], Label = scale + (spread * scale * (i % 5)) })];
                IDataView data = _ml.Data.LoadFromEnumerable(rows);
                float[] scores = [.. _ml.Regression.Trainers.OnePassSgd(steps: 200).Fit(data).Transform(data).GetColumn<float>("Score")];
                Assert.IsTrue(scores.All(float.IsFinite), $"{scale}, {spread}");
                if (spread == 0)
                    Assert.IsTrue(scores.All(s => Math.Abs(s - scale) <= 0.3 * Math.Max(scale, 1)), $"{scale}: {scores[0]}");
            }
        }
    }

    [TestMethod]
    public void A_feature_that_never_varied_has_no_say()
    {
        Number[] rows = [.. Enumerable.Range(0, 40).Select(i => new Number { Features = [i % 5, 3], Label = i % 5 })];
        var model = _ml.Regression.Trainers.OnePassSgd(steps: 200).Fit(_ml.Data.LoadFromEnumerable(rows));
        float[] scores = [.. model.Transform(_ml.Data.LoadFromEnumerable(new Number[] { new() { Features = [2, 3] }, new() { Features = [2, 1000] } })).GetColumn<float>("Score")];
        Assert.AreEqual(scores[0], scores[1]);
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Missing_and_infinite_features_get_finite_scores(TaskCase task)
    {
        ITransformer model = task.Fit(o => o.Steps = 100);
        IDataView odd = Keyed(
        [
            new() { Features = [float.NaN, 0.5f] }, new() { Features = [float.PositiveInfinity, float.NegativeInfinity] }, new() { Features = [float.MaxValue, float.MinValue] },
        ]);
        float[] scores = task.Scores(model, odd);
        Assert.IsTrue(scores.All(float.IsFinite), string.Join(", ", scores));
    }

    [TestMethod]
    public void One_class_alone_trains()
    {
        IDataView binary = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new TaskCase.Example { Features = [i % 3, i % 7], Truth = true }));
        IDataView scored = _ml.BinaryClassification.Trainers.OnePassSgd("Truth", steps: 200).Fit(binary).Transform(binary);
        Assert.IsTrue(scored.GetColumn<float>("Probability").All(p => p > 0.9f));
        IDataView named = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new TaskCase.Example { Features = [i % 3, i % 7], Name = "only" }));
        IDataView multiclass = _ml.Transforms.Conversion.MapValueToKey("Kind", "Name").Fit(named).Transform(named);
        scored = _ml.MulticlassClassification.Trainers.OnePassSgd("Kind", steps: 50).Fit(multiclass).Transform(multiclass);
        Assert.IsTrue(scored.GetColumn<uint>("PredictedLabel").All(k => k == 1));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Data_beyond_the_memory_limit_stream_and_train_as_well(TaskCase task)
    {
        // 60,000 rows of two features take 960 kB; of the mebibyte allowed, a third is for raw rows.
        IDataView large = TaskCase.MakeRows(60_000, seed: 6);
        TrainingRecord? training = null;
        float[] Train()
        {
            ITransformer model = task.OnePassSgd(_ml, o => (o.MemoryLimit, o.Steps, o.BatchSize) = (1 << 20, 2000, 64)).Fit(large);
            training = TaskCase.Inside(model).Training;
            Assert.IsLessThan(task.Name == "regression" ? 0.05 : 0.2, task.Error(model.Transform(TaskCase.Data)));
            return task.Scores(model);
        }
        float[] first = Train();
        Assert.AreEqual(60_000, training!.TrainingRows + training.ValidationRows);
        Assert.IsTrue(double.IsNaN(training.TrainingError), "the training rows were not in memory");
        Assert.IsLessThan(6000, training.ValidationRows);
        CollectionAssert.AreEqual(first, Train());
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Sorted_rows_that_stream_are_a_warning_with_a_remedy(TaskCase task)
    {
        TaskCase.Example[] rows = [.. _ml.Data.CreateEnumerable<TaskCase.Example>(TaskCase.MakeRows(60_000, seed: 9), reuseRowObject: false)];
        List<string> Warnings(IEnumerable<TaskCase.Example> ordered)
        {
            var context = new MLContext(1);
            List<string> warnings = [];
            context.Log += (_, e) => warnings.Add(e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning ? e.Message : "");
            task.OnePassSgd(context, o => (o.MemoryLimit, o.Steps, o.BatchSize) = (1 << 20, 200, 64)).Fit(Keyed(ordered));
            return [.. warnings.Where(w => w.Contains("ShuffleRows", StringComparison.Ordinal))];
        }
        List<string> sorted = Warnings(task.Name switch { "regression" => rows.OrderBy(r => r.Number), "binary" => rows.OrderBy(r => r.Truth), _ => rows.OrderBy(r => r.Name) });
        Assert.Contains("The rows seem to be sorted", sorted[0]);
        Assert.Contains("MemoryLimit", sorted[0]);
        Assert.IsEmpty(Warnings(rows));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_streamed_run_that_is_no_better_than_a_constant_is_a_warning_with_a_remedy(TaskCase task)
    {
        var context = new MLContext(1);
        List<string> warnings = [];
        context.Log += (_, e) => warnings.Add(e.Message);
        // Features that say nothing about the labels, and weights that stay as they are drawn.
        TaskCase.Example[] rows = [.. _ml.Data.CreateEnumerable<TaskCase.Example>(TaskCase.MakeRows(60_000, seed: 9), reuseRowObject: false)];
        float[][] features = [.. rows.Select(row => row.Features)];
        for (int i = 0; i < rows.Length; i++)
            rows[i].Features = features[(i + 1) % rows.Length];
        task.OnePassSgd(context, o => (o.MemoryLimit, o.Steps, o.InitialLearningRate, o.TuneLearningRate) = (1 << 20, 10, 1e-10, false)).Fit(Keyed(rows));
        Assert.Contains("is no better than that of a constant", warnings.Single(w => w.Contains("ShuffleRows", StringComparison.Ordinal)));
    }

    /// <summary>A row in memory may have any length, whatever its column's type says.</summary>
    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void A_row_of_another_length_is_told_how_many_features_the_model_takes(TaskCase task)
    {
        ITransformer fitted = task.Fit(o => o.Steps = 20), loaded = new MLContext().Model.Load(new MemoryStream(Models.SavingTests.Save(fitted)), out _);
        foreach (ITransformer model in new[] { fitted, loaded })
        {
            Action<TaskCase.Example> predict = task.Name == "multiclass" ? Predict<Scores>(model) : Predict<Score>(model);
            foreach (float[] features in new float[][] { [1], [], [1, 2, 3] })
            {
                string message = Assert.Throws<ArgumentException>(() => predict(new() { Features = features })).Message;
                Assert.Contains($"The model takes 2 features, but the row has {features.Length} in column 'Features'", message);
            }
            predict(new() { Features = [1, 2] });
        }
    }

    [TestMethod]
    public void A_training_row_of_another_length_is_named()
    {
        Number[] rows = [.. Enumerable.Range(0, 20).Select(i => new Number { Features = i == 7 ? [1] : [i, -i], Label = i })];
        string message = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd().Fit(_ml.Data.LoadFromEnumerable(rows))).Message;
        Assert.Contains("The column 'Features' has 2 features, but row 7 has 1", message);
    }

    [TestMethod]
    public void What_needs_all_rows_in_memory_says_so()
    {
        IDataView large = TaskCase.MakeRows(60_000, seed: 6);
        string Message(Action<OnePassSgdOptions> change, IDataView? validation = null) => Assert.Throws<InvalidOperationException>(() => ((OnePassSgdRegressionTrainer)TaskCase.All[0].OnePassSgd(_ml, o =>
        {
            o.MemoryLimit = 1 << 20;
            change(o);
        })).Fit(large, validation)).Message;
        StringAssert.Contains(Message(o => o.RetrainOnAll = true), "RetrainOnAll");
        StringAssert.Contains(Message(_ => { }, large), "MemoryLimit");
        StringAssert.Contains(Message(o => o.BatchSize = 50_000), "BatchSize");
    }

    [TestMethod]
    public void A_large_table_without_a_valid_row_says_so()
    {
        // A row count that is known beforehand sends it to be read in blocks.
        Number[] rows = [.. Enumerable.Range(0, 60_000).Select(_ => new Number { Features = [float.NaN, 1] })];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { MemoryLimit = 1 << 20 }).Fit(_ml.Data.LoadFromEnumerable(rows)));
        StringAssert.Contains(error.Message, "No valid training instances found");
    }

    [TestMethod]
    public void Means_and_deviations_of_a_stream_are_those_of_rows_in_memory()
    {
        IDataView large = TaskCase.MakeRows(40_000, seed: 7), validation = TaskCase.MakeRows(100, seed: 8);
        NetworkModel Network(long limit) => _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", Steps = 10, MemoryLimit = limit }).Fit(large, validation).Model.Network;
        NetworkModel streamed = Network(1 << 20), inMemory = Network(1 << 30);
        Standardization expected = (Standardization)inMemory.Inputs[0], actual = (Standardization)streamed.Inputs[0];
        for (int k = 0; k < 2; k++)
        {
            Assert.AreEqual(expected.Offsets[k], actual.Offsets[k], 1e-10);
            Assert.AreEqual(expected.Scales[k], actual.Scales[k], 1e-10);
        }
        Assert.AreEqual(inMemory.Label.Scales[0], streamed.Label.Scales[0], 1e-10);
    }

    [TestMethod]
    public void The_same_rows_seed_and_options_give_the_engines_own_result()
    {
        var table = new Table(
            new TableColumn("a", [.. TaskCase.Data.GetColumn<float[]>("Features").Select(f => (double)f[0])]),
            new TableColumn("b", [.. TaskCase.Data.GetColumn<float[]>("Features").Select(f => (double)f[1])]),
            new TableColumn("y", [.. TaskCase.Data.GetColumn<float>("Number").Select(y => (double)y)]));
        OnePassResult engine = OnePass.Train(table, new DataOptions { LabelColumn = "y", TestFraction = 0, Seed = 3 }, new OnePassOptions { Seed = 3, Steps = 500 });
        NetworkRegressionModelParameters ours = _ml.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number", Seed = 3, Steps = 500 }).Fit(TaskCase.Data).Model;
        CollectionAssert.AreEqual(engine.Trajectory.ValidationLosses.ToArray(), ours.Training.Trajectory.ValidationLosses.ToArray());
        CollectionAssert.AreEqual(engine.Trajectory.Values("lr").ToArray(), ours.Training.Trajectory.Values("lr").ToArray());
        Assert.AreEqual(engine.Validation.Rmse!.Value, ours.Training.ValidationError, 1e-5);
    }

    private static IDataView Keyed(IEnumerable<TaskCase.Example> rows)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(rows.ToArray());
        return _ml.Transforms.Conversion.MapValueToKey("Kind", "Name", keyData: _ml.Data.LoadFromEnumerable(new[] { new { Name = "blue" }, new { Name = "green" }, new { Name = "red" } })).Fit(data).Transform(data);
    }

    private static TaskCase.Example Copy(TaskCase.Example row, float weight) => new() { Features = row.Features, Number = row.Number, Truth = row.Truth, Name = row.Name, Weight = weight };

    private static Action<TaskCase.Example> Predict<T>(ITransformer model) where T : class, new()
    {
        PredictionEngine<TaskCase.Example, T> engine = _ml.Model.CreatePredictionEngine<TaskCase.Example, T>(model);
        return row => engine.Predict(row);
    }

    private static ITransformer Fit(TaskCase task, IDataView data, IDataView validation)
    {
        void Set(OnePassSgdOptions o)
        {
            TaskCase.Published(o);
            (o.ExampleWeightColumnName, o.Steps, o.Standardize) = ("Weight", 40, false);
        }

        IDataView held = Keyed(_ml.Data.CreateEnumerable<TaskCase.Example>(validation, reuseRowObject: false));
        return task.OnePassSgd(_ml, Set) switch
        {
            OnePassSgdRegressionTrainer regression => regression.Fit(data, held),
            OnePassSgdBinaryTrainer binary => binary.Fit(data, held),
            IEstimator<ITransformer> multiclass => ((OnePassSgdMulticlassTrainer)multiclass).Fit(data, held),
        };
    }

    public sealed class Number
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    public sealed class Score
    {
        [ColumnName("Score")]
        public float Value { get; set; }
    }

    public sealed class Scores
    {
        [ColumnName("Score")]
        public float[] Values { get; set; } = [];
    }

    public sealed class Sparse
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
