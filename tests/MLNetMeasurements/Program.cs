// Measures the ML.NET trainers and writes tables for docs/results.
//   dotnet run --project tests/MLNetMeasurements -c Release -- engine     beside the engine: errors, time, scoring
//   dotnet run --project tests/MLNetMeasurements -c Release -- trainers   beside ML.NET's own trainers
//   dotnet run --project tests/MLNetMeasurements -c Release -- suite FOLDER [DIVISIONS [CONTESTANTS]]   on every table of a folder, beside trees
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
    case "suite" when args.Length > 1:
        return SuiteOfTrainers.Write(args[1..]);
    default:
        Console.Error.WriteLine("Usage: MLNetMeasurements engine|trainers [DATA...], or MLNetMeasurements suite FOLDER [DIVISIONS [CONTESTANTS]]");
        return 2;
}
