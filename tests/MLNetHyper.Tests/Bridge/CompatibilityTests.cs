using System.Reflection;
using MLNetHyper.Bridge;
using MLNetHyper.Engine.Tests;

namespace MLNetHyper.Tests.Bridge;

/// <summary>A Microsoft.ML that does not fit is told of in one sentence.</summary>
[TestClass]
public sealed class CompatibilityTests
{
    [TestMethod]
    public void The_Microsoft_ML_of_these_tests_fits() => Compatibility.Check();

    [TestMethod]
    public void A_type_that_cannot_be_loaded_is_told_of_with_versions_and_path()
    {
        Exception missing = new TypeLoadException("Could not load type 'X'.");
        Exception[] faults = [missing, new ReflectionTypeLoadException([null], [missing]), new MissingMethodException("Could not load type 'X'.")];
        foreach (Exception fault in faults)
        {
            string message = Compatibility.Fault(new BrokenAssembly(fault))!;
            StringAssert.Contains(message, "Microsoft.ML.Data.dll");
            StringAssert.Contains(message, $"fits Microsoft.ML {PackageVersions.RangeOf("Microsoft.ML")}.");
            StringAssert.Matches(message, new(@"version \d+\.\d+"));
            StringAssert.EndsWith(message, "Could not load type 'X'.");
        }
    }

    private sealed class BrokenAssembly(Exception fault) : Assembly
    {
        public override Type[] GetTypes() => throw fault;
    }
}
