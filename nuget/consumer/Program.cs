using MLNetHyper.Engine;

// The pack verb compares this output with what it expects; change both together.
var vector = new DenseVector<float>(3);
Console.WriteLine($"DenseVector of length {vector.Length}");
