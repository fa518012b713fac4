namespace MLNetHyper.Engine;

/// <summary>One layer of a trained network: <c>output = activation(Weights · input + Biases)</c>.</summary>
/// <param name="Inputs">Number of inputs.</param>
/// <param name="Units">Number of outputs.</param>
/// <param name="Weights">Row-major, <c>Units × Inputs</c>.</param>
/// <param name="Biases">One for each unit.</param>
public sealed record DenseLayer(int Inputs, int Units, IReadOnlyList<double> Weights, IReadOnlyList<double> Biases);
