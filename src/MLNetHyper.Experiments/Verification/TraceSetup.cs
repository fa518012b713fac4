using System.Globalization;

namespace MLNetHyper.Experiments;

/// <summary>The run that a reference trace records: its data, network, batches and method, as its header and file name them.</summary>
internal sealed class TraceSetup
{
    private const string ClassesSuffix = "-classes";
    private const int ClassesBatchSize = 50;
    private const int Classes = 3;

    private TraceSetup(ReferenceTrace trace, ReferenceDataset dataset, string dataFolder)
    {
        bool classes = trace.Dataset.EndsWith(ClassesSuffix, StringComparison.Ordinal);
        Table table = CsvTable.Load(Path.Combine(dataFolder, dataset.FileName));
        PreparedData<double> data = DataPreparation.Prepare<double>(table, dataset.Options);
        Examples<double> Part(Examples<double> part, IReadOnlyList<int> rows) => classes ? WithClasses(part, rows, table["y"].Numbers) : part;
        Examples<double> train = Part(data.Train, data.TrainRows), validation = Part(data.Validation, data.ValidationRows);
        Test = Part(data.Test!, data.TestRows);
        if (trace.LayerWidths[0] != train.FeatureCount)
            throw new FormatException($"the network has {trace.LayerWidths[0]} inputs, but the data set '{trace.Dataset}' has {train.FeatureCount} features.");
        if (trace.LayerWidths[^1] != (classes ? Classes : 1))
            throw new FormatException($"the network has {trace.LayerWidths[^1]} outputs, but the data set '{trace.Dataset}' needs {(classes ? Classes : 1)}.");

        Options = Configure(trace);
        // Methods that need no validation train on its rows too.
        HasValidation = Options.Method.UsesValidation;
        Training = HasValidation ? train : train.Join(validation);
        ValidationExamples = HasValidation ? validation : Training;
        BatchSize = classes ? ClassesBatchSize : int.MaxValue;
        double scale = data.Target.Standardization.Scales[0];
        TestScale = classes ? double.NaN : scale * scale;
        Architecture = new(trace.LayerWidths[0], trace.LayerWidths[1..^1], trace.LayerWidths[^1],
            classes ? Activation.Tanh : Activation.Relu, classes ? Loss.SoftmaxCrossEntropy : Loss.SquaredError);
    }

    internal Architecture Architecture { get; }

    internal Examples<double> Training { get; }

    internal Examples<double> ValidationExamples { get; }

    internal Examples<double> Test { get; }

    internal bool HasValidation { get; }

    internal int BatchSize { get; }

    /// <summary>From the normalized test loss to that in the label's units; NaN for classes.</summary>
    internal double TestScale { get; }

    internal LoopOptions Options { get; }

    internal static TraceSetup Create(ReferenceTrace trace, string path, string dataFolder)
    {
        string name = trace.Dataset;
        bool classes = name == ReferenceDataset.Energy.Name + ClassesSuffix;
        ReferenceDataset dataset = ReferenceDataset.All.FirstOrDefault(d => d.Name == (classes ? ReferenceDataset.Energy.Name : name))
            ?? throw new DataFormatException($"the data set '{name}' is not known. Traces can be of {string.Join(", ", ReferenceDataset.All.Select(d => d.Name))} or energy-classes.", path);
        try
        {
            return new TraceSetup(trace, dataset, dataFolder);
        }
        catch (FormatException e)
        {
            throw new DataFormatException(e.Message, path, innerException: e);
        }
    }

    private static LoopOptions Configure(ReferenceTrace trace)
    {
        (HypergradientMethod method, string[] tuned, bool perWeight) = ParseAlgorithm(trace.Algorithm);
        bool baydin = method.MovesHyperparameters && !method.UsesValidation;
        SgdUpdate rule = new();
        Hyperparameter Configured(Hyperparameter h, string field) => h with
        {
            Initial = h.Transform.ToReal(trace.InitialRaw[field]),
            Tuned = tuned.Contains(h.Name),
            Granularity = perWeight && h.Name == Hyperparameter.LearningRate ? Granularity.PerWeight : Granularity.Scalar,
            // The reference clamps the raw learning rate only.
            Lower = h.Name == Hyperparameter.LearningRate ? -10 : double.MinValue,
            Upper = h.Name == Hyperparameter.LearningRate ? 0 : double.MaxValue,
        };
        return new LoopOptions
        {
            Rule = rule,
            Hyperparameters =
            [
                Configured(rule.Hyperparameters[0], "log10_learning_rate"),
                Configured(rule.Hyperparameters[1], "log10_weight_decay"),
                Configured(rule.Hyperparameters[2], "logit_momentum"),
            ],
            Method = method,
            MetaOptimizer = new AdamMetaOptimizer(0.05, 0.9, 0.999),
            TuningInterval = baydin ? 10 : trace.Interval,
            // One step more than the trace has: its last line holds the losses after the last step.
            Steps = trace.Steps.Count,
            Guard = false,
            ValidatesByStep = true,
            InitialWeights = trace.InitialWeights,
        };
    }

    private static (HypergradientMethod Method, string[] Tuned, bool PerWeight) ParseAlgorithm(string algorithm)
    {
        if (algorithm == "fixed")
            return (new Fixed(), [], false);
        if (algorithm.StartsWith("hypergradient-descent", StringComparison.Ordinal))
            return (new HypergradientDescent(HypergradientDescentForm.LogAdditive, 1e-3) { WithinOneBatch = true }, [Hyperparameter.LearningRate], false);
        // Names are words joined by dashes: the method, its look-back distance, 'per-parameter', then what is tuned.
        string rest = algorithm.Replace("weight-decay", "wd", StringComparison.Ordinal).Replace("per-parameter", "hd", StringComparison.Ordinal);
        List<string> words = [.. rest.Split('-')];
        string name = words[0];
        words.RemoveAt(0);
        int lookBack = 5;
        if (words.Count > 0 && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given > 0)
        {
            lookBack = given;
            words.RemoveAt(0);
        }
        bool perWeight = words.Remove("hd");
        HypergradientMethod method = name switch
        {
            "neumann" => new Neumann(lookBack),
            "unrolled" => new Unrolled(lookBack),
            _ => throw new FormatException($"the algorithm '{algorithm}' is not known. It can be fixed, hypergradient-descent, or neumann or unrolled-K followed by what is tuned (lr, wd, momentum)."),
        };
        string[] known = [Hyperparameter.LearningRate, Hyperparameter.WeightDecay, Hyperparameter.Momentum];
        if (words.Count == 0 || words.Except(known).Any())
            throw new FormatException($"the algorithm '{algorithm}' names no or unknown hyperparameters. They can be lr, wd (weight-decay) and momentum.");
        return (method, [.. words], perWeight);
    }

    /// <summary>The classification problem of the traces: heating loads below 15, below 25, and the rest.</summary>
    private static Examples<double> WithClasses(Examples<double> part, IReadOnlyList<int> rows, ReadOnlySpan<double> labels)
    {
        double[] classes = new double[part.Count];
        for (int i = 0; i < classes.Length; i++)
            classes[i] = labels[rows[i]] < 15 ? 0 : labels[rows[i]] < 25 ? 1 : 2;
        return new(part.Features, part.FeatureCount, classes);
    }
}
