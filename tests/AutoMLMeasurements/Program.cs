// Measures one pass against the tuners of ML.NET AutoML and writes tables for docs/results.
//   dotnet run --project tests/AutoMLMeasurements -c Release -- energy
using MLNetHyper.Measurements;

if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: AutoMLMeasurements DATA...");
    return 2;
}
foreach (string set in args)
    BesideAutoML.Write(set);
return 0;
