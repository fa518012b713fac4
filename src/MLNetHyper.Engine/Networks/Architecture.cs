namespace MLNetHyper.Engine;

/// <summary>A multilayer perceptron's shape.</summary>
/// <param name="Inputs">Number of features, at least 1.</param>
/// <param name="Hidden">Units of every hidden layer; empty for a linear, logistic or softmax model.</param>
/// <param name="Outputs">Number of outputs: 1 for regression and binary classification, the number of classes otherwise.</param>
/// <param name="Activation">The hidden layers' activation.</param>
/// <param name="Loss">The loss of an output.</param>
public sealed record Architecture(int Inputs, IReadOnlyList<int> Hidden, int Outputs, Activation Activation, Loss Loss);

/// <summary>An elementwise function between layers.</summary>
public enum Activation
{
    /// <summary><c>max(0, x)</c>; its second derivative is taken as zero everywhere.</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,

    /// <summary><c>x·Φ(x)</c> in its tanh form: <c>½x(1+tanh(√(2/π)(x+0.044715x³)))</c>.</summary>
    Gelu,

    /// <summary>No activation.</summary>
    Identity,
}

/// <summary>What is minimized, as a mean over the batch weighted by the examples' weights.</summary>
public enum Loss
{
    /// <summary><c>(z-y)²</c>, without a factor ½.</summary>
    SquaredError,

    /// <summary>Logistic loss of one logit; the target is 0 or 1.</summary>
    Logistic,

    /// <summary>Cross-entropy of a softmax over all outputs; the target is a class index from 0.</summary>
    SoftmaxCrossEntropy,
}
