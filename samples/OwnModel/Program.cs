using MLNetHyper.Engine;

// A model of your own: give it loss, gradient and curvature products, and the loop trains it and tunes its hyperparameters.
var random = new Random(1);
double[] x = [.. Enumerable.Range(0, 300).Select(_ => (6 * random.NextDouble()) - 3)];
double[] y = [.. x.Select(v => Math.Tanh(2 * v) + (v * 0.5) + (random.Next(10) == 0 ? 8 : 0.1 * random.NextDouble()))];
var objective = new RobustPolynomial(x, y, degree: 7);

var loop = new OnePassLoop<DenseVector<double>>(objective, new Rows(0, 200), new Rows(200, 100), new LoopOptions
{
    Method = new ForwardMode(),
    Hyperparameters = [.. new SgdUpdate().Hyperparameters.Select(h => h with { Tuned = true })],
    Steps = 2000,
});
LoopResult<DenseVector<double>> result = loop.Run();

Console.WriteLine($"{result.Status}: validation loss {result.Trajectory.ValidationLosses[0]:F3} -> {result.BestValidationLoss:F3}");
foreach (HyperparameterValue<DenseVector<double>> value in loop.Hyperparameters)
    Console.WriteLine($"{value.Definition.Name,-8} {value.Definition.Initial:G3} -> {value.Mean:G3}");
