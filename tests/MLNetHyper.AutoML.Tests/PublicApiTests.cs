namespace MLNetHyper.AutoML.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(AutoMLSearch).Assembly);
