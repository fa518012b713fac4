using System.Numerics;
using System.Runtime.CompilerServices;

namespace MLNetHyper.Engine;

/// <summary>
/// Activations and their derivatives on blocks of rows. A rectifier's derivative is read off its value; the smooth activations store
/// derivative and second derivative when they are evaluated, because both come almost free with the value.
/// </summary>
internal static unsafe class ActivationKernels<L, V, T>
    where L : struct, ILanes<V, T> where V : struct where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Whether the activation stores its derivative and second derivative.</summary>
    internal static bool IsSmooth(Activation activation) => activation is Activation.Tanh or Activation.Gelu;

    /// <summary>
    /// <c>z ← f(z)</c> on <paramref name="length"/> elements, a whole number of vectors; <c>f'</c> and <c>f''</c> are stored
    /// beside it for smooth activations unless <paramref name="derivative"/> is null.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Apply(Activation activation, T* z, T* derivative, T* secondDerivative, nint length)
    {
        nint w = L.Count;
        switch (activation)
        {
            case Activation.Relu:
                for (nint i = 0; i < length; i += w)
                    L.Store(L.Max(L.Zero, L.Load(z + i)), z + i);
                break;
            case Activation.Tanh:
                for (nint i = 0; i < length; i += w)
                {
                    V t = Tanh(L.Load(z + i));
                    L.Store(t, z + i);
                    if (derivative != null)
                    {
                        V s = L.Subtract(L.Create(T.One), L.Multiply(t, t));
                        L.Store(s, derivative + i);
                        L.Store(L.Multiply(L.Multiply(L.Create(T.CreateChecked(-2)), t), s), secondDerivative + i);
                    }
                }
                break;
            case Activation.Gelu:
                for (nint i = 0; i < length; i += w)
                    Gelu(z + i, derivative == null ? null : derivative + i, secondDerivative + i);
                break;
        }
    }

    /// <summary>
    /// <c>δ ← f'∘δ</c>, the step from an activation back to its input. For smooth activations <paramref name="secondDerivative"/> becomes
    /// <c>f''∘δ</c>, the weight of the tangent in the second derivative.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Backward(Activation activation, T* delta, T* value, T* derivative, T* secondDerivative, nint length)
    {
        nint w = L.Count;
        if (activation == Activation.Relu)
        {
            for (nint i = 0; i < length; i += w)
                L.Store(L.WherePositive(L.Load(value + i), L.Load(delta + i)), delta + i);
        }
        else if (IsSmooth(activation))
        {
            for (nint i = 0; i < length; i += w)
            {
                V d = L.Load(delta + i);
                L.Store(L.Multiply(d, L.Load(secondDerivative + i)), secondDerivative + i);
                L.Store(L.Multiply(d, L.Load(derivative + i)), delta + i);
            }
        }
    }

    /// <summary><c>tangent ← f'∘tangent</c>. The old tangent is kept in <paramref name="input"/> for smooth activations.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Tangent(Activation activation, T* tangent, T* input, T* value, T* derivative, nint length)
    {
        nint w = L.Count;
        if (activation == Activation.Relu)
        {
            for (nint i = 0; i < length; i += w)
                L.Store(L.WherePositive(L.Load(value + i), L.Load(tangent + i)), tangent + i);
        }
        else if (IsSmooth(activation))
        {
            for (nint i = 0; i < length; i += w)
            {
                V t = L.Load(tangent + i);
                L.Store(t, input + i);
                L.Store(L.Multiply(t, L.Load(derivative + i)), tangent + i);
            }
        }
    }

    /// <summary><c>δ ← f'∘δ + secondDerivative∘input</c>; without the second term where <paramref name="secondDerivative"/> is null or f is not smooth.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void TangentBackward(Activation activation, T* delta, T* input, T* value, T* derivative, T* secondDerivative, nint length)
    {
        nint w = L.Count;
        if (activation == Activation.Relu)
        {
            for (nint i = 0; i < length; i += w)
                L.Store(L.WherePositive(L.Load(value + i), L.Load(delta + i)), delta + i);
        }
        else if (IsSmooth(activation))
        {
            for (nint i = 0; i < length; i += w)
            {
                V d = L.Multiply(L.Load(delta + i), L.Load(derivative + i));
                if (secondDerivative != null)
                    d = L.MultiplyAdd(L.Load(secondDerivative + i), L.Load(input + i), d);
                L.Store(d, delta + i);
            }
        }
    }

    // Exact at both ends, where the exponential is too large or too small to matter beside one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tanh(V x)
    {
        V one = L.Create(T.One);
        return L.Subtract(one, L.Divide(L.Create(T.CreateChecked(2)), L.Add(L.Exp(L.Add(x, x)), one)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gelu(T* value, T* derivative, T* secondDerivative)
    {
        V one = L.Create(T.One), half = L.Create(T.CreateChecked(0.5));
        V c = L.Create(T.CreateChecked(0.79788456080286535588)), cubic = L.Create(T.CreateChecked(0.044715 * 0.79788456080286535588));
        V z = L.Load(value);
        // Beyond 10 the tanh is ±1 to the last bit; clamping keeps its cubic argument finite.
        V x = L.Max(L.Create(T.CreateChecked(-10)), L.Min(L.Create(T.CreateChecked(10)), z));
        V xx = L.Multiply(x, x);
        V t = Tanh(L.Multiply(x, L.MultiplyAdd(cubic, xx, c)));
        V gate = L.Multiply(half, L.Add(one, t));
        L.Store(L.Multiply(z, gate), value);
        if (derivative == null)
            return;
        V sech2 = L.Subtract(one, L.Multiply(t, t));
        V first = L.MultiplyAdd(L.Multiply(cubic, L.Create(T.CreateChecked(3))), xx, c);
        V second = L.Multiply(L.Multiply(cubic, L.Create(T.CreateChecked(6))), x);
        V halfX = L.Multiply(half, x);
        L.Store(L.MultiplyAdd(halfX, L.Multiply(sech2, first), gate), derivative);
        // (1-t²)·(u' + ½x·(u'' - 2t·u'²))
        V inner = L.Subtract(second, L.Multiply(L.Multiply(L.Add(t, t), first), first));
        L.Store(L.Multiply(sech2, L.MultiplyAdd(halfX, inner, first)), secondDerivative);
    }
}
