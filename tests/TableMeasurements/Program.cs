using TableMeasurements;

switch (args)
{
    case ["write", string path, string rows, string columns]:
        MadeUpTable.Write(path, long.Parse(rows), int.Parse(columns));
        return 0;
    default:
        Console.Error.WriteLine("TableMeasurements write FILE ROWS COLUMNS");
        return 2;
}
