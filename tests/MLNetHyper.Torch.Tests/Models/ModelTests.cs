using TorchSharp.Modules;

namespace MLNetHyper.Torch.Tests;

/// <summary>The published models: their size, their beginnings, their derivatives.</summary>
[TestClass]
public sealed class ModelTests
{
    [TestMethod]
    [DataRow(true, 8)]
    [DataRow(false, 16)]
    public void Residual_network_is_differentiated_twice(bool smallImages, int side)
    {
        using var objective = new TorchObjective(() => new ResNet18(classes: 3, channels: 2, width: 2, smallImages), (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        using Tensor x = tensor(Finite.Random(5 * 2 * side * side, 1), [5, 2, side, side], dtype: ScalarType.Float64), y = tensor((long[])[0, 1, 2, 0, 1]);
        Finite.Check(objective, new TorchBatch(x, y, 5, 0, isForTraining: true), 1e-5, step: 1e-7);
    }

    [TestMethod]
    [DataRow(0.0, 0.1)]
    [DataRow(0.3, null)]
    public void Language_model_is_differentiated_twice(double dropout, double? initialRange)
    {
        using var objective = new TorchObjective(() => new LstmLanguageModel(7, 3, 2, dropout, initialRange), (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        Finite.Check(objective, Words(), 1e-6);
    }

    [TestMethod]
    public void Fused_language_model_is_the_same_function()
    {
        using var objective = new TorchObjective(products => new LstmLanguageModel(7, 3, fused: !products), (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        Finite.Check(objective, Words(), 1e-6);
    }

    [TestMethod]
    [DataRow(true, 11_173_962)]
    [DataRow(false, 11_181_642)]
    public void Residual_network_is_that_of_torchvision(bool smallImages, int weights)
    {
        using var network = new ResNet18(smallImages: smallImages);
        (string name, Parameter parameter)[] parameters = [.. network.named_parameters()];
        Assert.HasCount(62, parameters);
        Assert.AreEqual(weights, parameters.Sum(p => p.parameter.numel()));
        string[] names = [.. parameters.Select(p => p.name)];
        CollectionAssert.AreEqual((string[])["conv1.weight", "bn1.weight", "bn1.bias", "layer1.0.conv1.weight"], names[..4]);
        CollectionAssert.IsSubsetOf((string[])["layer2.0.bn2.bias", "layer2.0.downsample.0.weight", "layer2.0.downsample.1.bias", "layer4.1.conv2.weight", "fc.bias"], names);
        // He et al.'s normal distribution by the number of outputs: 3 x 3 x 512.
        using Tensor deviation = parameters.Single(p => p.name == "layer4.1.conv2.weight").parameter.std();
        Assert.AreEqual(Math.Sqrt(2.0 / (9 * 512)), deviation.ToDouble(), 1e-4);
        using Tensor image = zeros(1, 3, 32, 32);
        network.eval();
        using Tensor logits = network.call(image);
        CollectionAssert.AreEqual((long[])[1, 10], logits.shape);
    }

    [TestMethod]
    public void Language_model_has_the_size_and_the_beginnings_of_pytorchs_example()
    {
        using var model = new LstmLanguageModel(20, 6);
        (string name, Parameter parameter)[] parameters = [.. model.named_parameters()];
        Assert.AreEqual((20 * 6) + (2 * 4 * 6 * (6 + 6 + 2)) + (20 * 6) + 20, parameters.Sum(p => p.parameter.numel()));
        Assert.AreEqual("encoder.weight", parameters[0].name);
        Assert.AreEqual("decoder.bias", parameters[^1].name);
        foreach (string name in (string[])["encoder.weight", "decoder.weight"])
            Assert.IsInRange(0.09, 0.1, Greatest(parameters, name));
        Assert.AreEqual(0, Greatest(parameters, "decoder.bias"));
        using var own = new LstmLanguageModel(20, 6, initialRange: null);
        Assert.IsGreaterThan(1, Greatest([.. own.named_parameters()], "encoder.weight"), "drawn from a normal distribution");
    }

    [TestMethod]
    public void What_the_models_cannot_take_is_refused()
    {
        using var network = new ResNet18(width: 1);
        using var model = new LstmLanguageModel(5, 2);
        using Tensor image = zeros(3, 32, 32), numbers = zeros(4, 2), words = zeros(4, 2, dtype: ScalarType.Int64);
        Assert.Contains("channels", Assert.ThrowsExactly<ArgumentException>(() => network.call(image)).Message);
        Assert.Contains("Int64", Assert.ThrowsExactly<ArgumentException>(() => model.call(numbers)).Message);
        using Tensor logits = model.call(words);
        CollectionAssert.AreEqual((long[])[8, 5], logits.shape);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new ResNet18(width: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LstmLanguageModel(0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LstmLanguageModel(5, 2, initialRange: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LstmLanguageModel(5, 2, dropout: 1));
    }

    private static TorchBatch Words() => new(
        tensor(Enumerable.Range(0, 10).Select(i => (long)(i * i % 7)).ToArray(), [5, 2]), tensor(Enumerable.Range(0, 10).Select(i => (long)(3 * i % 7)).ToArray()), 10, 4, isForTraining: true);

    private static double Greatest((string name, Parameter parameter)[] parameters, string name)
    {
        using DisposeScope scope = NewDisposeScope();
        return parameters.Single(p => p.name == name).parameter.abs().max().ToDouble();
    }
}
