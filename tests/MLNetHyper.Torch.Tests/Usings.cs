global using MLNetHyper.Engine;
global using MLNetHyper.Experiments;
global using MLNetHyper.Torch.Cli;
global using TorchSharp;
global using static TorchSharp.torch;

// libtorch's random numbers and TorchSharp's scopes belong to the whole process.
[assembly: Microsoft.VisualStudio.TestTools.UnitTesting.DoNotParallelize]
