using Microsoft.ML.Runtime;

namespace MLNetHyper.Bridge;

/// <summary>What a trainer gets to train on. The columns' types have been checked.</summary>
/// <typeparam name="TModel">The model to be trained.</typeparam>
public sealed class TrainingInput<TModel> where TModel : class
{
    internal TrainingInput(TrainingRows training, TrainingRows? validation, TModel? initial, int classCount, TrainingLog log) =>
        (Training, Validation, Initial, ClassCount, Log) = (training, validation, initial, classCount, log);

    /// <summary>The rows to train on.</summary>
    public TrainingRows Training { get; }

    /// <summary>The rows to validate on, if the caller gave any; they have as many features and classes.</summary>
    public TrainingRows? Validation { get; }

    /// <summary>The model to go on from, if the caller gave one; it has as many features and classes.</summary>
    public TModel? Initial { get; }

    /// <summary>1 for regression, 2 for binary classification, else the label's number of keys.</summary>
    public int ClassCount { get; }

    /// <summary>Where to report to, and to learn of cancellation.</summary>
    public TrainingLog Log { get; }
}

/// <summary>Says things to those who listen to the context's log, and knows whether the context was canceled.</summary>
public sealed class TrainingLog
{
    private readonly IHost _host;
    private readonly IChannel _channel;

    internal TrainingLog(IHost host, IChannel channel) => (_host, _channel) = (host, channel);

    /// <summary>Whether somebody, such as an AutoML experiment whose time is over, has asked to stop.</summary>
    public bool IsCanceled => _host is ICancelable { IsCanceled: true };

    /// <summary>Tells something.</summary>
    public void Info(string message) => _channel.Info(message);

    /// <summary>Warns of something.</summary>
    public void Warning(string message) => _channel.Warning(message);

    /// <summary>Throws what ML.NET's own trainers throw, if somebody has asked to stop.</summary>
    /// <exception cref="OperationCanceledException">Somebody has.</exception>
    public void ThrowIfCanceled() => _host.CheckAlive();
}
