using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Training;

/// <summary>Tens of thousands of hashed slots of which a few vary: training costs what those cost, and the model takes them all.</summary>
[TestClass]
public sealed class WideTests
{
    private const int Slots = 1 << 16;
    private const int Rows = 300;

    private static readonly (MLContext Context, List<string> Log) _logged = Logged();
    private static readonly IDataView _hashed = Hashed(_logged.Context, Enumerable.Range(0, Rows));
    private static readonly Lazy<RegressionPredictionTransformer<NetworkRegressionModelParameters>> _model = new(() => Trainer(_logged.Context).Fit(_hashed));

    [TestMethod]
    public void Slots_that_never_vary_are_left_out_before_rows_become_dense()
    {
        (MLContext context, List<string> log) = Logged();
        IDataView data = Hashed(context, Enumerable.Range(0, Rows));
        long before = GC.GetAllocatedBytesForCurrentThread();
        NetworkRegressionModelParameters model = Trainer(context).Fit(data).Model;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.AreEqual(Slots, model.FeatureCount);
        Assert.Contains(line => line.Contains("40 of 65536 features vary", StringComparison.Ordinal), log);
        Assert.Contains(line => line.Contains("a network of 40-5-1 units", StringComparison.Ordinal), log);
        // One copy of the dense rows would be 79 MB.
        Assert.IsLessThan(Rows * Slots * sizeof(float) / 2, allocated);
    }

    [TestMethod]
    public void The_model_is_that_of_the_varying_slots_alone()
    {
        float[][] rows = [.. _hashed.GetColumn<VBuffer<float>>("Features").Select(row => row.DenseValues().ToArray())];
        int[] varying = [.. Enumerable.Range(0, Slots).Where(k => rows.Any(row => row[k] != rows[0][k]))];
        Assert.HasCount(40, varying);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, varying.Length);
        var context = new MLContext(1);
        IDataView narrow = context.Data.LoadFromEnumerable(rows.Select((row, i) => new Row { Features = [.. varying.Select(k => row[k])], Label = Label(i) }), schema);
        float[] expected = [.. Trainer(context).Fit(narrow).Transform(narrow).GetColumn<float>("Score")];
        CollectionAssert.AreEqual(expected, Scores(_model.Value, _hashed));
    }

    [TestMethod]
    public void Rows_with_all_values_give_the_same_bits_as_sparse_ones()
    {
        // Every other row only, so that both kinds stand beside each other.
        VBuffer<float>[] rows = [.. _hashed.GetColumn<VBuffer<float>>("Features").Select(row => new VBuffer<float>(row.Length, row.GetValues().Length, row.GetValues().ToArray(), row.GetIndices().ToArray()))];
        var mixed = SchemaDefinition.Create(typeof(MixedRow));
        mixed[nameof(MixedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Slots);
        var context = new MLContext(1);
        IDataView data = context.Data.LoadFromEnumerable(rows.Select((row, i) => new MixedRow { Features = i % 2 == 0 ? row : new(Slots, [.. row.DenseValues()]), Label = Label(i) }), mixed);
        CollectionAssert.AreEqual(Scores(_model.Value, _hashed), Scores(Trainer(context).Fit(data), data));
    }

    [TestMethod]
    public void Layers_take_the_full_vector_and_give_the_score()
    {
        NetworkModel network = _model.Value.Model.Network;
        IReadOnlyList<DenseLayer> layers = network.FoldedLayers();
        Assert.AreEqual(Slots, layers[0].Inputs);
        Assert.AreEqual((5 * (40 + 1)) + 6, network.Weights[0].Length);
        Assert.AreEqual((Slots, 40), (network.FeatureCount, network.Inputs[0].OutputWidth));
        float[] row = [.. _hashed.GetColumn<VBuffer<float>>("Features").First().DenseValues()];
        double[] values = Array.ConvertAll(row, x => (double)x);
        foreach ((DenseLayer layer, int depth) in layers.Select((layer, depth) => (layer, depth)))
        {
            double[] outputs = [.. Enumerable.Range(0, layer.Units).Select(unit => layer.Biases[unit] + Enumerable.Range(0, layer.Inputs).Sum(k => layer.Weights[(unit * layer.Inputs) + k] * values[k]))];
            values = depth < layers.Count - 1 ? [.. outputs.Select(x => Math.Max(0, x))] : outputs;
        }
        Assert.AreEqual(values[0], Scores(_model.Value, _hashed)[0], 1e-3);
    }

    [TestMethod]
    public void Saved_and_loaded_the_scores_are_the_same()
    {
        using var file = new MemoryStream();
        _logged.Context.Model.Save(_model.Value, _hashed.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        CollectionAssert.AreEqual(Scores(_model.Value, _hashed), loaded.Transform(_hashed).GetColumn<float>("Score").ToArray());
    }

    [TestMethod]
    public void A_warm_start_keeps_the_weights_of_slots_that_do_not_vary_this_time()
    {
        IDataView some = Hashed(_logged.Context, Enumerable.Range(0, Rows).Where(i => i % 40 < 20));
        var again = _logged.Context.Regression.Trainers.FixedSgd(new FixedSgdRegressionTrainer.Options { Steps = 1, LearningRate = 1e-9, HiddenLayers = [5], Members = 1 }).Fit(some, null, _model.Value.Model);
        float[] first = Scores(_model.Value, _hashed), second = Scores(again, _hashed);
        for (int i = 0; i < Rows; i++)
            Assert.AreEqual(first[i], second[i], 1e-3);
    }

    [TestMethod]
    public void Nothing_that_varies_still_trains()
    {
        IDataView same = Hashed(_logged.Context, Enumerable.Repeat(3, 20));
        Assert.IsTrue(Scores(Trainer(_logged.Context).Fit(same), same).All(float.IsFinite));
    }

    [TestMethod]
    public void Training_that_would_take_minutes_says_so_before_and_names_remedies()
    {
        (MLContext context, List<string> log) = Logged();
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1500);
        var random = new Random(1);
        IDataView data = context.Data.LoadFromEnumerable(Enumerable.Range(0, 40).Select(i => new Row { Features = [.. Enumerable.Range(0, 1500).Select(_ => random.NextSingle())], Label = i }), schema);
        Trainer(context, o => (o.Steps, o.CancellationToken) = (100_000_000, new CancellationToken(canceled: true))).Fit(data);
        string warning = log.Single(line => line.StartsWith("Warning", StringComparison.Ordinal));
        foreach (string part in new[] { "1500 features", "minutes", "numberOfBits", "SelectFeaturesBasedOnCount", "TimeBudget" })
            Assert.Contains(part, warning);
        log.Clear();
        Trainer(context).Fit(data);
        Assert.DoesNotContain(line => line.Contains("minutes", StringComparison.Ordinal), log);
    }

    private static OnePassSgdRegressionTrainer Trainer(MLContext context, Action<OnePassSgdRegressionTrainer.Options>? change = null)
    {
        var options = new OnePassSgdRegressionTrainer.Options { Steps = 40, HiddenLayers = [5], Seed = 2, Bins = 0, Members = 1 };
        change?.Invoke(options);
        return context.Regression.Trainers.OnePassSgd(options);
    }

    private static float[] Scores(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("Score")];

    private static float Label(int i) => (i % 40 * 7 % 11) + (0.1f * (i % 3));

    /// <summary>Rows of 40 words that are hashed to 16 bits.</summary>
    private static IDataView Hashed(MLContext context, IEnumerable<int> rows)
    {
        IDataView texts = context.Data.LoadFromEnumerable(rows.Select(i => new Text { Word = $"word {i % 40}", Label = Label(i) }).ToArray());
        return context.Transforms.Categorical.OneHotHashEncoding("Features", "Word", numberOfBits: 16).Fit(texts).Transform(texts);
    }

    private static (MLContext, List<string>) Logged()
    {
        var context = new MLContext(1);
        List<string> log = [];
        context.Log += (_, e) => log.Add($"{e.Kind} {e.Message}");
        return (context, log);
    }

    private sealed class Text
    {
        public string Word { get; set; } = "";

        public float Label { get; set; }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }

    private sealed class MixedRow
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
