using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Catalog;

/// <summary>Columns and annotations are those of ML.NET's own trainers, which evaluators, explainers and users rely on.</summary>
[TestClass]
public sealed class ColumnTests
{
    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void Output_columns_annotations_and_their_values_are_those_of_Sdca(TaskCase task)
    {
        string[] ours = Describe(task.Fit().Transform(TaskCase.Data).Schema);
        string[] theirs = Describe(task.Sdca(TaskCase.Context).Fit(TaskCase.Data).Transform(TaskCase.Data).Schema);
        CollectionAssert.AreEqual(theirs, ours, string.Join("\n", ours.Except(theirs)));
    }

    [TestMethod]
    [DynamicData(nameof(TaskCase.Rows), typeof(TaskCase))]
    public void The_schema_promised_before_training_is_the_schema_after_it(TaskCase task)
    {
        SchemaShape input = Shape();
        SchemaShape promised = task.OnePassSgd(TaskCase.Context).GetOutputSchema(input), theirs = task.Sdca(TaskCase.Context).GetOutputSchema(input);
        string[] After(SchemaShape shape) => [.. shape.Select(c => $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey}: {string.Join(", ", c.Annotations.Select(a => $"{a.Name} {a.Kind} {a.ItemType}").Order(StringComparer.Ordinal))}").Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(After(theirs), After(promised));
    }

    // SchemaShape.Create is internal, but a pipeline hands it on.
    private static SchemaShape Shape()
    {
        var spy = new Spy();
        _ = new EstimatorChain<ITransformer>().Append(spy).Append(TaskCase.Context.Transforms.CopyColumns("Copy", "Weight")).Fit(TaskCase.Data);
        return spy.Seen!;
    }

    private static string[] Describe(DataViewSchema schema) => [.. schema.Skip(TaskCase.Data.Schema.Count).Select(c => $"{c.Name} {c.Type} {c.IsHidden}: {Annotations(c)}")];

    private static string Annotations(DataViewSchema.Column column) =>
        string.Join("; ", column.Annotations.Schema.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => $"{a.Name} {a.Type} = {Value(column.Annotations, a)}"));

    private static string Value(DataViewSchema.Annotations annotations, DataViewSchema.Column annotation)
    {
        switch (annotation.Type)
        {
            case TextDataViewType:
                ReadOnlyMemory<char> text = default;
                annotations.GetValue(annotation.Name, ref text);
                return text.ToString();
            case BooleanDataViewType:
                bool truth = false;
                annotations.GetValue(annotation.Name, ref truth);
                return $"{truth}";
            case VectorDataViewType { ItemType: TextDataViewType }:
                VBuffer<ReadOnlyMemory<char>> texts = default;
                annotations.GetValue(annotation.Name, ref texts);
                return string.Join(",", texts.DenseValues());
            // A number of the score column in its session: it differs from model to model.
            case KeyDataViewType or NumberDataViewType:
                return "a number";
            default:
                return $"{annotation.Type}";
        }
    }

    private sealed class Spy : IEstimator<ITransformer>
    {
        internal SchemaShape? Seen { get; private set; }

        public ITransformer Fit(IDataView input) => TaskCase.Context.Transforms.CopyColumns("Weight", "Weight").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Seen = inputSchema;
    }
}
