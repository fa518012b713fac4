using System.Globalization;
using MLNetHyper.Engine;

namespace MLNetHyper.Tests.Onnx;

/// <summary>Tables with all kinds of columns, and models of them, for what becomes of a model elsewhere.</summary>
internal static class TableModels
{
    internal const int Rows = 240;

    internal static Table Table(LearningTask task, int seed = 1)
    {
        Random random = new(seed);
        double[] year = new double[Rows], gap = new double[Rows], label = new double[Rows];
        string?[] town = new string?[Rows], flag = new string?[Rows], classes = new string?[Rows];
        for (int row = 0; row < Rows; row++)
        {
            year[row] = 1990 + random.Next(30);
            gap[row] = random.Next(5) == 0 ? double.NaN : random.NextDouble();
            town[row] = random.Next(6) switch { 0 => null, 1 => "Rome", 2 => "Bonn, West", _ => "Oslo" };
            flag[row] = random.Next(2) == 0 ? "True" : "False";
            label[row] = (year[row] / 10) + (double.IsNaN(gap[row]) ? 1 : gap[row]) + (town[row] == "Rome" ? 2 : 0) + (flag[row] == "True" ? 1 : 0);
            classes[row] = task == LearningTask.Binary ? (label[row] > 202 ? "yes" : "no") : string.Create(CultureInfo.InvariantCulture, $"class {(int)label[row] % 3}");
        }
        return new(new("year", year), new("gap", gap), new("town", town), new("flag", flag), task == LearningTask.Regression ? new TableColumn("y", label) : new("y", classes));
    }

    /// <summary>Rows to score: with texts that training never met, and booleans in another case.</summary>
    internal static Table New(LearningTask task)
    {
        Table table = Table(task, seed: 2);
        string?[] town = table["town"].Texts.ToArray(), flag = [.. table["flag"].Texts.ToArray().Select(text => text!.ToUpperInvariant())];
        town[3] = "Paris";
        return new(table["year"], table["gap"], new("town", town), new("flag", flag));
    }

    /// <param name="task">What is predicted.</param>
    /// <param name="options">How to train.</param>
    /// <param name="inBuckets">Whether the towns share features.</param>
    internal static OnePassModel Train(LearningTask task, OnePassOptions? options = null, bool inBuckets = false) => OnePass.Train(Table(task), new DataOptions { LabelColumn = "y", Task = task, CategoryBuckets = 2, BucketColumns = inBuckets ? ["town"] : [] }, options ?? new() { Steps = 150, HiddenLayers = [6] }).Model;
}
