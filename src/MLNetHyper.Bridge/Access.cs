using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace MLNetHyper.Bridge
{
    /// <summary>The environment of the place where a trainer was asked for.</summary>
    public static class CatalogEnvironment
    {
        /// <summary>The environment of a catalog of trainers, whatever their task.</summary>
        public static IHostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase catalog)
        {
            ArgumentNullException.ThrowIfNull(catalog);
            Compatibility.Check();
            return Inside(catalog);
        }

        /// <summary>The environment of a context.</summary>
        public static IHostEnvironment Of(MLContext context)
        {
            ArgumentNullException.ThrowIfNull(context);
            Compatibility.Check();
            return context;
        }

        // Apart, so that what may be missing is looked for only after the check.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static IHostEnvironment Inside(TrainCatalogBase.CatalogInstantiatorBase catalog) => CatalogUtils.GetEnvironment(catalog);
    }

    /// <summary>Whether the Microsoft.ML that is present has the internals that the bridge was compiled against.</summary>
    public static class Compatibility
    {
        private static readonly Lazy<string?> _fault = new(() => Fault(typeof(Compatibility).Assembly));

        /// <summary>Throws one clear exception if it has not. Looks once per process.</summary>
        /// <exception cref="InvalidOperationException">Microsoft.ML does not fit.</exception>
        public static void Check()
        {
            if (_fault.Value is { } fault)
                throw new InvalidOperationException(fault);
        }

        internal static string? Fault(Assembly bridge)
        {
            try
            {
                // Loads every base class and interface, and whether all of their members are there.
                _ = bridge.GetTypes();
                return null;
            }
            catch (Exception e) when (e is ReflectionTypeLoadException or TypeLoadException or MissingMemberException or FileNotFoundException or FileLoadException)
            {
                string path = typeof(MLContext).Assembly.Location;
                string? found = path.Length == 0 ? null : FileVersionInfo.GetVersionInfo(path).FileVersion;
                Exception? cause = (e as ReflectionTypeLoadException)?.LoaderExceptions.FirstOrDefault(l => l is not null) ?? e;
                return $"This version of MLNetHyper does not fit the Microsoft.ML that was found: version {found ?? "unknown"} in {(path.Length == 0 ? "this application's single file" : path)}. "
                    + $"It fits Microsoft.ML {Range()}. Reference such a version, or a version of MLNetHyper that fits yours. The first thing missing: {cause.Message}";
            }
        }

        // As NuGet writes it, [from, before), in words.
        private static string Range()
        {
            string range = typeof(Compatibility).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Microsoft.ML").Value!;
            return range.Trim('[', ')').Replace(", ", " or later, before ", StringComparison.Ordinal);
        }
    }
}

namespace System.Runtime.CompilerServices
{
    // The runtime knows this attribute by its name; no assembly of .NET declares it.
    [AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
    internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
    {
        public string AssemblyName { get; } = assemblyName;
    }
}
