// Measures one pass against ML.NET AutoML and writes tables for docs/results.
//   dotnet run --project tests/AutoMLMeasurements -c Release -- energy                       AutoML's tuners of the same network, at equal cost
//   dotnet run --project tests/AutoMLMeasurements -c Release -- suite FOLDER [DIVISIONS]     AutoML with all its trainers and ten times the seconds, on every table of a folder
using MLNetHyper.Measurements;

if (args.Length == 0 || args is ["suite"])
{
    Console.Error.WriteLine("Usage: AutoMLMeasurements DATA..., or AutoMLMeasurements suite FOLDER [DIVISIONS]");
    return 2;
}
if (args[0] == "suite")
    return SuiteOfAutoML.Write(args[1..]);
foreach (string set in args)
    BesideAutoML.Write(set);
return 0;
