namespace MLNetHyper.Experiments;

/// <summary>
/// The protocol of table 1 of Clarke et al. 2022, exactly: an MLP of 50 ReLU units, rows divided in file order, inputs and targets
/// standardized with training and validation rows, full batches, 4000 steps, T = 10, i = 5, Adam with κ = 0.05, hyperparameters
/// drawn at random, the same draws for every method; no guard, no early stopping: the error after the last step counts.
/// </summary>
internal sealed class TableExperiment(ReferenceDataset dataset) : PaperExperiment
{
    private const int HiddenUnits = 50;

    public override string Name => dataset.Name;

    public override string Description => $"{dataset.Train} rows train, {dataset.Validation} validate, {dataset.Test} test, in file order ({dataset.Source})";

    public override string Protocol => "50 ReLU units, full batches, hyperparameters drawn at random, tuned every 10 steps, error after the last step";

    public override string Metric => "test MSE in label units";

    public override string Files => $"{dataset.Name} needs the file {dataset.FileName} of the repository's samples/data.";

    public override bool IsSample => true;

    public override int PublishedInitializations => PaperReproduction.PublishedInitializations;

    public override long PublishedSteps => PaperReproduction.PublishedSteps;

    public override LoadedExperiment Load(string folder) => With(CsvTable.Load(Path.Combine(folder, dataset.FileName)));

    internal LoadedExperiment With(Table table) => new Loaded(this, DataPreparation.Prepare<float>(table, dataset.Options));

    private sealed class Loaded(TableExperiment experiment, PreparedData<float> data) : LoadedNetworkExperiment(experiment)
    {
        private readonly Lazy<Examples<float>> _all = new(() => data.Train.Join(data.Validation));

        internal override Architecture Architecture => new(data.Train.InputCount, [HiddenUnits], 1, Activation.Relu, Loss.SquaredError);

        internal override Examples<float> Validation => data.Validation;

        internal override Examples<float> Training(bool withValidation) => withValidation ? _all.Value : data.Train;

        internal override double TestError(NetworkObjective<float> objective, DenseVector<float> weights)
        {
            double rmse = Evaluation.Error(objective.Architecture, weights, data.Test!, data.Target);
            return rmse * rmse;
        }
    }
}
