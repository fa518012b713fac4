using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>Activations with their first and second derivatives, as the managed engine defines them.</summary>
internal static class TorchActivation
{
    private const double Root = 0.79788456080286535588, Cubic = 0.044715;

    /// <summary>σ(z). May overwrite <paramref name="z"/> but where <see cref="NeedsInput"/>.</summary>
    internal static Tensor Value(Activation activation, Tensor z) => activation switch
    {
        Activation.Relu => z.relu_(),
        Activation.Tanh => z.tanh_(),
        Activation.Gelu => Inner(z).tanh_().Plus(1).mul_(z).Times(0.5),
        _ => z,
    };

    /// <summary>Whether derivatives come from z instead of σ(z).</summary>
    internal static bool NeedsInput(Activation activation) => activation == Activation.Gelu;

    /// <summary>σ'(z), or null where it is 1.</summary>
    /// <param name="activation">σ.</param>
    /// <param name="a">σ(z), or z where that is needed.</param>
    internal static Tensor? Derivative(Activation activation, Tensor a)
    {
        switch (activation)
        {
            case Activation.Relu:
                // Values are not negative, so their sign is the derivative.
                return a.sign();
            case Activation.Tanh:
                return a.Squared().neg_().Plus(1);
            case Activation.Gelu:
                Tensor t = Inner(a).tanh_();
                return t.Squared().neg_().Plus(1).mul_(InnerSlope(a)).mul_(a).Plus(t).Plus(1).Times(0.5);
            default:
                return null;
        }
    }

    /// <summary>σ''(z), or null where it is 0 (for the rectifier, taken as 0 everywhere).</summary>
    internal static Tensor? SecondDerivative(Activation activation, Tensor a)
    {
        switch (activation)
        {
            case Activation.Tanh:
                return a.Squared().Plus(-1).mul_(a).Times(2);
            case Activation.Gelu:
                Tensor t = Inner(a).tanh_(), derivative = InnerSlope(a);
                // With u the inner polynomial: (1-t²)(u' + ½z(u'' - 2t u'²)).
                Tensor rest = a.clone().Times(6 * Root * Cubic).sub_(t.clone().Times(2).mul_(derivative.Squared())).mul_(a).Times(0.5).Plus(derivative);
                return t.Squared().neg_().Plus(1).mul_(rest);
            default:
                return null;
        }
    }

    // √(2/π)(z + 0.044715z³) and its derivative.
    private static Tensor Inner(Tensor z) => z.Squared().Times(Cubic).Plus(1).mul_(z).Times(Root);

    private static Tensor InnerSlope(Tensor z) => z.Squared().Times(3 * Cubic).Plus(1).Times(Root);
}
