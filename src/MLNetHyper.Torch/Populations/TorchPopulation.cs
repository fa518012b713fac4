using MLNetHyper.Engine;
using TorchSharp;

namespace MLNetHyper.Torch;

/// <summary>
/// Trains many networks of one shape at once, each from its own initial hyperparameters and weights: as one batched computation,
/// which on a GPU costs little more than a few of them. With the method <see cref="Fixed"/> it is a random or grid search.
/// </summary>
public static class TorchPopulation
{
    /// <summary>Trains.</summary>
    /// <param name="architecture">The networks' shape.</param>
    /// <param name="starts">For each member, its initial hyperparameters by name; those left out are the options'.</param>
    /// <param name="training">The training rows; all members see the same batches.</param>
    /// <param name="validation">The validation rows; null or empty only for methods that do not use them.</param>
    /// <param name="options">How to train. Member k has the seed <see cref="RunOptions.Seed"/> + k.</param>
    /// <param name="device">Where to compute. Default: the CPU.</param>
    /// <param name="progress">Told of every hyperparameter step; losses and hyperparameters are those of the first member.</param>
    /// <param name="cancellation">Takes effect within one step.</param>
    /// <returns>The members in the order of their starts.</returns>
    /// <exception cref="ArgumentException">The options do not fit together, or a population cannot have them.</exception>
    /// <exception cref="TorchMemoryException">The population does not fit into the device's memory.</exception>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    public static IReadOnlyList<PopulationMember> Train(Architecture architecture, IReadOnlyList<IReadOnlyDictionary<string, double>> starts, Examples<float> training, Examples<float>? validation, OnePassOptions options, torch.Device? device = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentNullException.ThrowIfNull(starts);
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(options);
        if (starts.Count == 0)
            throw new ArgumentException("A population needs at least one member: give the initial hyperparameters of each, empty for the defaults.", nameof(starts));
        options.CheckTraining();
        if (training.Count == 0)
            throw new ArgumentException("There are no training rows.", nameof(training));
        if (validation is { Count: 0 })
            validation = null;
        if (options.RetrainOnAll)
            throw new ArgumentException($"Populations do not have {nameof(OnePassOptions.RetrainOnAll)}. Leave it out, or train members one by one.", nameof(options));
        TorchRuntime.Require(device);
        MemoryEstimate estimate = MemoryEstimate.Of(architecture, training, validation, options).Times(starts.Count);
        return new DeviceMemory(device ?? torch.CPU, estimate).Train(() =>
        {
            using var objective = new TorchNetworkObjective<float>(architecture, starts.Count, device);
            BatchSource batches = objective.CreateBatchSource(training, options.BatchSizeFor(training.Count), options.Seed, options.TuningInterval + 1);
            BatchSource? heldOut = validation is null ? null : objective.CreateBatchSource(validation, options.ValidationBatchSizeFor(training.Count, validation.Count), options.Seed, 2);
            return Population.MembersOf(Population.Prepare(objective, batches, heldOut, options.ToLoop(training.Count) with { Patience = options.Patience }, starts).Run(progress, cancellation));
        });
    }
}
