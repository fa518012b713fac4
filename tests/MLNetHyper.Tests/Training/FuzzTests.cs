using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Training;

/// <summary>Random tables times random options: a finite model, or an exception with a sentence in it. The seed of a failure is in its message.</summary>
[TestClass]
public sealed class FuzzTests
{
    private static readonly float[] _odd = [0, 1, -1, 1e-30f, 1e30f, -3e38f, 3e38f, 1e-45f, float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [TestMethod]
    public void No_table_and_no_options_crash_or_give_anything_but_numbers()
    {
        int trained = 0;
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            var context = new MLContext(seed);
            int width = random.Next(1, 9), rows = random.Next(0, 60);
            IDataView data = Table(context, random, rows, width);
            string task = TaskCase.All[random.Next(3)].Name;
            try
            {
                IDataView scored = Fit(context, random, task, data).Transform(data);
                float[] scores = task == "multiclass" ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)] : [.. scored.GetColumn<float>("Score")];
                Assert.IsTrue(scores.All(float.IsFinite), $"seed {seed}: {string.Join(", ", scores.Where(s => !float.IsFinite(s)).Distinct())}");
                if (task == "binary")
                    Assert.IsTrue(scored.GetColumn<float>("Probability").All(p => p is >= 0 and <= 1), $"seed {seed}");
                trained++;
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException and not ArgumentNullException)
            {
                Assert.IsTrue(e.Message.Length > 20 && e.Message.Contains(' ', StringComparison.Ordinal), $"seed {seed}: {e}");
            }
        }
        Assert.IsGreaterThan(75, trained);
    }

    private static IDataView Table(MLContext context, Random random, int rows, int width)
    {
        float Value() => random.Next(20) == 0 ? _odd[random.Next(_odd.Length)] : (float)Math.Round(10 * (random.NextDouble() - 0.5), 2);
        bool constant = random.Next(6) == 0;
        var schema = SchemaDefinition.Create(typeof(Line));
        schema[nameof(Line.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        Line[] lines = [.. Enumerable.Range(0, rows).Select(_ => new Line
        {
            Features = [.. Enumerable.Range(0, width).Select(k => constant && k == 0 ? 7 : Value())],
            Number = constant ? 3 : Value(),
            Truth = random.Next(3) == 0,
            Name = $"{random.Next(random.Next(1, 6))}",
            Weight = Math.Abs(random.Next(10) == 0 ? _odd[random.Next(_odd.Length)] : random.NextSingle()),
        })];
        IDataView data = context.Data.LoadFromEnumerable(lines, schema);
        return context.Transforms.Conversion.MapValueToKey("Kind", "Name").Fit(data).Transform(data);
    }

    private static ITransformer Fit(MLContext context, Random random, string task, IDataView data)
    {
        void Set(OnePassSgdOptions options)
        {
            options.HiddenLayers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(1, 20))];
            options.Activation = (Activation)random.Next(4);
            options.BatchSize = random.Next(2) == 0 ? null : random.Next(1, 40);
            options.Steps = random.Next(1, 60);
            options.ValidationFraction = (1 + random.Next(9)) / 10.0;
            options.InitialLearningRate = Math.Pow(10, -random.Next(9));
            options.InitialMomentum = (1 + random.Next(98)) / 100.0;
            options.TuningInterval = random.Next(6, 15);
            options.Standardize = random.Next(4) > 0;
            options.RetrainOnAll = random.Next(4) == 0;
            options.ExampleWeightColumnName = random.Next(3) == 0 ? "Weight" : null;
            options.Method = HypergradientMethods.Create(new[] { "neumann", "augmented-neumann", "extrapolated", "unrolled", "forward", "hypergradient-descent" }[random.Next(6)]);
            options.NumberOfThreads = random.Next(1, 3);
        }
        switch (task)
        {
            case "regression":
                var regression = new OnePassSgdRegressionTrainer.Options { LabelColumnName = "Number" };
                Set(regression);
                return context.Regression.Trainers.OnePassSgd(regression).Fit(data);
            case "binary":
                var binary = new OnePassSgdBinaryTrainer.Options { LabelColumnName = "Truth" };
                Set(binary);
                return context.BinaryClassification.Trainers.OnePassSgd(binary).Fit(data);
            default:
                var multiclass = new OnePassSgdMulticlassTrainer.Options { LabelColumnName = "Kind" };
                Set(multiclass);
                return context.MulticlassClassification.Trainers.OnePassSgd(multiclass).Fit(data);
        }
    }

    private sealed class Line
    {
        public float[] Features { get; set; } = [];

        public float Number { get; set; }

        public bool Truth { get; set; }

        public string Name { get; set; } = "";

        public float Weight { get; set; }
    }
}
