using MLNetHyper.Cli;
using MLNetHyper.Torch.Cli;

return Launcher.Run(args, new ToolHost("dotnet run --project src/MLNetHyper.Torch.Cli -c Release --", TorchExperiments.All));
