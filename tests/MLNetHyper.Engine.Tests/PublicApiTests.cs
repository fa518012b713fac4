namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(Architecture).Assembly);
