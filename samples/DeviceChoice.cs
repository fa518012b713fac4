#:project ../src/MLNetHyper
#:property PublishAot=false

// Where a network trains: what Device.Auto chooses, what the log says about it, and what to do if a GPU is asked for but cannot be
// used. Here none can: for one, also refer to MLNetHyper.Torch and TorchSharp-cuda-linux or TorchSharp-cuda-windows.
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNetHyper;
using MLNetHyper.Engine;

var mlContext = new MLContext(seed: 0);
mlContext.Log += (_, e) =>
{
    if (e.Message.Contains("device ", StringComparison.Ordinal))
        Console.WriteLine(e.Message[(e.Message.IndexOf("device ", StringComparison.Ordinal))..]);
};
IDataView buildings = mlContext.Data.LoadFromTextFile(
    "samples/data/energy.csv", [new("Features", DataKind.Single, 0, 7), new("HeatingLoad", DataKind.Single, 8)], separatorChar: ',', hasHeader: true);

// Auto is the default, and leaves networks as small as this one to the CPU.
Train(Device.Auto);
try
{
    Train(Device.Cuda());
}
catch (NetworkEngineException e)
{
    Console.WriteLine($"{e.GetType().Name}: {e.Message[..(e.Message.IndexOf(". ", StringComparison.Ordinal) + 1)]}");
    Train(Device.Cpu);
}

TrainingRecord Train(Device device)
{
    var trainer = mlContext.Regression.Trainers.OnePassSgd(new OnePassSgdRegressionTrainer.Options { LabelColumnName = "HeatingLoad", Steps = 1000, Device = device });
    TrainingRecord training = trainer.Fit(buildings).Model.Training;
    Console.WriteLine($"Device {device}: {training.Status}, validation RMSE {training.ValidationError:F2} kWh/m2");
    return training;
}

// A notebook shows it as a picture: Train(Device.Cpu)

/* Expected output:
device cpu: a step of 0.019 GFLOP is small.
Device auto: Completed, validation RMSE 0.38 kWh/m2
DeviceUnavailableException: The device cuda:0 needs the package MLNetHyper.Torch, which this application does not have.
device cpu: as asked for.
Device cpu: Completed, validation RMSE 0.38 kWh/m2
*/
