using Microsoft.ML;
using Microsoft.ML.Data;

// Loads a model as a program does that knows nothing of MLNetHyper but has it in its folder, and scores one row.
// Usage: FreshProcess MODEL FEATURE...
var context = new MLContext();
ITransformer model = context.Model.Load(args[0], out _);
float[] features = [.. args[1..].Select(float.Parse)];
SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features.Length);
IDataView scored = model.Transform(context.Data.LoadFromEnumerable([new Row { Features = features }], schema));
DataViewSchema.Column score = scored.Schema["Score"];
float[] scores = score.Type is VectorDataViewType ? scored.GetColumn<float[]>(score).Single() : [scored.GetColumn<float>(score).Single()];
Console.WriteLine(string.Join(' ', scores.Select(s => BitConverter.SingleToInt32Bits(s))));

internal sealed class Row
{
    public float[] Features { get; set; } = [];
}
