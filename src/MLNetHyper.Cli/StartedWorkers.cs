using System.Globalization;
using System.Reflection;

namespace MLNetHyper.Cli;

/// <summary>
/// The workers that an <c>mpiexec</c> has started this process as one of, which the environment tells. MPI is looked for only then, in the assembly <c>MLNetHyper.Mpi</c>.
/// </summary>
internal static class StartedWorkers
{
    private const string Provider = "MLNetHyper.Mpi";

    // What MPICH, its relatives and Microsoft MPI say to the processes they start; and Open MPI.
    private const string Size = "PMI_SIZE";
    private const string OpenMpiSize = "OMPI_COMM_WORLD_SIZE";

    /// <summary>How long workers wait for each other, such as 30s.</summary>
    internal const string PatienceVariable = "MLNETHYPER_WORKER_PATIENCE";

    /// <exception cref="UsageException">They cannot work together; the message says why.</exception>
    /// <exception cref="WorkersException">MPI is missing, or refuses.</exception>
    internal static Workers Join()
    {
        int count = Number(Size);
        if (count <= 1)
            return Number(OpenMpiSize) > 1 ? throw new UsageException("Open MPI's mpiexec started several workers, which only MPICH and its relatives can connect. Start them with the mpiexec of MPICH, Intel MPI, MVAPICH or Microsoft MPI.") : Workers.One;
        TimeSpan? patience = Environment.GetEnvironmentVariable(PatienceVariable) is { Length: > 0 } text ? Flags.Duration(text) ?? throw new UsageException($"The environment variable {PatienceVariable} must be a time such as 30s or 5m, but is '{text}'.") : null;
        try
        {
            var join = Assembly.Load(Provider).GetType($"{Provider}.MpiWorkers", throwOnError: true)!.GetMethod(nameof(Join))!.CreateDelegate<Func<TimeSpan?, Workers>>();
            return join(patience);
        }
        catch (Exception exception) when (exception is FileNotFoundException or BadImageFormatException)
        {
            throw new UsageException($"mpiexec started {count} workers, but this build of the tool came without {Provider}. Build it where the package feeds carry MPI.NET, or start one process.");
        }
    }

    private static int Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;
}
