using MLNetHyper.Bridge;
using MLNetHyper.Engine.Tests;

namespace MLNetHyper.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(INetworkModelParameters).Assembly);

[TestClass]
public sealed class BridgePublicApiTests() : PublicApiListing(typeof(Compatibility).Assembly);
