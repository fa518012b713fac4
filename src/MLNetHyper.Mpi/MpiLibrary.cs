using System.Reflection;
using System.Runtime.InteropServices;

namespace MLNetHyper.Mpi;

/// <summary>
/// The MPI library of this machine. MPI.NET asks for Microsoft's; that and the others here have the numbers for types and communicators of MPICH, from which they all come.
/// </summary>
internal static class MpiLibrary
{
    private const string Asked = "msmpi.dll";

    /// <summary>MPICH by Debian's name, and by the one that MPICH, MVAPICH, Intel MPI and Cray MPICH agreed on; on macOS; Microsoft's.</summary>
    private static readonly string[] _names = ["libmpich.so.12", "libmpi.so.12", "libmpi.12.dylib", Asked];

    private static readonly Lazy<IntPtr> _handle = new(Load);

    /// <summary>Loads it, and has MPI.NET use it.</summary>
    /// <exception cref="WorkersException">There is none.</exception>
    internal static void Use()
    {
        if (_handle.Value == IntPtr.Zero)
            throw new WorkersException($"No MPI library was found, of {string.Join(", ", _names)}. Install MPICH (on Debian and Ubuntu the package mpich; on Windows Microsoft MPI), and start with its mpiexec. Open MPI's library is another: it has other numbers for types.");
    }

    private static IntPtr Load()
    {
        IntPtr handle = IntPtr.Zero;
        Assembly asking = typeof(MPI.Unsafe).Assembly;
        if (!Array.Exists(_names, name => NativeLibrary.TryLoad(name, asking, DllImportSearchPath.SafeDirectories, out handle)))
            return IntPtr.Zero;
        NativeLibrary.SetDllImportResolver(asking, (name, _, _) => name == Asked ? handle : IntPtr.Zero);
        return handle;
    }
}
