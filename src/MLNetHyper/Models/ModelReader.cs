using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Reads models for the bridge, which knows this class by its name.</summary>
internal sealed class ModelReader : IModelReader
{
    // Formats are 1.n as ML.NET writes them, with n for the network.
    public object Read(IHostEnvironment environment, BinaryReader reader, uint version)
    {
        ModelContent model = ModelContent.Read(reader, (int)(version & 0xFFFF));
        return model.Network.Architecture.Loss switch
        {
            Loss.SquaredError => new NetworkRegressionModelParameters(environment, model),
            Loss.Logistic => new NetworkBinaryModelParameters(environment, model),
            _ => new NetworkMulticlassModelParameters(environment, model),
        };
    }
}
