namespace MLNetHyper.Engine;

/// <summary>
/// The protocol of table 1 of Clarke et al. 2022, exactly: an MLP of 50 ReLU units, rows divided in file order, inputs and targets
/// standardised with training and validation rows, full batches, 4000 steps, T = 10, i = 5, Adam with κ = 0.05, hyperparameters
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

    public override int PublishedInitialisations => PaperReproduction.PublishedInitialisations;

    public override long PublishedSteps => PaperReproduction.PublishedSteps;

    public override LoadedExperiment Load(string folder) => With(CsvTable.Load(Path.Combine(folder, dataset.FileName)));

    internal LoadedExperiment With(Table table) => new Loaded(this, DataPreparation.Prepare<float>(table, dataset.Options));

    private sealed class Loaded(TableExperiment experiment, PreparedData<float> data) : LoadedExperiment(experiment)
    {
        internal override PaperRun Run(PaperMethod method, long steps, int seed, CancellationToken cancellation)
        {
            var objective = new NetworkObjective<float>(new Architecture(data.Features.FeatureCount, [HiddenUnits], 1, Activation.Relu, Loss.SquaredError));
            LoopOptions options = method.Options(steps, seed);
            Examples<float> train = method.TrainsOnValidation ? data.Train.Join(data.Validation) : data.Train;
            BatchSource training = objective.CreateBatchSource(train, int.MaxValue, shuffleSeed: null, retained: options.Interval + 1);
            BatchSource? validation = method.TrainsOnValidation ? null : objective.CreateBatchSource(data.Validation, int.MaxValue, shuffleSeed: null, retained: 1);
            LoopResult<DenseVector<float>> result = new OnePassLoop<DenseVector<float>>(objective, training, validation, options).Run(cancellation: cancellation);
            double rmse = Evaluation.Measure(objective, result.FinalWeights, data.Test!, data.Target).Rmse!.Value;
            return PaperRun.Of(result, rmse * rmse);
        }
    }
}
