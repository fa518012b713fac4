using System.Text.Json;

namespace MLNetHyper.Cli;

/// <summary>Errors of trainings on more and more of the training rows, tested on the same rows: whether more rows would help.</summary>
/// <param name="Part">Which rows tested: those of the test, or of the validation where there is no test.</param>
/// <param name="Points">Numbers of training rows, and the errors on them and on those that tested.</param>
internal sealed record LearningCurve(string Part, IReadOnlyList<LearningCurve.Point> Points)
{
    private static readonly int[] _parts = [8, 4, 2];

    /// <summary>Trains on an eighth, a quarter and a half of the training rows, drawn with the same share of every class; fewer than two rows are passed over.</summary>
    internal static LearningCurve Of(TrainRun run, IProgress<Point>? progress, CancellationToken cancellation)
    {
        PreparedData<float> data = run.Prepared;
        int[] order = MemberRows.Spread(data.Task == LearningTask.Regression ? new int[data.Train.Count] : Array.ConvertAll(data.Train.Targets, target => (int)target), run.Options.Seed);
        List<Point> points = [];
        foreach (int rows in _parts.Select(part => order.Length / part).Where(rows => rows > 1).Distinct())
        {
            OnePassResult result = OnePass.Train(Some(data, order[..rows]), run.Options with { CheckpointPath = null, Workers = Workers.One, Threads = run.Options.ThreadCount }, cancellation: cancellation);
            if (result.Status == TrainingStatus.Canceled)
                break;
            points.Add(Measured(rows, result));
            progress?.Report(points[^1]);
        }
        return new(data.Test is null ? "validation" : "test", points);
    }

    /// <summary>How many trainings it takes.</summary>
    internal static int TrainingsOf(TrainRun run) => _parts.Select(part => run.Prepared.Train.Count / part).Where(rows => rows > 1).Distinct().Count();

    /// <summary>With the training on all rows at its end.</summary>
    internal LearningCurve With(TrainRun run, OnePassResult all) => this with { Points = [.. Points, Measured(run.Prepared.TrainingCount, all)] };

    internal void WriteText(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"Errors over the number of training rows ({Measure}):");
        output.WriteLine();
        var table = new TextTable("training rows", "train", Part);
        foreach (Point point in Points)
            table.Add(CompactNumber.Format(point.Rows), CompactNumber.Format(point.Train.Error), CompactNumber.Format(point.Tested.Error));
        table.WriteTo(output);
    }

    internal void AddTo(Report report) =>
        report.Heading("Would more rows help?").Add(new LineChart("Learning curve", $"Errors of trainings on a part of the training rows. Where the error on the {Part} rows still falls, more rows are likely to help; where both lines have met, they are not.") { XLabel = "training rows", YLabel = Measure, XScale = AxisScale.Logarithmic, YScale = AxisScale.Logarithmic }
            .Add(new LineSeries("training", [.. Points.Select(point => (double)point.Rows)], [.. Points.Select(point => point.Train.Error)]) { Markers = true })
            .Add(new LineSeries(Part, [.. Points.Select(point => (double)point.Rows)], [.. Points.Select(point => point.Tested.Error)]) { Markers = true }));

    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray("learningCurve");
        foreach (Point point in Points)
        {
            json.WriteStartObject();
            json.WriteNumber("rows", point.Rows);
            json.Metrics("train", point.Train);
            json.Metrics(Part, point.Tested);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private string Measure => Points.Count > 0 && Points[0].Tested.Rmse is null ? "log-loss" : "RMSE";

    private static Point Measured(int rows, OnePassResult result) => new(rows, result.Train, result.Test ?? result.Validation);

    private static PreparedData<float> Some(PreparedData<float> data, int[] rows)
    {
        Examples<float> train = data.Train;
        return new(data.Features, data.Target)
        {
            Train = new([.. rows.SelectMany(row => train.Features[(row * train.FeatureCount)..((row + 1) * train.FeatureCount)])], train.FeatureCount, [.. rows.Select(row => train.Targets[row])], train.Weights is { } weights ? [.. rows.Select(row => weights[row])] : null),
            Validation = data.Validation,
            Test = data.Test,
            TrainRows = [.. rows.Select(row => data.TrainRows[row])],
            ValidationRows = data.ValidationRows,
            TestRows = data.TestRows,
            SkippedRows = data.SkippedRows,
            ValidatesAtRandom = data.ValidatesAtRandom,
        };
    }

    /// <param name="Rows">Rows that trained.</param>
    /// <param name="Train">The errors on them.</param>
    /// <param name="Tested">The errors on those that tested.</param>
    internal sealed record Point(int Rows, Metrics Train, Metrics Tested);
}
