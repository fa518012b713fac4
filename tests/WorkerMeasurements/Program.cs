// Measures what workers cost and save, and writes tables for docs/results.
//   dotnet run --project tests/WorkerMeasurements -c Release -- intervals [FOLDER]   communication by the averaging interval; FOLDER has Fashion-MNIST's files
//   dotnet run --project tests/WorkerMeasurements -c Release -- speed-up [FOLDER]    one process and two; needs MPICH's mpiexec
//   dotnet run --project tests/WorkerMeasurements -c Release -- division             memory and time of one worker, where each keeps rows of its own; needs MPICH's mpiexec
//   dotnet run --project tests/WorkerMeasurements -c Release -- simulation           64 and 1024 workers whose messages take a time that is computed
using MLNetHyper.WorkerMeasurements;

string? folder = args.ElementAtOrDefault(1);
switch (args.FirstOrDefault())
{
    case "intervals":
        Announce();
        Intervals.Write(folder);
        return 0;
    case "speed-up":
        Announce();
        SpeedUp.Write(folder);
        return 0;
    case "speed-up-row":
        SpeedUp.WriteRow(args[1], args[2], args.ElementAtOrDefault(3));
        return 0;
    case "division":
        Announce();
        Division.Write();
        return 0;
    case "division-row":
        Division.WriteRow(args[1], args[2], args[3], args[4]);
        return 0;
    case "simulation":
        Announce();
        Simulation.Write();
        return 0;
    default:
        Console.Error.WriteLine("Usage: WorkerMeasurements intervals [FOLDER]|speed-up [FOLDER]|division|simulation");
        return 2;
}

void Announce() => Console.WriteLine($"<!-- dotnet run --project tests/WorkerMeasurements -c Release -- {string.Join(' ', args)} -->");
