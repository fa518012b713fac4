// Measures the ML.NET trainers and writes tables for docs/results.
//   dotnet run --project tests/MLNetMeasurements -c Release -- engine     beside the engine: errors, time, scoring
//   dotnet run --project tests/MLNetMeasurements -c Release -- trainers   beside ML.NET's own trainers
//   dotnet run --project tests/MLNetMeasurements -c Release -- automl energy   against the tuners of ML.NET AutoML
using MLNetHyper.Measurements;

string[] sets = args.Length > 1 ? args[1..] : ["energy", "kin8nm", "power", "naval"];
switch (args.FirstOrDefault())
{
    case "engine":
        BesideTheEngine.Write(sets);
        return 0;
    case "trainers":
        BesideOtherTrainers.Write(sets);
        return 0;
    case "automl":
        foreach (string set in sets)
            BesideAutoML.Write(set);
        return 0;
    default:
        Console.Error.WriteLine("Usage: MLNetMeasurements engine|trainers|automl [DATA...]");
        return 2;
}
