namespace MLNetHyper.Mpi.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(MpiWorkers).Assembly);
