using System.Runtime.InteropServices;
using MLNetHyper.Engine;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>The mean loss of any module on batches of tensors, with derivatives by autograd.</summary>
/// <remarks>
/// <para>A run needs several copies of the module, one for each point at which its loss stays differentiable, so it takes a function
/// that makes one. All share the weights of the flat vectors they are bound to; buffers and frozen parameters are those of the first.</para>
/// <para>Dropout is on for training batches only; its masks come from the seed and the step. Batch normalization uses the statistics
/// of the batch at hand throughout, as the reference code of Clarke et al. 2022 does; <see cref="CreateTrained"/> fills in the running ones.</para>
/// <para>Not for several threads at once: TorchSharp's random numbers and scopes are shared. Initial weights and dropout's masks are drawn
/// from libtorch's one generator, which is seeded for them: seed it anew after a training whose caller draws numbers too.</para>
/// </remarks>
public sealed class TorchObjective : IObjective<TorchVector>, IDisposable
{
    /// <summary>Batches that running statistics are averaged over: at PyTorch's momentum of 0.1, what was there before counts for 3 in 100,000 then.</summary>
    private const int StatisticsBatches = 100;

    private readonly Func<bool, nn.Module<Tensor, Tensor>> _create;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly ModuleValidation? _validation;
    private readonly ModuleWeights _first;
    private readonly VectorPool _pool;
    private readonly List<IDisposable> _owned = [];
    private long _seed;

    /// <summary>An objective for one kind of module.</summary>
    /// <param name="create">Makes a module. It is called a few times, and must give the same layers each time.</param>
    /// <param name="loss">The mean loss of the module's output (first) and the batch's targets: a tensor of one element.</param>
    /// <param name="device">Where to compute. Default: the CPU.</param>
    /// <param name="type">Float32 (default) or Float64.</param>
    /// <param name="regularizer">What the training loss has beside this one, with hyperparameters of its own. Default: nothing.</param>
    /// <param name="validation">What validates in place of the loss. Default: the loss.</param>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    /// <exception cref="ArgumentException">The module has nothing to train, or the type is another.</exception>
    public TorchObjective(Func<nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, Device? device = null, ScalarType type = ScalarType.Float32, ModuleRegularizer? regularizer = null, ModuleValidation? validation = null)
        : this(_ => create(), loss, device, type, regularizer, validation) => ArgumentNullException.ThrowIfNull(create);

    /// <summary>The same with two forms of one module: a fast one, and one whose gradient can be differentiated, of the same parameters in the same order.</summary>
    /// <param name="create">Makes a module, given whether its gradient will be differentiated.</param>
    /// <param name="loss">The mean loss of the module's output (first) and the batch's targets: a tensor of one element.</param>
    /// <param name="device">Where to compute. Default: the CPU.</param>
    /// <param name="type">Float32 (default) or Float64.</param>
    /// <param name="regularizer">What the training loss has beside this one, with hyperparameters of its own. Default: nothing.</param>
    /// <param name="validation">What validates in place of the loss. Default: the loss.</param>
    /// <exception cref="TorchUnavailableException">libtorch, or the device, is not to be had.</exception>
    /// <exception cref="ArgumentException">The module has nothing to train, or the type is another.</exception>
    public TorchObjective(Func<bool, nn.Module<Tensor, Tensor>> create, Func<Tensor, Tensor, Tensor> loss, Device? device = null, ScalarType type = ScalarType.Float32, ModuleRegularizer? regularizer = null, ModuleValidation? validation = null)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(loss);
        if (type is not (ScalarType.Float32 or ScalarType.Float64))
            throw new ArgumentException($"Modules are tuned in Float32 or Float64, not {type}.", nameof(type));
        if (validation is not null && regularizer is { ActsInValidation: true })
            throw new ArgumentException("Regularizers that tune themselves need the module's own loss for validation. Leave the other validation loss out, or tune them by another method.", nameof(validation));
        TorchRuntime.Require(device);
        Device = device ?? CPU;
        HashSet<nn.Module> made = new(ReferenceEqualityComparer.Instance);
        _create = forProducts => create(forProducts) is { } module && made.Add(module)
            ? module
            : throw new InvalidOperationException("The function that creates the module must make a new one each time it is called: a run needs several, one for each point at which the loss stays differentiable.");
        (_loss, Type, Regularizer, _validation) = (loss, type, regularizer, validation);
        _pool = new(Device, type);
        random.manual_seed(0).Dispose();
        _first = new ModuleWeights(() => _create(false), Device, type);
    }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    /// <summary>Float32 or Float64.</summary>
    public ScalarType Type { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TensorSegment> Tensors => _first.Tensors;

    /// <inheritdoc/>
    /// <remarks>Those of the regularizer.</remarks>
    public IReadOnlyList<Hyperparameter> Hyperparameters => Regularizer?.Hyperparameters ?? [];

    /// <inheritdoc/>
    public bool ValidationGradientIsNoisy => Regularizer is { ActsInValidation: true };

    /// <inheritdoc/>
    public TorchVector CreateVector() => _pool.Create(_first.Length);

    /// <inheritdoc/>
    public TorchVector CreateVector(int length) => _pool.Create(length);

    /// <inheritdoc/>
    /// <remarks>As the module initializes itself after <c>torch.manual_seed</c>, on the CPU whatever the device.</remarks>
    public void Initialize(TorchVector weights, int seed)
    {
        ArgumentNullException.ThrowIfNull(weights);
        _seed = seed;
        random.manual_seed(seed).Dispose();
        using ModuleWeights module = CreateModule(forProducts: false);
        module.CopyTo(weights);
    }

    /// <inheritdoc/>
    public LossSum CreateLossSum() => Own(new TorchLossSum(Device));

    /// <inheritdoc/>
    public ILinearization<TorchVector> CreateLinearization(bool withProducts = true) =>
        Own(new ModuleLinearization(this, WithSharedConstants(CreateModule(withProducts)), withProducts));

    /// <inheritdoc/>
    public ILinearization<TorchVector> CreateTraining(IReadOnlyList<HyperparameterValue<TorchVector>> values, bool withProducts) =>
        Own(new ModuleLinearization(this, WithSharedConstants(CreateModule(withProducts)), withProducts, Regularizer is null ? null : values));

    /// <inheritdoc/>
    public ILinearization<TorchVector> CreateValidation(IReadOnlyList<HyperparameterValue<TorchVector>> values) => ValidationGradientIsNoisy && values.Any(value => value.Definition.Tuned)
        ? Own(new DirectLinearization(this, WithSharedConstants(CreateModule(forProducts: false)), values))
        : Own(new ModuleLinearization(this, WithSharedConstants(CreateModule(forProducts: false)), withProducts: false, validation: _validation));

    /// <summary>
    /// A module of its own with the given weights, ready to use: in evaluation mode, its running statistics those of training
    /// batches at these weights. The caller disposes of it.
    /// </summary>
    /// <param name="weights">The weights, as in a result.</param>
    /// <param name="training">The batches for running statistics; null if the module has none.</param>
    public nn.Module<Tensor, Tensor> CreateTrained(TorchVector weights, BatchSource? training = null)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ModuleWeights module = CreateModule(forProducts: false);
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        for (int i = 0; i < Tensors.Count; i++)
            module.Parameters[i].copy_(weights.Tensor.narrow(0, Tensors[i].Start, Tensors[i].Length).view(module.Parameters[i].shape));
        foreach ((Tensor own, Tensor shared) in module.Constants.Zip(_first.Constants))
            own.copy_(shared);
        NormBase[] norms = [.. module.Module.modules().OfType<NormBase>()];
        if (training is not null && norms.Length > 0)
            Normalize(module.Module, norms, training);
        module.Module.eval();
        return module.Module;
    }

    /// <summary>Disposes of all vectors and modules that it made, those of results among them; not of what <see cref="CreateTrained"/> returned.</summary>
    public void Dispose()
    {
        foreach (IDisposable owned in _owned)
            owned.Dispose();
        _owned.Clear();
        _pool.Dispose();
        _first.Dispose();
    }

    /// <summary>How many vectors there are.</summary>
    internal int VectorCount => _pool.Count;

    internal ModuleRegularizer? Regularizer { get; }

    /// <summary>The module's output: with a regularizer's values, as it has it in training.</summary>
    internal Tensor OutputOf(nn.Module<Tensor, Tensor> module, TorchBatch batch, RegularizerValues? values) =>
        values is null ? module.call(batch.Inputs) : Regularizer!.Output(module, batch, values.Leaves);

    /// <summary>The output's loss, likewise.</summary>
    internal Tensor LossOf(Tensor output, TorchBatch batch, RegularizerValues? values = null) =>
        OneNumber(values is null ? _loss(output, batch.Targets) : Regularizer!.Loss(output, batch, values.Leaves, _loss));

    /// <summary>The loss, which must be one number.</summary>
    internal static Tensor OneNumber(Tensor loss) => loss.numel() == 1
        ? loss
        : throw new InvalidOperationException($"The loss must be one number, the mean over the batch, but it has the shape [{string.Join(", ", loss.shape)}]. Use a mean reduction.");

    /// <summary>Throws before libtorch would.</summary>
    internal static void RequireDependence(Tensor loss)
    {
        if (!loss.requires_grad)
            throw new InvalidOperationException("The loss does not depend on the weights. Compute it from the module's output, without detaching it and outside of no_grad.");
    }

    /// <summary>What libtorch found wrong, with what it was given.</summary>
    internal static InvalidOperationException Failure(TorchBatch batch, ExternalException e)
    {
        static string Describe(Tensor tensor) => $"of shape [{string.Join(", ", tensor.shape)}], {tensor.dtype}, on {tensor.device}";
        return new($"The module or its loss failed on inputs {Describe(batch.Inputs)} and targets {Describe(batch.Targets)}: {e.Message.Split('\n')[0]}", e);
    }

    /// <summary>Makes the random masks of a step depend on its number and the seed alone; negative numbers are those of validation.</summary>
    internal void SeedMasks(long number) => random.manual_seed(unchecked((_seed * 1_000_003) + number)).Dispose();

    private T Own<T>(T disposable) where T : IDisposable
    {
        _owned.Add(disposable);
        return disposable;
    }

    private ModuleWeights CreateModule(bool forProducts)
    {
        var module = new ModuleWeights(() => _create(forProducts), Device, Type);
        if (module.Tensors.Select(t => t.Length).SequenceEqual(_first.Tensors.Select(t => t.Length)))
            return module;
        module.Dispose();
        throw new InvalidOperationException($"The function that creates the module must give the same layers each time, but gave {_first.Length} weights in {_first.Tensors.Length} tensors and then {module.Length} in {module.Tensors.Length}.");
    }

    private ModuleWeights WithSharedConstants(ModuleWeights module)
    {
        using IDisposable mode = no_grad();
        foreach ((Tensor own, Tensor shared) in module.Constants.Zip(_first.Constants))
            own.set_(shared);
        return module;
    }

    private static void Normalize(nn.Module<Tensor, Tensor> module, NormBase[] norms, BatchSource training)
    {
        foreach (NormBase norm in norms)
            norm.reset_running_stats();
        module.eval();
        foreach (NormBase norm in norms)
            norm.train();
        for (int i = 0; i < StatisticsBatches; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            module.call(((TorchBatch)training.BatchAt(i)).Inputs);
        }
    }
}
