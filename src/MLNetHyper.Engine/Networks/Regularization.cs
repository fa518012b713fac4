namespace MLNetHyper.Engine;

/// <summary>
/// What a network's training loss has beside the plain one, against overfitting. Each strength is a hyperparameter, which the methods tune like those of the
/// update rule; validation and predictions do without.
/// </summary>
public sealed record Regularization
{
    internal const string LabelSmoothingName = "smoothing";
    internal const string InputNoiseName = "noise";

    private static readonly Hyperparameter _labelSmoothing = new(LabelSmoothingName, Transform.Logit, 0.05, Transform.Logit.ToRaw(1e-3), Transform.Logit.ToRaw(0.5));
    private static readonly Hyperparameter _inputNoise = new(InputNoiseName, Transform.Log10, 0.1, -4, 0.5);

    /// <summary>
    /// The share ε to start from by which the targets of classes are drawn towards their mean, <c>(1-ε)·y + ε/K</c> for K classes (Szegedy et al. 2016,
    /// section 7): the hyperparameter <c>smoothing</c>, above 0 and below 1, tuned from 0.001 to 0.5. Default: null, none. It tends to help accuracy and to hurt
    /// log-loss and ranking (Holzmüller et al. 2024).
    /// </summary>
    public double? LabelSmoothing { get; init; }

    /// <summary>
    /// The standard deviation to start from of normal noise on the standardized features of every step (Bishop 1995): the hyperparameter <c>noise</c>, above 0, tuned
    /// from 0.0001 to 3.2. Default: null, none.
    /// </summary>
    public double? InputNoise { get; init; }

    /// <summary>The hyperparameters of those that are there, none tuned.</summary>
    public IReadOnlyList<Hyperparameter> Hyperparameters =>
    [
        .. LabelSmoothing is { } share ? [_labelSmoothing.StartingAt(share)] : Array.Empty<Hyperparameter>(),
        .. InputNoise is { } deviation ? [_inputNoise.StartingAt(deviation)] : Array.Empty<Hyperparameter>(),
    ];

    /// <summary>Throws if it cannot be that of a network with this loss.</summary>
    internal void Check(Loss loss)
    {
        if (LabelSmoothing is not null && loss == Loss.SquaredError)
            throw new ArgumentException("Label smoothing is for classes, but the network's loss is the squared error. Leave it out.");
        if (Hyperparameters.Select(h => h.Fault()).OfType<string>().FirstOrDefault() is { } fault)
            throw new ArgumentException(fault);
    }
}
