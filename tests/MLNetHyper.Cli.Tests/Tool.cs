using System.Text.Json;

namespace MLNetHyper.Cli.Tests;

/// <summary>What one invocation of the tool came to.</summary>
internal sealed record Outcome(int ExitCode, string Out, string Error)
{
    internal JsonElement Json => JsonDocument.Parse(Out).RootElement;

    /// <summary>Bad input is one sentence on standard error, and names what it is about.</summary>
    internal void IsBadInput(params string[] parts)
    {
        Assert.AreEqual(Cli.ExitCode.BadInput, ExitCode, Error);
        Assert.AreEqual("", Out);
        Assert.AreEqual(1, Error.TrimEnd().Split('\n').Length, Error);
        Assert.StartsWith("onepass: ", Error);
        foreach (string part in parts)
            Assert.Contains(part, Error);
    }

    internal Outcome Succeeds()
    {
        Assert.AreEqual(Cli.ExitCode.Success, ExitCode, Error);
        return this;
    }
}

/// <summary>Runs the tool inside the test's process.</summary>
internal static class Tool
{
    internal static Outcome Run(params string[] args) => Run(CancellationToken.None, args);

    internal static Outcome Run(CancellationToken cancellation, params string[] args) => Run(ToolHost.OnePass, cancellation, args);

    /// <summary>As another executable would.</summary>
    internal static Outcome Run(ToolHost host, CancellationToken cancellation, params string[] args) => Run(host, () => Stream.Null, args, cancellation);

    private static Outcome Run(ToolHost host, Func<Stream> openInput, string[] args, CancellationToken cancellation)
    {
        var output = new StringWriter { NewLine = "\n" };
        var error = new StringWriter { NewLine = "\n" };
        int exitCode = Application.Run(args, host, output, error, cancellation, openInput: openInput);
        return new Outcome(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Trains briefly and asks for JSON.</summary>
    internal static Outcome Train(string data, string label, params string[] args) =>
        Run(["train", "--data", data, "--label", label, .. Unless("--steps", "60", args), .. Unless("--hidden-layers", "4", args), "--json", .. args]);

    /// <summary>With a file as standard input.</summary>
    internal static Outcome RunOn(string input, params string[] args) => Run(ToolHost.OnePass, () => File.OpenRead(input), args, CancellationToken.None);

    private static string[] Unless(string option, string value, string[] args) => args.Contains(option) ? [] : [option, value];
}
