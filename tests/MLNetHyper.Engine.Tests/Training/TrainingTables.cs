namespace MLNetHyper.Engine.Tests;

/// <summary>Small tables of two numbers, a text and a label that is easy to learn from them.</summary>
internal static class TrainingTables
{
    internal static DataOptions Options { get; } = new() { LabelColumn = "y" };

    /// <summary>The label as a function of the features; rows are the same for all tasks.</summary>
    internal static Table Create(LearningTask task, int rows = 120, double featureScale = 1, double labelScale = 1)
    {
        (double[] a, double[] b, string[] kind) = Features(rows);
        TableColumn Numbers(Func<int, double> label) => new("y", [.. Enumerable.Range(0, rows).Select(label)]);
        TableColumn Classes(Func<int, string> label) => new("y", [.. Enumerable.Range(0, rows).Select(label)]);
        return new(
            new TableColumn("a", [.. a.Select(x => featureScale * x)]),
            new TableColumn("b", [.. b.Select(x => featureScale * x)]),
            new TableColumn("kind", kind),
            task switch
            {
                LearningTask.Regression => Numbers(i => labelScale * (3 + (2 * a[i]) - b[i] + (kind[i] == "red" ? 1 : 0))),
                LearningTask.Binary => Classes(i => a[i] + b[i] > 0 ? "yes" : "no"),
                _ => Classes(i => a[i] > 0.3 ? "high" : b[i] > 0 ? "middle" : "low"),
            });
    }

    /// <summary>The same rows without some columns.</summary>
    internal static Table Without(this Table table, params string[] columns) => new([.. table.Columns.Where(c => !columns.Contains(c.Name))]);

    /// <summary>The same rows with another column in place of one of that name, or at the end.</summary>
    internal static Table With(this Table table, TableColumn column) => new([.. table.Columns.Where(c => c.Name != column.Name), column]);

    private static (double[] A, double[] B, string[] Kind) Features(int rows)
    {
        var random = new Random(3);
        double[] a = new double[rows], b = new double[rows];
        string[] kind = new string[rows];
        for (int i = 0; i < rows; i++)
            (a[i], b[i], kind[i]) = ((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1, random.Next(2) == 0 ? "red" : "blue");
        return (a, b, kind);
    }
}
