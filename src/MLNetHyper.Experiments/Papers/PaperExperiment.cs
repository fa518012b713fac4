namespace MLNetHyper.Experiments;

/// <summary>
/// One data set's experiment of Clarke et al. 2022: many random initializations of weights and hyperparameters, one training of each
/// with every method, the error after the last step. A further one is a subclass beside the engine that trains it, and an entry in the
/// list that its program passes to the command-line tool.
/// </summary>
public abstract class PaperExperiment
{
    /// <summary>The tuning interval T of all published experiments.</summary>
    internal const int Interval = 10;

    internal PaperExperiment()
    {
    }

    /// <summary>The experiments that the managed engine runs.</summary>
    public static IReadOnlyList<PaperExperiment> Managed { get; } = [.. ReferenceDataset.All.Select(set => new TableExperiment(set)), new FashionMnistExperiment()];

    /// <summary>Its name on the command line: the data set's.</summary>
    public abstract string Name { get; }

    /// <summary>The data, their division and their source in a line.</summary>
    public abstract string Description { get; }

    /// <summary>What is trained, and how, in a line.</summary>
    public abstract string Protocol { get; }

    /// <summary>What is measured after the last step, with its unit if it has one. Smaller is better.</summary>
    public abstract string Metric { get; }

    /// <summary>Which files the folder with the data must hold, as a sentence.</summary>
    public abstract string Files { get; }

    /// <summary>Whether the samples in the repository include the data.</summary>
    public virtual bool IsSample => false;

    /// <summary>The published number of random initializations.</summary>
    public abstract int PublishedInitializations { get; }

    /// <summary>The published number of weight steps.</summary>
    public abstract long PublishedSteps { get; }

    /// <summary>Errors from here on count as failures, as numbers that are not finite do. Default: none.</summary>
    public virtual double FailureFrom => double.PositiveInfinity;

    /// <summary>The rows that can be run. Default: <see cref="PaperMethod.All"/>.</summary>
    public virtual IReadOnlyList<PaperMethod> Methods => PaperMethod.All;

    /// <summary>Reads the data.</summary>
    /// <param name="folder">The folder with the data set's files.</param>
    /// <returns>The experiment, ready to run; the caller disposes of it.</returns>
    /// <exception cref="DataFormatException">A file is absent or damaged; the message says which, and what is needed.</exception>
    public abstract LoadedExperiment Load(string folder);

    /// <summary>The published figures of a method, or null.</summary>
    /// <param name="method">Its key.</param>
    internal PublishedResult? Published(string method) => PublishedResult.All.FirstOrDefault(p => p.Dataset == Name && p.Method == method);
}
