// Measures what large tables take, and writes tables for docs/results.
//   dotnet run --project tests/TableMeasurements -c Release -- write FILE ROWS COLUMNS   a made-up CSV file
//   dotnet run --project tests/TableMeasurements -c Release -- streamed                  a step with rows in memory, and from a temporary file
//   dotnet run --project tests/TableMeasurements -c Release -- threads                   a run on one thread and on all
//   dotnet run --project tests/TableMeasurements -c Release -- curves                    time and memory by rows, columns, width and members
using System.Globalization;
using TableMeasurements;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["write", string path, string rows, string columns]:
        MadeUpTable.Write(path, long.Parse(rows, CultureInfo.InvariantCulture), int.Parse(columns, CultureInfo.InvariantCulture));
        return 0;
    case ["streamed"]:
        Announce();
        StreamedSpeed.Write();
        return 0;
    case ["threads"]:
        Announce();
        ThreadSpeed.Write();
        return 0;
    case ["curves"]:
        Announce();
        Curves.Write();
        return 0;
    case ["curves-row", ..]:
        Curves.WriteRow(new(Number(1), Number(2), Number(3), Number(4)));
        return 0;
    default:
        Console.Error.WriteLine("Usage: TableMeasurements write FILE ROWS COLUMNS|streamed|threads|curves");
        return 2;
}

void Announce() => Console.WriteLine($"<!-- dotnet run --project tests/TableMeasurements -c Release -- {string.Join(' ', args)} -->");

int Number(int argument) => int.Parse(args[argument], CultureInfo.InvariantCulture);
