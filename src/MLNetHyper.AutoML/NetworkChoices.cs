using System.Globalization;
using Microsoft.ML.SearchSpace;
using Microsoft.ML.SearchSpace.Option;
using MLNetHyper.Engine;
using SearchSpace = Microsoft.ML.SearchSpace.SearchSpace;

namespace MLNetHyper.AutoML;

/// <summary>The discrete choices that AutoML makes for a network: its shape, its activation and its batches.</summary>
/// <remarks>The continuous hyperparameters of <c>OnePassSgd</c> are not among them: they tune themselves.</remarks>
public sealed record NetworkChoices
{
    private const string Layers = "HiddenLayers";
    private const string Batch = "BatchSize";

    /// <summary>Units of the hidden layers to choose from; an empty list is a linear model. Default: [50], [100], [200], [50, 50] and [100, 100]; the first is tried first.</summary>
    public IReadOnlyList<IReadOnlyList<int>> HiddenLayers { get; init; } = [[50], [100], [200], [50, 50], [100, 100]];

    /// <summary>The activations to choose from. Default: ReLU, tanh and GELU; the first is tried first.</summary>
    public IReadOnlyList<Activation> Activations { get; init; } = [Activation.Relu, Activation.Tanh, Activation.Gelu];

    /// <summary>The batch sizes to choose from; null is the trainer's default. Default: null, 64 and 512; the first is tried first.</summary>
    public IReadOnlyList<int?> BatchSizes { get; init; } = [null, 64, 512];

    internal void AddTo(SearchSpace space)
    {
        space.Add(Layers, Choice(HiddenLayers.Select(Text), nameof(HiddenLayers)));
        space.Add(nameof(Activation), Choice(Activations.Select(a => a.ToString()), nameof(Activations)));
        space.Add(Batch, Choice(BatchSizes.Select(b => b?.ToString(CultureInfo.InvariantCulture) ?? ""), nameof(BatchSizes)));
    }

    internal static void Set(NetworkTrainerOptions options, Parameter parameter)
    {
        options.HiddenLayers = [.. parameter[Layers].AsType<string>().Split('-', StringSplitOptions.RemoveEmptyEntries).Select(units => int.Parse(units, CultureInfo.InvariantCulture))];
        options.Activation = Enum.Parse<Activation>(parameter[nameof(Activation)].AsType<string>());
        options.BatchSize = parameter[Batch].AsType<string>() is { Length: > 0 } batch ? int.Parse(batch, CultureInfo.InvariantCulture) : null;
    }

    private static string Text(IReadOnlyList<int> layers) => string.Join('-', layers);

    // AutoML's tuners walk from the default in small steps of either sign: in the middle it has neighbors on both sides.
    private static ChoiceOption Choice(IEnumerable<string> choices, string name)
    {
        string[] distinct = [.. choices.Distinct()];
        if (distinct.Length == 0)
            throw new ArgumentException("There must be at least one to choose.", name);
        int middle = (distinct.Length - 1) / 2;
        object[] ordered = [.. distinct[1..(middle + 1)], distinct[0], .. distinct[(middle + 1)..]];
        return new(ordered, distinct[0]);
    }
}
