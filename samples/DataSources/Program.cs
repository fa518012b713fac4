using Microsoft.Data.Analysis;
using Microsoft.Data.Sqlite;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper.Engine;
using Parquet;
using Parquet.Schema;

// The same buildings from a CSV file, a database and a Parquet file give the same model.
Table file = CsvTable.Load("samples/data/energy.csv");
string[] names = [.. file.Columns.Select(column => column.Name)];
Show("CSV file", file);

// A database: any provider of ADO.NET has a reader.
using var connection = new SqliteConnection("Data Source=:memory:");
connection.Open();
using SqliteCommand create = connection.CreateCommand();
create.CommandText = $"CREATE TABLE buildings ({string.Join(", ", names.Select(name => $"{name} REAL"))})";
create.ExecuteNonQuery();
using SqliteTransaction transaction = connection.BeginTransaction();
using SqliteCommand insert = connection.CreateCommand();
insert.CommandText = $"INSERT INTO buildings VALUES ({string.Join(", ", names.Select(name => $"${name}"))})";
for (int row = 0; row < file.RowCount; row++)
{
    insert.Parameters.Clear();
    foreach (string name in names)
        insert.Parameters.AddWithValue($"${name}", file[name].Numbers[row]);
    insert.ExecuteNonQuery();
}
transaction.Commit();
using SqliteCommand query = connection.CreateCommand();
query.CommandText = "SELECT * FROM buildings";
using (SqliteDataReader reader = query.ExecuteReader())
    Show("database", DatabaseTable.Load(reader));

// A Parquet file.
string path = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.parquet");
DataField[] fields = [.. names.Select(name => new DataField<double>(name))];
await using (FileStream stream = File.Create(path))
{
    await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
    using ParquetRowGroupWriter rows = writer.CreateRowGroup();
    foreach (DataField field in fields)
        await rows.WriteAsync<double>(field, file[field.Name].Numbers.ToArray());
}
Show("Parquet file", ParquetTable.Load(path));
File.Delete(path);

// A DataFrame: an array for each column turns it into a table. It reads numbers as float, whose rounding makes a different model.
DataFrame frame = DataFrame.LoadCsv("samples/data/energy.csv");
Show("DataFrame", new Table([.. frame.Columns.Select(column => column is StringDataFrameColumn texts
    ? new TableColumn(column.Name, [.. texts])
    : new TableColumn(column.Name, [.. column.Cast<object?>().Select(value => value is null ? double.NaN : Convert.ToDouble(value))]))]));

// It is also an IDataView, so ML.NET's trainers take it as it is.
var mlContext = new MLContext(seed: 0);
var pipeline = mlContext.Transforms.Concatenate("Features", names[..^1]).Append(mlContext.Regression.Trainers.OnePassSgd("y"));
DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(frame, testFraction: 0.1);
RegressionMetrics metrics = mlContext.Regression.Evaluate(pipeline.Fit(split.TrainSet).Transform(split.TestSet), "y");
Console.WriteLine($"DataFrame in ML.NET: RMSE {metrics.RootMeanSquaredError:F3}");

// A table that may not take as much memory as it needs: its rows stay in a temporary file, which is read block by block.
OnePassResult large = OnePass.Train(CsvTable.Open("samples/data/kin8nm.csv"), new DataOptions { LabelColumn = "y", MemoryLimit = 1 << 20 });
Console.WriteLine($"more than memory: RMSE {large.Test!.Rmse:F3}; {large.Training.TrainingRows} rows trained, from blocks");

static void Show(string source, Table table)
{
    OnePassResult result = OnePass.Train(table, labelColumn: "y");
    Console.WriteLine($"{source}: RMSE {result.Test!.Rmse:F3} on {result.Test.Rows} rows that training never saw");
}
