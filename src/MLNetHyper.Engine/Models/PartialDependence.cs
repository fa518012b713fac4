namespace MLNetHyper.Engine;

/// <summary>What a model predicts on average where a column has one value in all rows, value by value.</summary>
/// <remarks>Partial dependence (Friedman 2001, "Greedy function approximation", section 8.2). Where columns go together it also asks for rows that never occur.</remarks>
/// <param name="Column">The column.</param>
/// <param name="Numbers">The values of a column of numbers, ascending; empty for texts.</param>
/// <param name="Texts">The values as they are written.</param>
/// <param name="Outputs">What is predicted: the label, or the classes whose probabilities are given: of two the second, otherwise all.</param>
/// <param name="Means">The mean prediction for each value, of each output: <c>Means[value][output]</c>.</param>
public sealed record PartialDependence(string Column, IReadOnlyList<double> Numbers, IReadOnlyList<string> Texts, IReadOnlyList<string> Outputs, IReadOnlyList<IReadOnlyList<double>> Means);
