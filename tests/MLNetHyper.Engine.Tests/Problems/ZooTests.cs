namespace MLNetHyper.Engine.Tests;

/// <summary>The test problems themselves: their derivatives must be right before anything is measured against them.</summary>
[TestClass]
public sealed class ZooTests
{
    private static IEnumerable<object[]> Problems => Zoo.Names.Select(n => new object[] { n });

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Gradient_is_that_of_the_loss(string name)
    {
        Problem problem = Zoo.Create(name);
        (DenseVector<double> w, DenseVector<double> d, DenseVector<double> g) = Point(problem);
        ILinearization<DenseVector<double>> linearization = problem.Objective.CreateLinearization();
        Batch batch = problem.Training.BatchAt(1);
        Assert.AreEqual(linearization.Loss(w, batch), linearization.Gradient(w, batch, g));
        double expected = Numbers.Derivative(t => linearization.Loss(Moved(w, d, t), batch));
        Numbers.AreClose(expected, g.Dot(d), 1e-9);
    }

    [TestMethod]
    [DynamicData(nameof(Problems))]
    public void Hessian_products_are_those_of_the_gradient_and_symmetric(string name)
    {
        Problem problem = Zoo.Create(name);
        (DenseVector<double> w, DenseVector<double> d, DenseVector<double> g) = Point(problem);
        ILinearization<DenseVector<double>> linearization = problem.Objective.CreateLinearization();
        Batch batch = problem.Training.BatchAt(1);
        double[] expected = Numbers.Derivative(t =>
        {
            linearization.Gradient(Moved(w, d, t), batch, g);
            return g.ToArray();
        });
        linearization.Gradient(w, batch, g);
        linearization.CurvatureVectorProducts(Curvature.Hessian, [d], [g], BatchPart.Whole);
        Numbers.AreClose(expected, g.Span, 1e-9);
        double[,] matrix = problem.CurvatureMatrix(w, batch);
        for (int i = 0; i < w.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Assert.AreEqual(matrix[i, j], matrix[j, i], 1e-13);
        }
    }

    [TestMethod]
    public void Gauss_newton_part_is_the_hessian_where_the_residual_vanishes()
    {
        var objective = new TanhNetObjective([[0.3, -0.7]], [0]);
        (DenseVector<double> w, DenseVector<double> d, DenseVector<double> g) = Point(new Problem(objective));
        ILinearization<DenseVector<double>> linearization = objective.CreateLinearization();
        var batch = new IndexBatch([0]);
        // The output's bias takes the residual away.
        linearization.Gradient(w, batch, g);
        w.Span[16] -= g.Span[16] / 2;
        linearization.Gradient(w, batch, g);
        DenseVector<double> gaussNewton = objective.CreateVector();
        linearization.CurvatureVectorProducts(Curvature.Hessian, [d], [g], BatchPart.Whole);
        linearization.CurvatureVectorProducts(Curvature.GaussNewton, [d], [gaussNewton], BatchPart.Whole);
        Numbers.AreClose(g.Span, gaussNewton.Span, 1e-12);
    }

    private static (DenseVector<double> W, DenseVector<double> D, DenseVector<double> G) Point(Problem problem)
    {
        var random = new Random(5);
        int n = problem.Objective.CreateVector().Length;
        return (Numbers.RandomVector(random, n), Numbers.RandomVector(random, n), new DenseVector<double>(n));
    }

    private static DenseVector<double> Moved(DenseVector<double> w, DenseVector<double> d, double t)
    {
        DenseVector<double> moved = w.CreateZero();
        moved.CopyFrom(w);
        moved.Combine(1, t, d);
        return moved;
    }
}
