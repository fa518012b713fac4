namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(Architecture).Assembly);

[TestClass]
public sealed class ReportsPublicApiTests() : PublicApiListing(typeof(Report).Assembly);

[TestClass]
public sealed class SearchPublicApiTests() : PublicApiListing(typeof(RestartComparison).Assembly);

[TestClass]
public sealed class ExperimentsPublicApiTests() : PublicApiListing(typeof(PaperExperiment).Assembly);
