using Spectre.Console;

namespace MLNetHyper.Cli;

/// <summary>A bar of progress with a few words behind it, on one line however narrow the terminal is: then without the bar, which says no more than the percentage, and with fewer words.</summary>
internal static class Bar
{
    private const int BarWidth = 20;
    private const int FewestForBar = 100;

    // A percentage, the time that remains, and spaces.
    private const int Numbers = 16;

    private static int Width => AnsiConsole.Profile.Width;

    internal static TResult Show<TResult>(Func<ProgressTask, TResult> work)
    {
        List<ProgressColumn> columns = [new PercentageColumn(), new RemainingTimeColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }];
        if (Width >= FewestForBar)
            columns.Insert(0, new ProgressBarColumn { Width = BarWidth });
        return AnsiConsole.Progress().HideCompleted(false).Columns([.. columns]).Start(context => work(context.AddTask("training", maxValue: 1)));
    }

    /// <summary>As many of the parts as have room, a space between them; the first is cut where it alone has none.</summary>
    internal static void Describe(ProgressTask task, double share, params IEnumerable<string> parts)
    {
        task.Value = share;
        task.Description = Spectre.Console.Markup.Escape(Fit(Width - Numbers - (Width >= FewestForBar ? BarWidth + 1 : 0), parts));
    }

    internal static string Fit(int room, IEnumerable<string> parts)
    {
        string text = "";
        foreach (string part in parts)
        {
            string longer = text.Length == 0 ? part : $"{text} {part}";
            if (longer.Length > room)
                return text.Length > 0 ? text : part[..Math.Max(0, room - 1)] + "…";
            text = longer;
        }
        return text;
    }
}
