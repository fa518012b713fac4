using System.Text;

namespace MLNetHyper.Engine.Tests;

/// <summary>Models of one, two and three networks behind transforms of their inputs.</summary>
[TestClass]
public sealed class NetworkModelTests
{
    private static readonly InputTransform[] _inputs = [InputTransformCases.All[0]];

    public static IEnumerable<object[]> TasksAndCounts => from task in Enum.GetValues<LearningTask>() from networks in new[] { 1, 2, 3 } select new object[] { task, networks };

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void The_mean_of_several_networks_is_of_values_and_of_probabilities(LearningTask task, int networks)
    {
        NetworkModel model = InputTransformCases.Model(task, networks, _inputs);
        NetworkModel[] alone = [.. model.Weights.Select(weights => new NetworkModel(model.Architecture, [weights.ToArray()], _inputs, model.Label, model.Training))];
        foreach (float[] row in InputTransformCases.Examples)
        {
            double[][] each = [.. alone.Select(m => Meaning(m, row))];
            double[] mean = [.. each[0].Select((_, c) => each.Average(outputs => outputs[c]))], actual = Meaning(model, row);
            for (int c = 0; c < mean.Length; c++)
                Assert.AreEqual(mean[c], actual[c], 1e-12 * (1 + Math.Abs(mean[c])));
        }
    }

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void A_file_gives_the_same_bits(LearningTask task, int networks)
    {
        NetworkModel model = InputTransformCases.Model(task, networks, [new FeatureSelection(5, 0, 1, 2, 3, 4), .. _inputs]);
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.UTF8);
        NetworkModelFormat.Write(writer, model);
        file.Position = 0;
        NetworkModel read = NetworkModelFormat.Read(new BinaryReader(file), NetworkModelFormat.Version);
        Assert.AreEqual(file.Length, file.Position);
        Assert.HasCount(networks, read.Weights);
        foreach (float[] row in InputTransformCases.Examples)
            CollectionAssert.AreEqual(Scores(model, row), Scores(read, row));
    }

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void The_tool_saves_and_scores_several_networks(LearningTask task, int networks)
    {
        OnePassModel one = TrainedModels.Of(task);
        NetworkModel network = one.Network;
        var several = new OnePassModel(one.Features, one.Target, new(network.Architecture, [.. Enumerable.Range(1, networks).Select(k => Array.ConvertAll(network.Weights[0].ToArray(), w => w / k))], network.Inputs, network.Label, network.Training, network.Calibration));
        using var folder = new TemporaryFolder();
        several.Save(folder["model"]);
        Table table = TrainingTables.Create(task);
        CollectionAssert.AreEqual(TrainedModels.Numbers(several.Predict(table)), TrainedModels.Numbers(OnePassModel.Load(folder["model"]).Predict(table)));
        Assert.AreEqual(networks == 1, TrainedModels.Numbers(one.Predict(table)).SequenceEqual(TrainedModels.Numbers(several.Predict(table))));
        if (networks == 1)
            Assert.AreEqual(one.Network.Training.ValidationError, several.Evaluate(table.Select([.. DataPreparation.Prepare<float>(table, TrainingTables.Options).ValidationRows])).Error, 1e-6);
    }

    [TestMethod]
    [DynamicData(nameof(TasksAndCounts))]
    public void Folded_layers_give_each_networks_outputs_from_raw_features(LearningTask task, int networks)
    {
        NetworkModel model = InputTransformCases.Model(task, networks, [new FeatureSelection(7, 0, 1, 2, 3, 4), .. _inputs]);
        float[] row = [.. InputTransformCases.Examples[0], 5, 6];
        for (int k = 0; k < networks; k++)
        {
            double[] values = Array.ConvertAll(row, x => (double)x);
            IReadOnlyList<DenseLayer> layers = model.FoldedLayers(k);
            foreach (DenseLayer layer in layers)
            {
                values = [.. Enumerable.Range(0, layer.Units).Select(unit => layer.Biases[unit] + values.Select((x, i) => x * layer.Weights[(unit * layer.Inputs) + i]).Sum())];
                values = layer == layers[^1] ? values : [.. values.Select(Math.Tanh)];
            }
            double[] expected = Scores(new(model.Architecture, [model.Weights[k].ToArray()], model.Inputs, model.Label, model.Training), row);
            for (int c = 0; c < values.Length; c++)
                Assert.AreEqual(expected[c], values[c], 1e-4 * (1 + Math.Abs(expected[c])));
        }
        Assert.Contains("Powers", Assert.ThrowsExactly<NotSupportedException>(() => InputTransformCases.Model(task, 1, [.. _inputs, new Powers(5)]).FoldedLayers()).Message);
    }

    [TestMethod]
    public void Certain_networks_that_disagree_leave_a_finite_logit()
    {
        foreach ((float first, float second) in new[] { (2000f, 2000f), (2000f, -2000f), (-2000f, -2000f), (float.MaxValue, -float.MaxValue) })
        {
            double[] outputs = new double[1];
            new OutputTransform(Loss.Logistic, Standardization.Identity(1), OutputCalibration.None).Apply([first, second], outputs);
            Assert.IsTrue(double.IsFinite(outputs[0]));
            Assert.AreEqual((Math.Sign(first) + Math.Sign(second)) / 2, Math.Sign(outputs[0]));
        }
    }

    [TestMethod]
    public void A_row_scores_the_same_bits_through_a_table_and_alone()
    {
        OnePassModel model = TrainedModels.Of(LearningTask.Regression);
        Table table = TrainingTables.Create(LearningTask.Regression);
        float[] a = [.. table["a"].Numbers.ToArray().Select(x => (float)x)], b = [.. table["b"].Numbers.ToArray().Select(x => (float)x)], inputs = model.Features.Encode<float>(table);
        double[] expected = [.. model.Predict(table.With(new TableColumn("a", Array.ConvertAll(a, x => (double)x))).With(new TableColumn("b", Array.ConvertAll(b, x => (double)x)))).Values];
        CollectionAssert.AreEqual(new[] { "a", "b" }, model.Features.FeatureNames.Take(2).ToArray());
        for (int row = 0; row < a.Length; row++)
            Assert.AreEqual(expected[row], model.Network.CreateScorer().Score([a[row], b[row], .. inputs.AsSpan((row * model.Features.FeatureCount) + 2, model.Features.FeatureCount - 2)], 1)[0]);
    }

    [TestMethod]
    public void Other_features_get_weights_of_zero_and_those_that_stay_score_the_same()
    {
        NetworkModel model = InputTransformCases.Model(LearningTask.Regression, 2, [new FeatureSelection(9, 1, 2, 4, 6, 8), .. _inputs]);
        float[] row = [9, 1.7f, -3_000_010, 9, 0.25f, 9, 2020, 9, 1.1e-3f];
        foreach (FeatureSelection? selection in new[] { null, new FeatureSelection(9, 0, 1, 2, 4, 5, 6, 8), new FeatureSelection(9, 1, 2, 4, 6, 8) })
        {
            NetworkModel again = model.On(selection);
            Assert.AreEqual(selection?.OutputWidth ?? 9, again.FeatureCount);
            Assert.AreEqual(Scores(model, row)[0], Scores(again.Behind(selection), row)[0], 1e-4);
        }
    }

    [TestMethod]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        NetworkModel model = InputTransformCases.Model(LearningTask.Binary, 1, _inputs);
        float[] weights = model.Weights[0].ToArray();
        (float[][] Weights, InputTransform[] Inputs, Standardization Label)[] wrong =
        [
            ([], _inputs, model.Label), ([weights[1..]], _inputs, model.Label), ([weights, [.. weights[1..], float.NaN]], _inputs, model.Label),
            ([weights], [new Powers(5)], model.Label), ([weights], [new Powers(5), .. _inputs], model.Label), ([weights], _inputs, Standardization.Identity(2)),
        ];
        foreach (var parts in wrong)
            Assert.ThrowsExactly<ArgumentException>(() => new NetworkModel(model.Architecture, parts.Weights, parts.Inputs, parts.Label, model.Training));
    }

    private static double[] Scores(NetworkModel model, float[] row) => model.CreateScorer().Score(row, 1);

    private static double[] Meaning(NetworkModel model, float[] row) =>
        model.Architecture.Loss == Loss.SquaredError ? Scores(model, row) : Probabilities.FromOutputs(Scores(model, row), model.Architecture.Outputs);
}
