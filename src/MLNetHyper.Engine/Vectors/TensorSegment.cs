namespace MLNetHyper.Engine;

/// <summary>One weight tensor's place in the flat vector.</summary>
/// <param name="Name">Its name, in PyTorch's manner: <c>layers.0.weight</c>.</param>
/// <param name="Start">Index of its first element.</param>
/// <param name="Length">Its number of elements.</param>
/// <param name="FanIn">Number of inputs of the unit that it belongs to.</param>
public readonly record struct TensorSegment(string Name, int Start, int Length, int FanIn);
