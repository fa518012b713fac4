using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>Reads models for the bridge, which knows this class by its name.</summary>
internal sealed class ModelReader : IModelReader
{
    public object Read(IHostEnvironment environment, BinaryReader reader)
    {
        (TrainedNetwork network, TrainingRecord training) = ModelFormat.Read(reader);
        return network.Architecture.Loss switch
        {
            Loss.SquaredError => new OnePassRegressionModelParameters(environment, network, training),
            Loss.Logistic => new OnePassBinaryModelParameters(environment, network, training),
            _ => new OnePassMulticlassModelParameters(environment, network, training),
        };
    }
}
