using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>Losses of blocks of outputs (one row per output, one column per example) and their derivatives.</summary>
internal static unsafe class LossKernels<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // e⁻⁶⁰ is nothing beside 1, but residuals much smaller become denormal numbers on their way back through the layers, and those cost
    // ten times the time.
    private const double LeastExponent = -60;

    /// <summary>
    /// The weighted sum of the losses. Outputs become predictions (probabilities for logistic and softmax) and
    /// <paramref name="delta"/>, unless null, the weighted derivative by the output.
    /// </summary>
    /// <remarks>
    /// With label smoothing ε the target of each of K classes, 0 or 1, is drawn towards their mean: <c>(1-ε)·y + ε/K</c> (Szegedy et al. 2016, section 7). A single logit
    /// stands for two classes; squared errors are as they are.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static double Evaluate(Loss loss, int outputs, int columns, T* z, nint row, T* targets, T* weights, T smoothing, T* delta)
    {
        V sum = L.Zero, kept = L.Create(T.One - smoothing), spread = L.Create(smoothing / T.CreateChecked(Math.Max(outputs, 2)));
        for (nint i = 0; i < columns; i += L.Count)
        {
            V y = L.Load(targets + i), weight = L.Load(weights + i);
            T* d = delta == null ? null : delta + i;
            V value = loss switch
            {
                Loss.SquaredError => SquaredError(z + i, y, weight, d),
                Loss.Logistic => Logistic(z + i, L.MultiplyAdd(kept, y, spread), weight, d),
                _ => Softmax(outputs, z + i, row, y, weight, kept, spread, d),
            };
            sum = L.MultiplyAdd(weight, value, sum);
        }
        return double.CreateChecked(L.Sum(sum));
    }

    /// <summary>The weighted derivative of a loss's derivatives by its outputs, by the share ε of label smoothing: <c>y - 1/K</c> for each class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void SmoothingTangent(Loss loss, int outputs, int columns, T* targets, T* weights, T* tangent, nint row)
    {
        V mean = L.Create(T.One / T.CreateChecked(Math.Max(outputs, 2)));
        for (nint i = 0; i < columns; i += L.Count)
        {
            V y = L.Load(targets + i), weight = L.Load(weights + i);
            for (int c = 0; c < outputs; c++)
            {
                V hit = loss == Loss.Logistic ? y : L.WhereEqual(y, L.Create(T.CreateChecked(c)), L.Create(T.One));
                L.Store(L.Multiply(weight, L.Subtract(hit, mean)), tangent + (c * row) + i);
            }
        }
    }

    /// <summary><c>δ ← weight · H_out · tangent</c>, where H_out is the loss's second derivative by the outputs. In place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Curvature(Loss loss, int outputs, int columns, T* predictions, nint row, T* weights, T* tangent, nint tangentRow)
    {
        V two = L.Create(T.CreateChecked(2)), one = L.Create(T.One);
        for (nint i = 0; i < columns; i += L.Count)
        {
            V weight = L.Load(weights + i);
            T* t = tangent + i;
            T* p = predictions + i;
            switch (loss)
            {
                case Loss.SquaredError:
                    L.Store(L.Multiply(L.Multiply(two, weight), L.Load(t)), t);
                    break;
                case Loss.Logistic:
                    V probability = L.Load(p);
                    V variance = L.Multiply(probability, L.Subtract(one, probability));
                    L.Store(L.Multiply(L.Multiply(weight, variance), L.Load(t)), t);
                    break;
                default:
                    V mean = L.Zero;
                    for (int c = 0; c < outputs; c++)
                        mean = L.MultiplyAdd(L.Load(p + (c * row)), L.Load(t + (c * tangentRow)), mean);
                    for (int c = 0; c < outputs; c++)
                    {
                        V centered = L.Subtract(L.Load(t + (c * tangentRow)), mean);
                        L.Store(L.Multiply(L.Multiply(weight, L.Load(p + (c * row))), centered), t + (c * tangentRow));
                    }
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V SquaredError(T* z, V y, V weight, T* delta)
    {
        V error = L.Subtract(L.Load(z), y);
        if (delta != null)
            L.Store(L.Multiply(L.Add(weight, weight), error), delta);
        return L.Multiply(error, error);
    }

    // log(1+e^z) - yz, with the exponential of -|z| only, so that nothing overflows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Logistic(T* z, V y, V weight, T* delta)
    {
        V x = L.Load(z), one = L.Create(T.One);
        V e = L.Exp(L.Max(L.Create(T.CreateChecked(LeastExponent)), L.Subtract(L.Zero, L.Abs(x))));
        V smaller = L.Divide(e, L.Add(one, e));
        // The probability is 1 - smaller for positive logits and smaller for the others.
        V probability = L.Add(smaller, L.WherePositive(x, L.Subtract(one, L.Add(smaller, smaller))));
        L.Store(probability, z);
        if (delta != null)
            L.Store(L.Multiply(weight, L.Subtract(probability, y)), delta);
        return L.Add(L.Subtract(L.Max(L.Zero, x), L.Multiply(x, y)), L.Log(L.Add(one, e)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static V Softmax(int outputs, T* z, nint row, V y, V weight, V kept, V spread, T* delta)
    {
        V largest = L.Load(z);
        for (int c = 1; c < outputs; c++)
            largest = L.Max(largest, L.Load(z + (c * row)));
        V total = L.Zero, chosen = L.Zero, others = L.Zero, least = L.Create(T.CreateChecked(LeastExponent));
        for (int c = 0; c < outputs; c++)
        {
            V shifted = L.Subtract(L.Load(z + (c * row)), largest);
            chosen = L.Add(chosen, L.WhereEqual(y, L.Create(T.CreateChecked(c)), shifted));
            others = L.Add(others, shifted);
            V e = L.Exp(L.Max(least, shifted));
            total = L.Add(total, e);
            L.Store(e, z + (c * row));
        }
        V scale = L.Divide(L.Create(T.One), total);
        for (int c = 0; c < outputs; c++)
        {
            V p = L.Multiply(L.Load(z + (c * row)), scale);
            L.Store(p, z + (c * row));
            if (delta != null)
            {
                V hit = L.Add(spread, L.WhereEqual(y, L.Create(T.CreateChecked(c)), kept));
                L.Store(L.Multiply(weight, L.Subtract(p, hit)), delta + (c * row));
            }
        }
        return L.Subtract(L.Log(total), L.MultiplyAdd(kept, chosen, L.Multiply(spread, others)));
    }
}
