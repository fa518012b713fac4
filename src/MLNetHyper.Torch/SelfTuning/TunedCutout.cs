using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>
/// Cutout (DeVries and Taylor 2017): square holes of zeros in images, whose number and side length are tuned, both discrete: whole parts of numbers that are not. Centers are drawn anywhere in the
/// image, so that holes may be cut off by its border. For inputs of examples × channels × height × width.
/// </summary>
/// <param name="name">The hyperparameters' names begin with it: <c>cutout-holes</c> and <c>cutout-length</c>.</param>
/// <param name="holes">The number of holes to start from, above 0, of which the whole part counts. Default 1.5.</param>
/// <param name="mostHoles">The greatest number of holes, at least 1. Default 3.</param>
/// <param name="length">The side's length in pixels to start from, above 0, of which the whole part counts. Default 4.5.</param>
/// <param name="greatestLength">The greatest length, at least 1. Default 16.</param>
public sealed class TunedCutout(string name = "cutout", double holes = 1.5, int mostHoles = 3, double length = 4.5, int greatestLength = 16) : TunedRegularizer
{
    // The whole part of what stays below one more reaches the greatest.
    private readonly int _mostHoles = mostHoles >= 1 ? mostHoles : throw new ArgumentOutOfRangeException(nameof(mostHoles), mostHoles, "Give at least 1 hole.");

    /// <inheritdoc/>
    public override IReadOnlyList<Hyperparameter> Hyperparameters { get; } = [Between0And($"{name}-holes", holes, mostHoles + 1), Between0And($"{name}-length", length, greatestLength + 1)];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor input, IReadOnlyList<Tensor> values)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(values);
        if (input.dim() != 4)
            throw new InvalidOperationException($"Cutout needs images, examples × channels × height × width, but the input has the shape [{string.Join(", ", input.shape)}].");
        Tensor count = values[0].floor().unsqueeze(1), side = values[1].floor().unsqueeze(1);
        Tensor kept = ones(input.shape[0], input.shape[2], input.shape[3], dtype: ScalarType.Bool, device: input.device);
        for (int hole = 0; hole < _mostHoles; hole++)
        {
            // Drawn whether or not it is cut, so that what is drawn after it does not depend on how many there are.
            Tensor rows = Within(input.shape[2], side), columns = Within(input.shape[3], side);
            Tensor isCut = count.gt(TransformedTensor.Constant(hole, count)).unsqueeze(2);
            kept = kept.logical_and(rows.unsqueeze(2).logical_and(columns.unsqueeze(1)).logical_and(isCut).logical_not());
        }
        return input.mul(kept.unsqueeze(1).to_type(input.dtype));
    }

    /// <summary>Which pixels of a line each example's hole covers.</summary>
    private static Tensor Within(long pixels, Tensor side)
    {
        Tensor center = rand(side.shape[0], 1, dtype: side.dtype, device: side.device).mul(TransformedTensor.Constant(pixels, side)).floor();
        Tensor first = center.sub(side.div(TransformedTensor.Constant(2, side)).floor());
        Tensor line = arange(pixels, dtype: side.dtype, device: side.device).unsqueeze(0);
        return line.ge(first).logical_and(line.lt(first.Sum(side)));
    }
}
