namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(Architecture).Assembly);

[TestClass]
public sealed class ExperimentsPublicApiTests() : PublicApiListing(typeof(PaperExperiment).Assembly);
