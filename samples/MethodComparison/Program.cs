using System.Globalization;
using MLNetHyper.Engine;

// Every method on the same random divisions of a table, from the default start or from drawn ones: the defaults were chosen by this.
// Usage: MethodComparison FILE.csv LABEL [SPLITS] [--random-initial] [--steps N]
if (args.Length < 2)
{
    Console.Error.WriteLine("Usage: MethodComparison FILE.csv LABEL [SPLITS] [--random-initial] [--steps N]");
    return 2;
}
Table table = CsvTable.Load(args[0]);
int splits = args.Length > 2 && int.TryParse(args[2], out int given) ? given : 10;
bool drawn = args.Contains("--random-initial");
int stepsAt = Array.IndexOf(args, "--steps");
long steps = stepsAt > 0 ? long.Parse(args[stepsAt + 1], CultureInfo.InvariantCulture) : 10_000;

HypergradientMethod[] methods = [new Fixed(), new HypergradientDescent(), new Neumann(), new AugmentedNeumann(), new Unrolled(), new ForwardMode()];
PreparedData<float>[] divisions = [.. Enumerable.Range(0, splits).Select(seed =>
    DataPreparation.Prepare<float>(table, new DataOptions { LabelColumn = args[1], Seed = seed, Task = LearningTask.Regression }))];

Console.WriteLine($"<!-- MethodComparison {string.Join(' ', args)} -->");
Console.WriteLine($"| {Path.GetFileNameWithoutExtension(args[0])}, {(drawn ? "drawn starts" : "default start")} | mean RMSE | ± s.e. | median | worst | validation | cost | diverged |");
Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
foreach (HypergradientMethod method in methods)
{
    var results = new OnePassResult[splits];
    Parallel.For(0, splits, seed =>
    {
        OnePassOptions options = OnePassOptions.Published with { Method = method, Steps = steps, Seed = seed };
        results[seed] = OnePass.Train(divisions[seed], drawn ? options with { Initial = Draw(seed) } : options);
    });
    double[] errors = [.. results.Select(r => r.Test!.Rmse!.Value).Order()];
    double mean = errors.Average(), error = Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (splits - 1) / splits);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"| {method.Name} | {mean:G4} | {error:G2} | {(errors[(splits - 1) / 2] + errors[splits / 2]) / 2:G4} | {errors[^1]:G4} | {results.Average(r => r.Validation.Rmse!.Value):G4} | {results.Average(r => r.GradientEvaluations) / steps:F2} | {results.Count(r => r.Status == TrainingStatus.Diverged)} |"));
}
Console.WriteLine();
Console.WriteLine($"Test RMSE in label units over {splits} random divisions (seeds 0 to {splits - 1}), {steps} steps; validation: mean validation RMSE; cost: gradient evaluations per weight step.");
return 0;

// From the ranges of Clarke et al. 2022, section 4: lr from 1e-6 to 0.1, weight decay from 1e-7 to 0.01, momentum from 0 to 1.
static Dictionary<string, double> Draw(int seed)
{
    var random = new Random(seed);
    return new()
    {
        [Hyperparameter.LearningRate] = Math.Pow(10, -6 + (5 * random.NextDouble())),
        [Hyperparameter.WeightDecay] = Math.Pow(10, -7 + (5 * random.NextDouble())),
        [Hyperparameter.Momentum] = random.NextDouble(),
    };
}
