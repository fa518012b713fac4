extern alias trainers;

using Microsoft.ML;
using MLNetHyper.Engine;
using trainers::Microsoft.ML;

namespace MLNetHyper.Torch.Cli;

/// <summary>What <c>onepass export --mlnet</c> does: it is here, where Microsoft.ML is.</summary>
internal static class SaveForMLNet
{
    internal static void Save(OnePassModel model, string path)
    {
        var context = new MLContext();
        ITransformer chain = context.FromOnePass(model, out DataViewSchema schema);
        AtomicFile.Write(path, stream => context.Model.Save(chain, schema, stream));
    }
}
