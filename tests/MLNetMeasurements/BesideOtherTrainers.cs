using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Reports;

namespace MLNetHyper.Measurements;

/// <summary>OnePassSgd and ML.NET's own trainers, all with their defaults, on the same random divisions: root mean squared error on test rows that nothing was chosen by.</summary>
internal static class BesideOtherTrainers
{
    private const int Splits = 10;

    private static readonly (string Name, Func<MLContext, IEstimator<ITransformer>> Create)[] _trainers =
    [
        ("OnePassSgd", ml => ml.Regression.Trainers.OnePassSgd()),
        ("FixedSgd", ml => ml.Regression.Trainers.FixedSgd()),
        ("Sdca", ml => Scaled(ml).Append(ml.Regression.Trainers.Sdca())),
        ("LbfgsPoissonRegression", ml => Scaled(ml).Append(ml.Regression.Trainers.LbfgsPoissonRegression())),
        ("OnlineGradientDescent", ml => Scaled(ml).Append(ml.Regression.Trainers.OnlineGradientDescent())),
        ("FastForest", ml => ml.Regression.Trainers.FastForest()),
        ("FastTree", ml => ml.Regression.Trainers.FastTree()),
        ("LightGbm", ml => ml.Regression.Trainers.LightGbm()),
    ];

    internal static void Write(string[] sets)
    {
        Console.WriteLine($"<!-- dotnet run --project tests/MLNetMeasurements -c Release -- trainers {string.Join(' ', sets)} -->");
        Console.WriteLine($"| Trainer | {string.Join(" | ", sets)} | s per fit |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", sets.Length))}---:|");
        DataSet[] data = [.. sets.Select(DataSet.Load)];
        var absent = new List<string>();
        foreach ((string name, Func<MLContext, IEstimator<ITransformer>> create) in _trainers)
        {
            try
            {
                (string Error, double Seconds)[] cells = [.. data.Select(set => Measure(set, create))];
                Console.WriteLine($"| {name} | {string.Join(" | ", cells.Select(c => c.Error))} | {string.Join(" / ", cells.Select(c => c.Seconds.ToString("F1", CultureInfo.InvariantCulture)))} |");
            }
            catch (Exception e) when (e is DllNotFoundException || e.GetBaseException() is DllNotFoundException)
            {
                absent.Add(name);
            }
        }
        Console.WriteLine();
        Console.WriteLine($"Mean ± standard error of the test RMSE over {Splits} random divisions (seeds 0 to {Splits - 1}; nine tenths to train, a tenth to test), defaults everywhere. The linear trainers get standardized features, as they ask for; OnePassSgd and FixedSgd take a tenth of the training rows to validate.{(absent.Count > 0 ? $" Not measured, since the native library is not on this machine: {string.Join(", ", absent)}." : "")}");
    }

    private static (string Error, double Seconds) Measure(DataSet set, Func<MLContext, IEstimator<ITransformer>> create)
    {
        double[] errors = new double[Splits];
        double seconds = 0;
        for (int seed = 0; seed < Splits; seed++)
        {
            var context = new MLContext(seed);
            (DataSet.Row[] train, DataSet.Row[] test) = set.Split(seed);
            IDataView training = set.View(context, train);
            long start = Stopwatch.GetTimestamp();
            ITransformer model = create(context).Fit(training);
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds / Splits;
            RegressionMetrics metrics = context.Regression.Evaluate(model.Transform(set.View(context, test)));
            errors[seed] = metrics.RootMeanSquaredError;
        }
        double mean = errors.Average(), deviation = Math.Sqrt(errors.Sum(e => (e - mean) * (e - mean)) / (Splits - 1));
        return ($"{CompactNumber.Format(mean, 3)} ± {CompactNumber.Format(deviation / Math.Sqrt(Splits), 2)}", seconds);
    }

    private static IEstimator<ITransformer> Scaled(MLContext context) => context.Transforms.NormalizeMeanVariance("Features");
}
