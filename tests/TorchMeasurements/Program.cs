// Measures the TorchSharp engine and writes tables for docs/results. On the GPU where there is one (build with
// -p:TorchPackage=TorchSharp-cuda-linux), else on the CPU.
//   dotnet run --project tests/TorchMeasurements -c Release -- ratios        one pass over plain training, and the plain loop of TorchSharp beside it
//   dotnet run --project tests/TorchMeasurements -c Release -- crossover     the managed engine beside this one, by size
//   dotnet run --project tests/TorchMeasurements -c Release -- population    many runs at once
//   dotnet run --project tests/TorchMeasurements -c Release -- objectives [FOLDER]    hyperparameters of the training loss: what they bring
//   dotnet run --project tests/TorchMeasurements -c Release -- millions      and what more than a million of them cost
//   dotnet run --project tests/TorchMeasurements -c Release -- recipe        the default training by numbers of members, on every engine
//   dotnet run --project tests/TorchMeasurements -c Release -- self-tuning [FOLDER]   regularizers tuned in training; FOLDER has Fashion-MNIST's files
using System.Globalization;
using MLNetHyper.Torch;
using MLNetHyper.Torch.Measurements;
using TorchSharp;

torch.Device device = TorchRuntime.PreferredDevice;
// One thread beside one thread, as far as the CPU goes.
if (device.type == DeviceType.CPU)
    torch.set_num_threads(1);
string command = $"<!-- dotnet run --project tests/TorchMeasurements -c Release -- {string.Join(' ', args)} -->";
switch (args.FirstOrDefault())
{
    case "ratios":
        Console.WriteLine(command);
        Ratios.Write(device);
        return 0;
    case "crossover":
        Console.WriteLine(command);
        Crossover.Write(device);
        return 0;
    case "population":
        Console.WriteLine(command);
        Members.Write(device);
        return 0;
    case "recipe":
        Console.WriteLine(command);
        Recipe.Write(device);
        return 0;
    case "objectives":
        Console.WriteLine(command);
        Objectives.Write(args.ElementAtOrDefault(1));
        return 0;
    case "millions" when args.Length == 1:
        Console.WriteLine(command);
        Millions.Write(device);
        return 0;
    case "millions":
        Millions.WriteRow(device, bool.Parse(args[1]), int.Parse(args[2], CultureInfo.InvariantCulture));
        return 0;
    case "self-tuning":
        Console.WriteLine(command);
        SelfTuningTable.Write(args.ElementAtOrDefault(1));
        return 0;
    default:
        Console.Error.WriteLine("Usage: TorchMeasurements ratios|crossover|population|recipe|objectives [FOLDER]|millions|self-tuning [FOLDER]");
        return 2;
}
