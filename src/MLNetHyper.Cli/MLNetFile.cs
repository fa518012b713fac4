using System.Reflection;

namespace MLNetHyper.Cli;

/// <summary>Models as files for ML.NET. Microsoft.ML is loaded only where one is asked for, by the assembly <c>MLNetHyper</c>.</summary>
internal static class MLNetFile
{
    /// <summary>What writes a model to a path.</summary>
    /// <param name="assembly">The assembly that has it.</param>
    /// <exception cref="UsageException">This build of the tool has no such assembly.</exception>
    internal static Action<OnePassModel, string> Writer(string assembly = "MLNetHyper")
    {
        try
        {
            return Assembly.Load(assembly).GetType("MLNetHyper.SaveForMLNet", throwOnError: true)!.GetMethod("Save", BindingFlags.Static | BindingFlags.NonPublic)!.CreateDelegate<Action<OnePassModel, string>>();
        }
        catch (Exception exception) when (exception is FileNotFoundException or BadImageFormatException)
        {
            throw new UsageException("--mlnet needs Microsoft.ML, which this build of the tool came without. Build it where the package feeds carry Microsoft.ML, or read the model in a program with mlContext.LoadOnePass.");
        }
    }
}
