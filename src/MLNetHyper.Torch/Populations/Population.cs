using System.Numerics;
using MLNetHyper.Engine;

namespace MLNetHyper.Torch;

/// <summary>
/// Many networks of one shape in one run of <see cref="OnePassLoop{TVector}"/>, each from hyperparameters and weights of its own. Members
/// see the same batches and never influence each other.
/// </summary>
internal static class Population
{
    /// <summary>Prepares the run.</summary>
    /// <param name="objective">All members' networks.</param>
    /// <param name="training">The training batches.</param>
    /// <param name="validation">The validation batches; null only for methods that do not use them.</param>
    /// <param name="options">How to run.</param>
    /// <param name="starts">For each member, its initial hyperparameters by name; those left out are the options'.</param>
    /// <param name="seeds">For each member, the seed of its initial weights; null for the options' and those that follow.</param>
    internal static OnePassLoop<TorchVector> Prepare<T>(TorchNetworkObjective<T> objective, BatchSource training, BatchSource? validation, LoopOptions options, IReadOnlyList<IReadOnlyDictionary<string, double>> starts, IReadOnlyList<int>? seeds = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        options.Validate([]);
        Require(objective.Members, options, starts);
        // One value for each tensor is one for each member, since a population's tensors are its members.
        // What the rule has one value of for all, and no start another one, stays so.
        Hyperparameter[] definitions = [.. options.Definitions.Select(h => Widened(h, starts) is var widened && IsOneForAll(options.Rule, h, starts) ? widened : widened with { Granularity = Granularity.PerTensor })];
        if (options.Rule.Incompatibility(definitions) is not null)
            throw new ArgumentException(Impossible($"the update rule '{options.Rule.Name}', which has hyperparameters that only one value for all can have"), nameof(options));
        var loop = new OnePassLoop<TorchVector>(objective, training, validation, options with { Hyperparameters = definitions, InitialWeights = seeds is null ? null : objective.Draw(seeds) });
        foreach (HyperparameterValue<TorchVector> value in loop.Hyperparameters)
            value.SetRaw([.. (value.Count == 1 ? starts.Take(1) : starts).Select(s => value.Definition.Transform.ToRaw(s.TryGetValue(value.Definition.Name, out double start) ? start : value.Definition.Initial))]);
        return loop;
    }

    /// <summary>The members of a run that has ended.</summary>
    internal static PopulationMember[] MembersOf(LoopResult<TorchVector> result)
    {
        float[][] final = Split(result.FinalWeights, result.Models.Count), best = Split(result.Weights, result.Models.Count);
        return [.. result.Models.Select((model, k) => new PopulationMember
        {
            Status = model.Status,
            Weights = ToVector(best[k]),
            FinalWeights = ToVector(final[k]),
            BestStep = model.BestStep,
            BestValidationLoss = double.IsFinite(model.BestValidationLoss) ? model.BestValidationLoss : double.NaN,
            Rollbacks = model.Rollbacks,
            Trajectory = model.Trajectory,
        })];
    }

    /// <summary>Bounds of tuning that exclude a start widen to it.</summary>
    private static Hyperparameter Widened(Hyperparameter h, IEnumerable<IReadOnlyDictionary<string, double>> starts) =>
        starts.Aggregate(h, (widened, start) => start.TryGetValue(h.Name, out double value) ? widened.StartingAt(value) with { Initial = h.Initial } : widened);

    private static bool IsOneForAll(UpdateRule rule, Hyperparameter h, IEnumerable<IReadOnlyDictionary<string, double>> starts) =>
        rule.Incompatibility([h with { Granularity = Granularity.PerTensor }]) is not null && starts.All(start => !start.TryGetValue(h.Name, out double value) || value == h.Initial);

    private static float[][] Split(TorchVector vector, int members)
    {
        double[] all = new double[vector.Length];
        vector.CopyTo(all);
        return [.. all.Chunk(vector.Length / members).Select(part => Array.ConvertAll(part, v => (float)v))];
    }

    private static DenseVector<float> ToVector(float[] values)
    {
        var vector = new DenseVector<float>(values.Length);
        values.CopyTo(vector.Span);
        return vector;
    }

    private static void Require(int members, LoopOptions options, IReadOnlyList<IReadOnlyDictionary<string, double>> starts)
    {
        if (starts.Count != members)
            throw new ArgumentException($"There are {members} members but {starts.Count} starts.", nameof(starts));
        foreach (Hyperparameter definition in options.Definitions)
        {
            if (definition.Granularity != Granularity.Scalar)
                throw new ArgumentException($"Each member of a population has one value of '{definition.Name}', not one {(definition.Granularity == Granularity.PerTensor ? "per tensor" : "per weight")}. Make it a scalar, or train members one by one.", nameof(options));
        }
        foreach ((string name, double value) in starts.SelectMany(start => start))
        {
            Hyperparameter definition = options.Definitions.FirstOrDefault(h => h.Name == name)
                ?? throw new ArgumentException($"The update rule '{options.Rule.Name}' has no hyperparameter '{name}'; it has {string.Join(", ", options.Definitions.Select(h => h.Name))}.", nameof(starts));
            if (definition.StartingAt(value).Fault() is { } fault)
                throw new ArgumentException(fault, nameof(starts));
        }
        string? impossible =
            !options.Method.SeparatesModels ? $"the method '{options.Method.Name}'"
            : options.GradientClip is not null ? nameof(LoopOptions.GradientClip)
            : options.Patience is not null ? nameof(LoopOptions.Patience)
            : options.CheckpointPath is not null ? nameof(LoopOptions.CheckpointPath)
            : options.Schedule is not null ? nameof(LoopOptions.Schedule)
            : options.InitialWeights is not null ? nameof(LoopOptions.InitialWeights)
            : null;
        if (impossible is not null)
            throw new ArgumentException(Impossible(impossible), nameof(options));
    }

    private static string Impossible(string what) => $"Populations do not have {what}. Leave it out, or train members one by one.";
}
