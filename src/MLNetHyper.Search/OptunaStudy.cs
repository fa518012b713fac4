using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNetHyper.Search;

/// <summary>One search of Optuna's, conducted by a Python process of its own, which names points of the unit cube and is told how good they were. Points are tried one after the other.</summary>
internal sealed class OptunaStudy : IDisposable
{
    /// <summary>Names the Python that has Optuna.</summary>
    internal const string PythonVariable = "MLNETHYPER_PYTHON";

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<string> _script = new(ReadScript);
    private static readonly Lazy<string?> _python = new(() => Candidates.FirstOrDefault(Has));

    private readonly string _name;
    private readonly Process _process;
    private readonly Task<string> _said;
    private readonly CancellationToken _cancellation;

    private OptunaStudy(string python, CancellationToken cancellation)
    {
        _name = python;
        _process = Process.Start(new ProcessStartInfo(python, ["-c", _script.Value])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Else the console's byte order mark is the first that it reads.
            StandardInputEncoding = new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        })!;
        _said = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _cancellation = cancellation;
    }

    // The one of the path is often a version of its own beside the system's, which has the system's packages.
    private static string[] Candidates => Environment.GetEnvironmentVariable(PythonVariable) is { Length: > 0 } named ? [named] : ["python3", "python", "/usr/bin/python3"];

    /// <summary>Throws a sentence where there is no Optuna.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    internal static void Require(string search)
    {
        if (_python.Value is null)
            throw new ArgumentException($"The search '{search}' is conducted by Optuna, but {string.Join(", ", Candidates)} {(Candidates.Length == 1 ? "does" : "do")} not have it or cannot be started. Install it (pip install optuna, or Debian's python3-optuna), let {PythonVariable} name the Python that has it, or leave the search out.");
    }

    /// <summary>Starts one.</summary>
    /// <exception cref="ArgumentException">There is no Optuna.</exception>
    internal static OptunaStudy Start(string search, OptunaSetup setup, CancellationToken cancellation)
    {
        Require(search);
        return Start(setup, _python.Value!, cancellation);
    }

    /// <summary>Starts one with the given Python.</summary>
    internal static OptunaStudy Start(OptunaSetup setup, string python, CancellationToken cancellation)
    {
        OptunaStudy study = new(python, cancellation);
        try
        {
            OptunaReply hello = study.Exchange(JsonSerializer.Serialize(setup, OptunaJson.Default.OptunaSetup));
            return hello.Version is null ? throw study.Fault("is not there") : study;
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    /// <summary>The next point to try.</summary>
    internal double[] Ask() => Exchange(new OptunaRequest("ask")).At!;

    /// <summary>Tells how good the point is after a part of the training, and returns whether that is all that it gets.</summary>
    internal bool IsPruned(double loss, int resource) => Exchange(new OptunaRequest("report", loss, resource)).Pruned;

    /// <summary>Tells how good the point is.</summary>
    internal void Tell(double loss) => Exchange(new OptunaRequest("tell", loss));

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
        _process.WaitForExit();
        _process.Dispose();
    }

    private static bool Has(string python)
    {
        try
        {
            Start(OptunaSetup.Trial, python, CancellationToken.None).Dispose();
            return true;
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException)
        {
            return false;
        }
    }

    private OptunaReply Exchange(OptunaRequest request) => Exchange(JsonSerializer.Serialize(request, OptunaJson.Default.OptunaRequest));

    private OptunaReply Exchange(string line)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_cancellation);
        ended.CancelAfter(_patience);
        string? answer = null;
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
            answer = _process.StandardOutput.ReadLineAsync(ended.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (IOException)
        {
            // It has ended; what it said is in the message below.
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            throw Fault($"has not answered for {_patience.TotalMinutes} minutes");
        }
        if (answer is null)
            throw Fault($"has ended, and its last words were '{_said.GetAwaiter().GetResult().Trim().ReplaceLineEndings(" ")}'");
        try
        {
            OptunaReply reply = JsonSerializer.Deserialize(answer, OptunaJson.Default.OptunaReply)!;
            return reply.Fault is null ? reply : throw Fault($"cannot be had ({reply.Fault})");
        }
        catch (JsonException)
        {
            throw Fault($"has answered '{answer}', which is no answer");
        }
    }

    private IOException Fault(string what) => new($"Optuna in {_name} {what}. See whether it works there ({_name} -c \"import optuna\"), let {PythonVariable} name another Python, or leave its searches out.");

    private static string ReadScript()
    {
        using var reader = new StreamReader(typeof(OptunaStudy).Assembly.GetManifestResourceStream("MLNetHyper.Search.OptunaStudy.py")!);
        return reader.ReadToEnd();
    }
}

/// <summary>What a search of Optuna's is.</summary>
/// <param name="Seed">Of the sampler.</param>
/// <param name="Names">What is searched for.</param>
/// <param name="Start">The point to try first.</param>
/// <param name="Startup">How many points are drawn before the model is asked.</param>
/// <param name="Multivariate">Whether the model is of all coordinates together.</param>
/// <param name="Whole">A whole training, in the parts after which points are told; 1 for none.</param>
/// <param name="Reduction">Hyperband's η.</param>
internal sealed record OptunaSetup(int Seed, string[] Names, double[] Start, int Startup, bool Multivariate, int Whole, int Reduction)
{
    /// <summary>One to see whether Optuna is there.</summary>
    internal static OptunaSetup Trial { get; } = new(0, ["x"], [0.5], 1, false, 1, 2);
}

/// <summary>What the process is asked or told.</summary>
/// <param name="What">ask, report or tell.</param>
/// <param name="Loss">How good the point is.</param>
/// <param name="Resource">After how many parts of the training.</param>
internal sealed record OptunaRequest(string What, double? Loss = null, int? Resource = null);

/// <summary>What the process answers.</summary>
internal sealed record OptunaReply
{
    /// <summary>Optuna's, at the beginning.</summary>
    public string? Version { get; init; }

    /// <summary>The point asked for.</summary>
    public double[]? At { get; init; }

    /// <summary>Whether the point gets no more of the training.</summary>
    public bool Pruned { get; init; }

    /// <summary>Why there is nothing else.</summary>
    public string? Fault { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(OptunaSetup))]
[JsonSerializable(typeof(OptunaRequest))]
[JsonSerializable(typeof(OptunaReply))]
internal sealed partial class OptunaJson : JsonSerializerContext;
