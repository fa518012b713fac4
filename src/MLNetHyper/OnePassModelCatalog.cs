using MLNetHyper;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace Microsoft.ML;

/// <summary>Brings models of <c>onepass train</c> and <see cref="OnePass"/>, which take tables, to ML.NET.</summary>
public static class OnePassModelCatalog
{
    /// <summary>Reads a model that <c>onepass train --model</c> or <see cref="OnePassModel.Save"/> wrote, as a chain of ML.NET's own transforms with the network at its end.</summary>
    /// <param name="context">ML.NET.</param>
    /// <param name="path">The model's file.</param>
    /// <param name="inputSchema">The columns that it takes: see <see cref="FromOnePass"/>.</param>
    /// <exception cref="DataFormatException">The file is no model, is damaged, or is of a newer format version.</exception>
    /// <example>
    /// <code>
    /// ITransformer model = mlContext.LoadOnePass("houses.model", out DataViewSchema schema);
    /// mlContext.Model.Save(model, schema, "houses.zip");
    /// </code>
    /// </example>
    public static ITransformer LoadOnePass(this MLContext context, string path, out DataViewSchema inputSchema) => context.FromOnePass(OnePassModel.Load(path), out inputSchema);

    /// <summary>A model of a table as a chain of ML.NET's own transforms with the network at its end. It saves and loads like any.</summary>
    /// <remarks>
    /// It adds ML.NET's columns of the task: <c>Score</c>; for two classes also <c>Probability</c> and <c>PredictedLabel</c>, true for the second class (the later in order, such as "yes" after "no");
    /// for several <c>PredictedLabel</c>, the class's name. Numbers are <see cref="float"/> here, so that predictions may differ from the table's in the seventh digit, and more where a column's values are large beside their deviation.
    /// </remarks>
    /// <param name="context">ML.NET.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputSchema">
    /// The columns that it takes, under the table's names: <see cref="float"/> for numbers, NaN where one is missing; text, empty where one is missing; in place of a column of dates, numbers such as
    /// <c>sold year</c> and <c>sold weekday</c>, as in <see cref="OnePassModel.SaveOnnx"/>.
    /// </param>
    public static ITransformer FromOnePass(this MLContext context, OnePassModel model, out DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(model);
        Compatibility.Check();
        return new TableChain(context, model).Create(out inputSchema);
    }
}
