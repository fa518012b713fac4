using MLNetHyper.Engine;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>What <see cref="TorchOnePass"/> came to.</summary>
[TypeFormatterSource(typeof(NotebookFormatters))]
public sealed record TorchResult : IPictured, IDisposable
{
    /// <summary>The module with the weights of the lowest validation loss, in evaluation mode on the device that trained.</summary>
    public required nn.Module<Tensor, Tensor> Module { get; init; }

    /// <summary>How training ended. The module is usable whatever it says.</summary>
    public required TrainingStatus Status { get; init; }

    /// <summary>Losses and hyperparameters over time.</summary>
    public required Trajectory Trajectory { get; init; }

    /// <summary>The last values of a regularizer's hyperparameters, by name: all numbers of each. Empty without a regularizer.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> RegularizerValues { get; init; }

    /// <summary>Weight steps taken.</summary>
    public required long Steps { get; init; }

    /// <summary>The step whose weights the module has.</summary>
    public required long BestStep { get; init; }

    /// <summary>Their validation loss.</summary>
    public required double BestValidationLoss { get; init; }

    /// <summary>All work in gradients of one training batch, products and validation included.</summary>
    public required double GradientEvaluations { get; init; }

    /// <summary>Wall-clock time of training.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The step of the checkpoint from which the run went on; 0 where it began at the beginning.</summary>
    public long ResumedFrom { get; init; }

    /// <summary>How often the guard rolled back.</summary>
    public required int Rollbacks { get; init; }

    /// <summary>What went wrong without stopping the run.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    Report IPictured.Picture => TrajectoryReport.Create(Status, Steps, BestStep, Elapsed, Trajectory);

    /// <summary>Disposes of the module.</summary>
    public void Dispose() => Module.Dispose();
}
