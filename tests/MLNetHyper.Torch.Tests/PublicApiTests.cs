using MLNetHyper.Engine.Tests;

namespace MLNetHyper.Torch.Tests;

[TestClass]
public sealed class PublicApiTests() : PublicApiListing(typeof(TorchEngine).Assembly);
