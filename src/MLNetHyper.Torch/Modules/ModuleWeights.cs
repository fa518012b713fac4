using MLNetHyper.Engine;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNetHyper.Torch;

/// <summary>A module whose weights are views of whichever flat vector it was last bound to.</summary>
internal sealed class ModuleWeights : IDisposable
{
    private readonly Parameter[] _parameters;
    private TorchVector? _bound;
    private TorchVector? _gradient;
    private bool? _isTraining;

    internal ModuleWeights(Func<nn.Module<Tensor, Tensor>> create, Device device, ScalarType type)
    {
        // What the module keeps must outlive the scope that takes what making it left behind.
        using DisposeScope scope = NewDisposeScope();
        nn.Module<Tensor, Tensor> module = create();
        Module = module;
        module.to(device).to(type);
        foreach (Tensor tensor in module.parameters().Concat(module.buffers()))
            tensor.DetachFromDisposeScope();
        (string Name, Parameter Parameter)[] named = [.. module.named_parameters().Where(p => p.parameter.requires_grad)];
        if (named.Length == 0)
            throw new ArgumentException($"The module '{module.GetName()}' has no parameters that can be trained.", nameof(create));
        _parameters = [.. named.Select(p => p.Parameter)];
        Tensors = new TensorSegment[named.Length];
        int start = 0;
        for (int i = 0; i < named.Length; i++)
        {
            long[] shape = named[i].Parameter.shape;
            int length = checked((int)named[i].Parameter.numel());
            Tensors[i] = new TensorSegment(named[i].Name, start, length, (int)shape.Skip(1).Aggregate(1L, (a, b) => a * b));
            start = checked(start + length);
        }
        Length = start;
    }

    internal nn.Module<Tensor, Tensor> Module { get; }

    internal TensorSegment[] Tensors { get; }

    internal int Length { get; }

    internal IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>What is not trained: frozen parameters and buffers such as running statistics.</summary>
    internal IEnumerable<Tensor> Constants => Module.parameters().Where(p => !p.requires_grad).Concat(Module.buffers());

    /// <summary>Copies the weights that the module has now.</summary>
    internal void CopyTo(TorchVector weights)
    {
        using DisposeScope scope = NewDisposeScope();
        for (int i = 0; i < _parameters.Length; i++)
            View(weights, i).copy_(_parameters[i].detach());
    }

    /// <summary>Makes the module's weights views of a vector's elements. What the module computed before stays as it was.</summary>
    internal void Bind(TorchVector weights)
    {
        if (_bound == weights)
            return;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable mode = no_grad();
        for (int i = 0; i < _parameters.Length; i++)
            _parameters[i].set_(View(weights, i));
        _bound = weights;
    }

    /// <summary>Makes backward passes add to a vector's elements.</summary>
    internal void GatherInto(TorchVector gradient)
    {
        if (_gradient == gradient)
            return;
        for (int i = 0; i < _parameters.Length; i++)
        {
            using Tensor view = View(gradient, i);
            _parameters[i].grad = view;
        }
        _gradient = gradient;
    }

    /// <summary>Makes backward passes leave new tensors in the parameters' gradients.</summary>
    internal void GatherAnew()
    {
        foreach (Parameter parameter in _parameters)
            parameter.grad = null;
        _gradient = null;
    }

    /// <summary>Turns dropout on or off. Batch normalization always uses the batch's statistics: running ones lag behind the weights.</summary>
    internal void SetMode(bool isTraining)
    {
        if (_isTraining == isTraining)
            return;
        Module.train(isTraining);
        foreach (nn.Module module in Module.modules())
        {
            if (module is NormBase)
                module.train();
        }
        _isTraining = isTraining;
    }

    public void Dispose()
    {
        GatherAnew();
        Module.Dispose();
    }

    private Tensor View(TorchVector vector, int i) =>
        vector.Tensor.narrow(0, Tensors[i].Start, Tensors[i].Length).view(_parameters[i].shape);
}
