using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Reads models for the bridge, which knows this class by its name.</summary>
internal sealed class ModelReader : IModelReader
{
    public object Read(IHostEnvironment environment, BinaryReader reader)
    {
        NetworkModel model = ModelFormat.Read(reader);
        return model.Network.Architecture.Loss switch
        {
            Loss.SquaredError => new NetworkRegressionModelParameters(environment, model),
            Loss.Logistic => new NetworkBinaryModelParameters(environment, model),
            _ => new NetworkMulticlassModelParameters(environment, model),
        };
    }
}
