using System.Diagnostics;
using MLNetHyper.Engine;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNetHyper.Torch.Measurements;

/// <summary>Something that takes weight steps, timed in turns with others so that whatever else the machine does hits all alike.</summary>
internal sealed class Timed(string name, Action<int> takeSteps, Device? device)
{
    private int _steps = Turns.Interval;

    internal string Name => name;

    internal double SecondsPerStep { get; private set; } = double.PositiveInfinity;

    /// <summary>Gives turns about this length.</summary>
    internal void WarmUp(double milliseconds)
    {
        takeSteps(2 * Turns.Interval);
        Turn();
        Turn();
        _steps = Turns.Interval * Math.Max(1, (int)(milliseconds / 1000 / SecondsPerStep / Turns.Interval));
        SecondsPerStep = double.PositiveInfinity;
    }

    /// <summary>Time that has passed; where only this process's one thread computes, what the processor spent on it, whatever else the machine has to do.</summary>
    internal static TimeSpan Now(Device? device) => device?.type == DeviceType.CUDA ? Stopwatch.GetElapsedTime(0) : Environment.CpuUsage.TotalTime;

    internal void Turn()
    {
        TimeSpan start = Now(device);
        takeSteps(_steps);
        if (device?.type == DeviceType.CUDA)
            cuda.synchronize(device);
        SecondsPerStep = Math.Min(SecondsPerStep, (Now(device) - start).TotalSeconds / _steps);
    }
}

internal static class Turns
{
    internal const int Interval = 10;

    /// <summary>What is counted, in words.</summary>
    internal static string Clock(Device device) => device.type == DeviceType.CUDA ? "elapsed time" : "processor time of one thread";

    /// <summary>Lets all take turns for a while; the fastest turn of each counts.</summary>
    internal static void Take(IReadOnlyList<Timed> all, double seconds, Device device)
    {
        foreach (Timed timed in all)
            timed.WarmUp(milliseconds: 30);
        TimeSpan start = Timed.Now(device);
        do
        {
            foreach (Timed timed in all)
                timed.Turn();
        }
        while ((Timed.Now(device) - start).TotalSeconds < seconds);
    }

    /// <summary>A training loop by one method, its hyperparameters tuned but hardly moving: a window that the guard undoes costs less.</summary>
    internal static Timed Loop<TVector>(string name, IObjective<TVector> objective, BatchSource training, BatchSource validation, HypergradientMethod method, Device? device)
        where TVector : class, IVector<TVector>
    {
        OnePassOptions options = OnePassOptions.Published with { Method = method };
        var loop = new OnePassLoop<TVector>(objective, training, method.UsesValidation ? validation : null, new LoopOptions
        {
            Method = method,
            Hyperparameters = [.. options.Hyperparameters().Select(h => h.Name == Hyperparameter.LearningRate ? h with { Initial = 1e-3 } : h)],
            TuningInterval = Interval,
            Steps = long.MaxValue,
            MetaOptimizer = new AdamMetaOptimizer(1e-9),
        });
        long step = 0;
        return new(name, steps => loop.RunTo(step += steps, CancellationToken.None), device);
    }
}
