using MLNetHyper.Cli;

return Launcher.Run(args, ToolHost.OnePass);
