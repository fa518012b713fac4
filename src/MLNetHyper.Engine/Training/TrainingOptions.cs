namespace MLNetHyper.Engine;

/// <summary>The options of training, a row each: for checks, for the tool's flags and their help, for checkpoints and for the documentation.</summary>
internal static class TrainingOptions
{
    /// <summary>Those that the network's shape says where it comes from elsewhere.</summary>
    internal static IReadOnlyList<TrainingOption> Network { get; } =
    [
        // A matrix between two layers of 10000 units still has fewer elements than an array may.
        new TrainingOption<IReadOnlyList<int>>(nameof(OnePassOptions.HiddenLayers), "Units of each hidden layer.", o => o.HiddenLayers, (o, v) => o with { HiddenLayers = v })
        { Values = "N,N,…|none", Range = "numbers of units from 1 to 10000 such as 50 or 50,50, or none for a linear model", Word = ("none", []), IsInRange = layers => layers.All(units => units is >= 1 and <= 10_000) },
        new TrainingOption<int>(nameof(OnePassOptions.Bins), "Bins of the piecewise-linear encoding beside each feature of more than two values; 0 for none.", o => o.Bins, (o, v) => o with { Bins = v })
        { Range = "0, or a whole number from 2 to 256", IsInRange = n => n is 0 or (>= 2 and <= 256), Default = "as many as make about 128 of all features, from 4 to 32 each; none for more than 64 features" },
        new TrainingOption<bool>(nameof(OnePassOptions.RobustScaling), "Whether standardized features are scaled by their quartiles and outliers pulled in smoothly.", o => o.RobustScaling, (o, v) => o with { RobustScaling = v })
        { Values = "on|off", Range = "on or off" },
        new TrainingOption<Activation>(nameof(OnePassOptions.Activation), "The hidden layers' activation.", o => o.Activation, (o, v) => o with { Activation = v })
        { Values = Choices<Activation>("|"), Range = $"one of {Choices<Activation>(", ")}", IsInRange = Enum.IsDefined },
    ];

    /// <summary>The others, those that build on others' objects after these.</summary>
    internal static IReadOnlyList<TrainingOption> Training { get; } =
    [
        new TrainingOption<long>(nameof(OnePassOptions.Steps), "Weight steps.", o => o.Steps, (o, v) => o with { Steps = v })
        { Range = "a whole number of at least 1", IsInRange = n => n >= 1, Default = "48 times the square root of the number of training rows, at least 1500, unless epochs or a time budget are given", InLoop = o => o.Steps, ChangesRun = false },
        new TrainingOption<int>(nameof(OnePassOptions.Epochs), "Passes over the training rows, in place of steps.", o => o.Epochs, (o, v) => o with { Epochs = v })
        { Range = "a whole number of at least 1", IsInRange = n => n >= 1, ChangesRun = false },
        new TrainingOption<TimeSpan>(nameof(OnePassOptions.TimeBudget), "Training stops after this wall-clock time; given alone, it trains anew in passes of doubling length, as long as a longer one is better.", o => o.TimeBudget, (o, v) => o with { TimeBudget = v })
        { Values = "TIME", Range = "a time such as 30s, 5m or 1h, longer than zero", IsInRange = t => t > TimeSpan.Zero, InLoop = o => o.TimeBudget, ChangesRun = false },
        new TrainingOption<long>(nameof(OnePassOptions.Patience), "Training stops when the validation loss has not improved for this many steps.", o => o.Patience, (o, v) => o with { Patience = v })
        { Range = "a whole number of at least 1", IsInRange = n => n >= 1, Default = "a tenth of the default number of steps; never where steps, epochs or a time budget are given", InLoop = o => o.Patience, ChangesRun = false },
        new TrainingOption<int>(nameof(OnePassOptions.BatchSize), "Examples in a batch.", o => o.BatchSize, (o, v) => o with { BatchSize = v })
        { Values = "N|full", Range = "a whole number of at least 1, or full", Word = ("full", int.MaxValue), IsInRange = n => n >= 1, Default = $"{OnePassOptions.Defaults.BatchSize}" },
        new TrainingOption<int>(nameof(OnePassOptions.ValidationBatchSize), "Validation examples for one hypergradient, at most.", o => o.ValidationBatchSize, (o, v) => o with { ValidationBatchSize = v })
        { Values = "N|full", Range = "a whole number of at least 1, or full", Word = ("full", int.MaxValue), IsInRange = n => n >= 1, Default = "as many as a training batch has, or full if training batches are" },
        new TrainingOption<UpdateRule>(nameof(OnePassOptions.Rule), "The update rule: how gradients change weights.", o => o.Rule, (o, v) => o with { Rule = v })
        { Values = "NAME", Range = $"one of {string.Join(", ", UpdateRules.All.Select(r => r.Name))}", InLoop = o => o.Rule },
        new TrainingOption<HypergradientMethod>(nameof(OnePassOptions.Method), "How hypergradients are estimated.", o => o.Method, (o, v) => o with { Method = v })
        { Values = "NAME", Range = $"one of {string.Join(", ", HypergradientMethods.All.Select(m => m.Name))}", Default = OnePassOptions.Defaults.Method.Name, InLoop = o => o.Method },
        new TrainingOption<int>("LookBack", "How many steps or products neumann, augmented-neumann, unrolled and implicit look back, better an odd number; for implicit-nystrom, its columns.", _ => null, (o, v) => o with { Method = HypergradientMethods.Create(o.Method.Name, lookBack: v) })
        { Range = "a whole number from 1 to 1000", IsInRange = n => n is >= 1 and <= 1000, Default = "5, 10 for implicit-nystrom", PartOf = nameof(OnePassOptions.Method) },
        new TrainingOption<double>("Decay", "For forward: the share of themselves that carried tangents keep at each step.", _ => null, (o, v) => o with { Method = HypergradientMethods.Create(o.Method.Name, decay: v) })
        { Values = "SHARE", Range = "a number from 0 to 1", IsInRange = x => x is >= 0 and <= 1, Default = "0.99", PartOf = nameof(OnePassOptions.Method) },
        new TrainingOption<IReadOnlyDictionary<string, double>>("Windows", "For fds: into how many windows, each with its own value, a run is divided for each hyperparameter.", _ => null, (o, v) => o with { Method = HypergradientMethods.Create(o.Method.Name, windows: v, passes: (o.Method as ForwardSharing)?.Passes) })
        { Values = "VALUES", Range = "whole numbers from 1 to 100 such as lr=5,momentum=1,wd=1, each name once", IsInRange = windows => windows.All(w => w.Key is Hyperparameter.LearningRate or Hyperparameter.Momentum or Hyperparameter.WeightDecay && w.Value is >= 1 and <= 100 && double.IsInteger(w.Value)), Default = "5 for lr, 1 for the others", PartOf = nameof(OnePassOptions.Method) },
        new TrainingOption<int>("Passes", "For fds: at most how many whole runs learn the schedule of these windows; one more run follows it.", _ => null, (o, v) => o with { Method = HypergradientMethods.Create(o.Method.Name, windows: (o.Method as ForwardSharing)?.Windows, passes: v) })
        { Range = "a whole number from 1 to 1000", IsInRange = n => n is >= 1 and <= 1000, Default = "10", PartOf = nameof(OnePassOptions.Method) },
        new TrainingOption<LearningRateSchedule>(nameof(OnePassOptions.LearningRateSchedule), "A curve over the run by which the learning rate is multiplied, whether or not it is tuned.", o => o.LearningRateSchedule, (o, v) => o with { LearningRateSchedule = v })
        { Values = Choices<LearningRateSchedule>("|"), Range = $"one of {Choices<LearningRateSchedule>(", ")}", IsInRange = Enum.IsDefined, InLoop = o => o.LearningRateSchedule },
        new TrainingOption<double>(nameof(OnePassOptions.AveragingDecay), "The share of itself that the average of the weights, which is validated and kept, keeps at each step; 0 for none.", o => o.AveragingDecay, (o, v) => o with { AveragingDecay = v })
        { Values = "SHARE", Range = "a number from 0 to below 1", IsInRange = x => x is >= 0 and < 1, InLoop = o => o.AveragingDecay },
        new TrainingOption<int>(nameof(OnePassOptions.TuningInterval), "Weight steps between two hyperparameter steps.", o => o.TuningInterval, (o, v) => o with { TuningInterval = v })
        { Range = "a whole number from 1 to 1000000", IsInRange = n => n is >= 1 and <= 1_000_000, InLoop = o => o.TuningInterval },
        new TrainingOption<MetaOptimizer>(nameof(OnePassOptions.MetaOptimizer), "What moves the hyperparameters along their hypergradients.", o => o.MetaOptimizer, (o, v) => o with { MetaOptimizer = v })
        { Values = "NAME", Range = $"one of {string.Join(", ", MetaOptimizers.All.Select(m => m.Name))}", Default = new OnePassOptions().MetaOptimizer.Name, InLoop = o => o.MetaOptimizer },
        new TrainingOption<double>(nameof(MetaOptimizer.MetaLearningRate), "Size of a hyperparameter step, in decades of lr and wd.", o => o.MetaOptimizer.MetaLearningRate, (o, v) => o with { MetaOptimizer = MetaOptimizers.Create(o.MetaOptimizer.Name, v) })
        { Values = "RATE", Range = "a number above 0", IsInRange = x => x > 0 && double.IsFinite(x), PartOf = nameof(OnePassOptions.MetaOptimizer) },
        new TrainingOption<IReadOnlyList<string>>(nameof(OnePassOptions.Tune), "Which hyperparameters to tune.", o => o.Tune, (o, v) => o with { Tune = v })
        { Values = "NAMES", Range = "names such as lr,wd,momentum", Default = "all that the method can tune" },
        new TrainingOption<IReadOnlyDictionary<string, double>>(nameof(OnePassOptions.Initial), "Where hyperparameters start. With a schedule, a tuned lr comes close to the rule's own value within a twentieth of the run.", o => o.Initial, (o, v) => o with { Initial = v })
        { Values = "VALUES", Range = "values such as lr=0.1,wd=1e-4,momentum=0.9, each name once", Default = "the update rule's values" },
        new TrainingOption<Granularity>(nameof(OnePassOptions.LearningRateGranularity), "One learning rate for all weights, one per weight tensor, or one per weight.", o => o.LearningRateGranularity, (o, v) => o with { LearningRateGranularity = v })
        { Values = Choices<Granularity>("|"), Range = $"one of {Choices<Granularity>(", ")}", IsInRange = Enum.IsDefined },
        new TrainingOption<Granularity>(nameof(OnePassOptions.WeightDecayGranularity), "One weight decay for all weights, one per weight tensor, or one per weight.", o => o.WeightDecayGranularity, (o, v) => o with { WeightDecayGranularity = v })
        { Values = Choices<Granularity>("|"), Range = $"one of {Choices<Granularity>(", ")}", IsInRange = Enum.IsDefined },
        new TrainingOption<double>(nameof(OnePassOptions.LabelSmoothing), "The share by which class targets are pulled towards their mean, to start from.", o => o.LabelSmoothing, (o, v) => o with { LabelSmoothing = v })
        { Values = "SHARE", Range = "a number above 0 and below 1", IsInRange = x => x is > 0 and < 1 },
        new TrainingOption<double>(nameof(OnePassOptions.InputNoise), "The standard deviation of normal noise on the standardized features at every step, to start from.", o => o.InputNoise, (o, v) => o with { InputNoise = v })
        { Values = "DEVIATION", Range = "a number above 0", IsInRange = x => x > 0 && double.IsFinite(x) },
        new TrainingOption<bool>(nameof(OnePassOptions.RetrainOnAll), "After tuning, train once more on training and validation rows together with the learned schedule.", o => o.RetrainOnAll, (o, v) => o with { RetrainOnAll = v })
        { Values = "on|off", Range = "on or off" },
        new TrainingOption<double>(nameof(OnePassOptions.GradientClip), "The largest norm of a training gradient; longer ones are scaled down to it.", o => o.GradientClip, (o, v) => o with { GradientClip = v })
        { Values = "NORM", Range = "a number above 0", IsInRange = x => x > 0, InLoop = o => o.GradientClip },
        new TrainingOption<bool>(nameof(OnePassOptions.Guard), "Whether a run that diverges goes back to weights that have proved themselves and halves its learning rate.", o => o.Guard, (o, v) => o with { Guard = v })
        { Values = "on|off", Range = "on or off", InLoop = o => o.Guard },
        new TrainingOption<int>(nameof(OnePassOptions.Members), "How many networks train side by side; the model is their mean.", o => o.Members, (o, v) => o with { Members = v })
        { Range = "a whole number from 1 to 1024", IsInRange = n => n is >= 1 and <= 1024, Default = $"{OnePassOptions.Defaults.Members}, or 1 with options that need a single network" },
        new TrainingOption<double>(nameof(OnePassOptions.Effort), "Factor on the default number of steps, if neither steps nor epochs are given.", o => o.Effort, (o, v) => o with { Effort = v })
        { Values = "TIMES", Range = "a number above 0, up to 1000", IsInRange = x => x is > 0 and <= 1000, ChangesRun = false },
        new TrainingOption<int>(nameof(OnePassOptions.Threads), "Threads that may share a large batch, or several members, where that is faster.", o => o.Threads, (o, v) => o with { Threads = v })
        { Range = "a whole number from 1 to 1024", IsInRange = n => n is >= 1 and <= 1024, Default = $"one per processor, up to {OnePassOptions.Defaults.MostThreads}; 1 beside other workers and in comparisons", ChangesRun = false },
        new TrainingOption<AveragingInterval>(nameof(OnePassOptions.AverageEvery), "After how many weight steps workers average what they have come to, where there are several.", o => o.AverageEvery, (o, v) => o with { AverageEvery = v })
        { Values = "H|growing|loss", Range = "a number of steps from 1 to 1000, or growing (doubled when the learning rate halves) or loss (with the root of the training loss), such as growing:10", IsInRange = interval => interval.Steps is >= 1 and <= AveragingInterval.Most && Enum.IsDefined(interval.Change), InLoop = o => o.AverageEvery },
        new TrainingOption<WorkerDivision>(nameof(OnePassOptions.Divide), "What workers divide, where there are several: batches, of rows that each has, or rows, of which each keeps its own.", o => o.Divide, (o, v) => o with { Divide = v })
        { Values = Choices<WorkerDivision>("|"), Range = $"one of {Choices<WorkerDivision>(", ")}", IsInRange = Enum.IsDefined, InLoop = o => o.Divide },
        new TrainingOption<int>(nameof(OnePassOptions.Seed), "Seed of everything that is drawn at random, such as initial weights and the order of rows: the same seed gives the same result.", o => o.Seed, (o, v) => o with { Seed = v })
        { Range = "a whole number", InLoop = o => o.Seed },
        new TrainingOption<string>(nameof(OnePassOptions.CheckpointPath), "Save the state here from time to time; the same run continues from it, and a different one replaces it once this one has finished.", o => o.CheckpointPath, (o, v) => o with { CheckpointPath = v })
        { Flag = "--checkpoint", Values = "FILE", Range = "the path of a file", ChangesRun = false },
        new TrainingOption<TimeSpan>(nameof(OnePassOptions.CheckpointInterval), "Shortest time between two checkpoints.", o => o.CheckpointInterval, (o, v) => o with { CheckpointInterval = v })
        { Values = "TIME", Range = "a time such as 5s or 1m", IsInRange = t => t >= TimeSpan.Zero, InLoop = o => o.CheckpointInterval, ChangesRun = false },
    ];

    internal static IReadOnlyList<TrainingOption> All { get; } = [.. Network, .. Training];

    private static string Choices<T>(string separator) where T : struct, Enum =>
        string.Join(separator, Enum.GetNames<T>().Select(name => TrainingOption.Words(name, '-')));
}
