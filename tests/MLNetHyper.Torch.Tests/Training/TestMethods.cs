namespace MLNetHyper.Torch.Tests;

/// <summary>Methods by name, with rates at which small networks do not diverge, and damping without which conjugate gradients multiply rounding errors.</summary>
internal static class TestMethods
{
    internal static HypergradientMethod Create(string name) => name switch
    {
        "hypergradient-descent-additive" => new HypergradientDescent(HypergradientDescentForm.Additive, 1e-6),
        "hypergradient-descent-log" => new HypergradientDescent(HypergradientDescentForm.LogAdditive, 1e-4),
        "implicit-cg" => new ImplicitDifferentiation(new ConjugateGradientInverse(5, damping: 0.5)),
        _ => HypergradientMethods.Create(name),
    };
}
