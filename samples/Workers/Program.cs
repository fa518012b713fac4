using MLNetHyper.Engine;
using MLNetHyper.Mpi;

using MpiWorkers workers = MpiWorkers.Join();
try
{
    // Every worker reads the whole table, and computes with its part of each batch.
    Table arms = CsvTable.Load("samples/data/kin8nm.csv");
    foreach (AveragingInterval interval in new AveragingInterval[] { AveragingInterval.EveryStep, new(20), new(20, AveragingChange.Growing) })
    {
        OnePassResult result = OnePass.Train(arms, new DataOptions { LabelColumn = "y" }, new OnePassOptions { Members = 1, Workers = workers, AverageEvery = interval });
        // All have the same model. One of them tells of it.
        if (workers.Writes)
            Console.WriteLine($"{workers.Count} workers, averaged every {interval} steps: RMSE {result.Test!.Rmse:F4} on {result.Test.Rows} rows that training never saw");
    }
}
catch
{
    // The others are not to wait for this one.
    workers.Fail();
    throw;
}
