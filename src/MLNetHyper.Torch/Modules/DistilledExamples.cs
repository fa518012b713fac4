using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Training examples that are themselves learned: their inputs are hyperparameters, which the validation loss teaches, so that a few of them train a module nearly as
/// well as the many that validate (Wang et al. 2018; Lorraine et al. 2020). Train on the first inputs and their targets, and validate on the real examples.
/// </summary>
/// <remarks>Targets stay as they are. The first inputs have to be the training inputs, in their order.</remarks>
public sealed class DistilledExamples : ModuleRegularizer
{
    /// <summary>The name of the hyperparameter.</summary>
    public const string Name = "inputs";

    private readonly long[] _shape;

    /// <summary>Examples that start somewhere: real ones, or noise.</summary>
    /// <param name="inputs">Where they start; the first dimension counts them. Read at once.</param>
    /// <param name="lower">The least value of an input.</param>
    /// <param name="upper">The greatest.</param>
    public DistilledExamples(Tensor inputs, double lower, double upper)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        using DisposeScope scope = NewDisposeScope();
        _shape = [.. inputs.shape];
        double[] start = inputs.detach().to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        Hyperparameters = [new(Name, Transform.Identity, start.Average(), lower, upper) { Count = start.Length, InitialValues = start, Tuned = true }];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; }

    /// <summary>The inputs as learned, in the shape of the first ones, in single precision on the CPU. The caller disposes of them.</summary>
    /// <param name="result">A training's result with this regularizer.</param>
    public Tensor Inputs(TorchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return tensor([.. result.RegularizerValues[Name].Select(value => (float)value)], _shape);
    }

    /// <inheritdoc/>
    public override Tensor Output(nn.Module<Tensor, Tensor> network, TorchBatch batch, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(values);
        return network.call(values[0].view(_shape).index_select(0, RowsOf(batch)));
    }
}
