using Microsoft.ML;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Writes a table's model as a file for <c>mlContext.Model.Load</c>. The tool <c>onepass</c> finds it by its name.</summary>
internal static class SaveForMLNet
{
    internal static void Save(OnePassModel model, string path)
    {
        var context = new MLContext();
        ITransformer chain = context.FromOnePass(model, out DataViewSchema schema);
        AtomicFile.Write(path, stream => context.Model.Save(chain, schema, stream));
    }
}
