namespace MLNetHyper.Torch.Tests;

/// <summary>First and second derivatives of modules of all kinds, against finite differences.</summary>
[TestClass]
public sealed class ModuleDerivativeTests
{
    [TestMethod]
    public void Convolution_with_batch_normalization_and_a_residual() =>
        CheckImages(() => new ResidualBlock());

    [TestMethod]
    public void Convolution_with_rectifier_and_pooling() =>
        CheckImages(() => nn.Sequential(("conv", nn.Conv2d(2, 3, 3, padding: 1)), ("relu", nn.ReLU()), ("pool", nn.MaxPool2d(2)), ("flat", nn.Flatten()), ("out", nn.Linear(27, 3))));

    [TestMethod]
    public void Layer_normalization() =>
        CheckRows(() => nn.Sequential(("in", nn.Linear(4, 5)), ("norm", nn.LayerNorm(5)), ("tanh", nn.Tanh()), ("out", nn.Linear(5, 3))));

    [TestMethod]
    public void Dropout_has_the_same_mask_for_loss_gradient_and_products() =>
        CheckRows(() => nn.Sequential(("in", nn.Linear(4, 20)), ("tanh", nn.Tanh()), ("drop", nn.Dropout(0.5)), ("out", nn.Linear(20, 3))));

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void Long_short_term_memory(int layers)
    {
        using var objective = new TorchObjective(() => new LongShortTermMemory(3, 4, layers, layers > 1 ? 0.3 : 0), (output, target) => (output - target).square().mean(), type: ScalarType.Float64);
        using Tensor x = Numbers([6, 5, 3], 1), y = Numbers([6, 5, 4], 2);
        Finite.Check(objective, new TorchBatch(x, y, 5, 7, isForTraining: true), 1e-7);
    }

    [TestMethod]
    public void Fused_memory_is_the_same_function()
    {
        using var objective = new TorchObjective(products => new LongShortTermMemory(3, 4, 2, fused: !products), (output, target) => (output - target).square().mean(), type: ScalarType.Float64);
        using Tensor x = Numbers([6, 5, 3], 1), y = Numbers([6, 5, 4], 2);
        Finite.Check(objective, new TorchBatch(x, y, 5, 7, isForTraining: true), 1e-7);
    }

    [TestMethod]
    public void Gauss_newton_is_the_hessian_where_the_model_is_linear()
    {
        using var objective = new TorchObjective(() => nn.Linear(4, 3), (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        AssertProductsAgree(objective, 1e-12, agree: true);
    }

    [TestMethod]
    public void Gauss_newton_is_symmetric_and_not_negative()
    {
        using var objective = new TorchObjective(() => nn.Sequential(("in", nn.Linear(4, 5)), ("tanh", nn.Tanh()), ("out", nn.Linear(5, 3))), (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        AssertProductsAgree(objective, 1e-6, agree: false);
        TorchBatch batch = Classes();
        TorchVector w = objective.CreateVector(), g = objective.CreateVector(), a = objective.CreateVector(), b = objective.CreateVector(), ga = objective.CreateVector(), gb = objective.CreateVector();
        objective.Initialize(w, 1);
        a.CopyFrom(Finite.Random(w.Length, 8));
        b.CopyFrom(Finite.Random(w.Length, 9));
        ILinearization<TorchVector> point = objective.CreateLinearization();
        point.Gradient(w, batch, g);
        point.CurvatureVectorProducts(Curvature.GaussNewton, [a, b], [ga, gb], BatchPart.Whole);
        Assert.AreEqual(b.Dot(ga), a.Dot(gb), 1e-12);
        Assert.IsGreaterThan(0, a.Dot(ga));
    }

    private static void AssertProductsAgree(TorchObjective objective, double tolerance, bool agree)
    {
        TorchBatch batch = Classes();
        TorchVector w = objective.CreateVector(), g = objective.CreateVector(), v = objective.CreateVector(), hessian = objective.CreateVector(), gaussNewton = objective.CreateVector();
        objective.Initialize(w, 1);
        v.CopyFrom(Finite.Random(w.Length, 4));
        ILinearization<TorchVector> point = objective.CreateLinearization();
        point.Gradient(w, batch, g);
        point.CurvatureVectorProducts(Curvature.Hessian, [v], [hessian], BatchPart.Whole);
        point.CurvatureVectorProducts(Curvature.GaussNewton, [v], [gaussNewton], BatchPart.Whole);
        // Products may be asked for in any order, and again.
        point.CurvatureVectorProducts(Curvature.Hessian, [v], [g], BatchPart.Whole);
        Finite.AreClose(hessian.ToArray(), g.ToArray(), 1e-14);
        double difference = Finite.Norm([.. hessian.ToArray().Zip(gaussNewton.ToArray(), (x, y) => x - y)]) / Finite.Norm(hessian.ToArray());
        Assert.AreEqual(agree, difference < tolerance, $"relative difference {difference}");
    }

    private static TorchBatch Classes() => new(Numbers([10, 4], 1), tensor(Enumerable.Range(0, 10).Select(i => (long)(i % 3)).ToArray()), 10, 0, isForTraining: true);

    private static void CheckRows(Func<nn.Module<Tensor, Tensor>> create)
    {
        using var objective = new TorchObjective(create, (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        Finite.Check(objective, Classes(), 1e-7);
    }

    private static void CheckImages(Func<nn.Module<Tensor, Tensor>> create)
    {
        using var objective = new TorchObjective(create, (output, target) => nn.functional.cross_entropy(output, target), type: ScalarType.Float64);
        using Tensor x = Numbers([7, 2, 6, 6], 1), y = tensor(Enumerable.Range(0, 7).Select(i => (long)(i % 3)).ToArray());
        Finite.Check(objective, new TorchBatch(x, y, 7, 0, isForTraining: true), 1e-6, step: 1e-6);
    }

    private static Tensor Numbers(long[] shape, int seed) => tensor(Finite.Random((int)shape.Aggregate((a, b) => a * b), seed), shape, dtype: ScalarType.Float64);
}
