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

    internal void Turn()
    {
        long start = Stopwatch.GetTimestamp();
        takeSteps(_steps);
        if (device?.type == DeviceType.CUDA)
            cuda.synchronize(device);
        SecondsPerStep = Math.Min(SecondsPerStep, Stopwatch.GetElapsedTime(start).TotalSeconds / _steps);
    }
}

internal static class Turns
{
    internal const int Interval = 10;

    /// <summary>Lets all take turns for a while; the fastest turn of each counts.</summary>
    internal static void Take(IReadOnlyList<Timed> all, double seconds)
    {
        foreach (Timed timed in all)
            timed.WarmUp(milliseconds: 30);
        long start = Stopwatch.GetTimestamp();
        do
        {
            foreach (Timed timed in all)
                timed.Turn();
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds);
    }

    /// <summary>A training loop by one method, its hyperparameters tuned but hardly moving: a window that the guard undoes costs less.</summary>
    internal static Timed Loop<TVector>(string name, IObjective<TVector> objective, BatchSource training, BatchSource validation, HypergradientMethod method, Device? device)
        where TVector : class, IVector<TVector>
    {
        OnePassOptions options = new() { Method = method };
        var loop = new OnePassLoop<TVector>(objective, training, method is Fixed ? null : validation, new LoopOptions
        {
            Method = method,
            Hyperparameters = [.. options.Hyperparameters().Select(h => h.Name == Hyperparameter.LearningRate ? h with { Initial = 1e-3 } : h)],
            Interval = Interval,
            Steps = long.MaxValue,
            MetaOptimiser = new AdamMetaOptimiser(1e-9),
        });
        long step = 0;
        return new(name, steps => loop.RunTo(step += steps, CancellationToken.None), device);
    }
}
