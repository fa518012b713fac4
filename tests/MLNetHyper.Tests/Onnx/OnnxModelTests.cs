using Google.Protobuf;

namespace MLNetHyper.Tests.Onnx;

/// <summary>What a graph promises about its tensors is held against them.</summary>
[TestClass]
public sealed class OnnxModelTests
{
    private static readonly OnnxTensor _x = new(new[] { 1f, 2 }, 1, 2);

    [TestMethod]
    public void An_initialiser_is_the_default_of_an_input_of_its_name()
    {
        var model = new OnnxModel(Graph(typeof(float)) with { Initialisers = new Dictionary<string, OnnxTensor> { ["x"] = _x } });
        Agreement.Check(_x, model.Run(new Dictionary<string, OnnxTensor>())["y"], "y");
    }

    [TestMethod]
    public void Inputs_are_those_that_the_graph_declares()
    {
        var model = new OnnxModel(Graph(typeof(float)));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => model.Run(new Dictionary<string, OnnxTensor>())).Message, "'x'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(
            () => model.Run(new Dictionary<string, OnnxTensor> { ["x"] = _x, ["z"] = _x })).Message, "'z'");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(
            () => model.Run(new Dictionary<string, OnnxTensor> { ["x"] = _x.Reshape(2, 1) })).Message, "[-1, 2]");
    }

    [TestMethod]
    public void A_declared_type_must_be_the_operators()
        => StringAssert.Contains(Assert.ThrowsExactly<InvalidDataException>(
            () => new OnnxModel(Graph(typeof(double))).Run(new Dictionary<string, OnnxTensor> { ["x"] = _x })).Message, "declared as Double");

    [TestMethod]
    public void Another_version_of_the_operators_is_refused()
    {
        // ModelProto, field 8: an operator set, whose field 2 is its version.
        byte[] bytes = [(8 << 3) | 2, 2, 2 << 3, 13];
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => OnnxModel.Load(new MemoryStream(bytes))).Message, "Version 13");
    }

    [TestMethod]
    public void Numbers_are_read_packed_and_one_by_one()
    {
        byte[] packed = [(1 << 3) | 2, 2, 5, 7], single = [1 << 3, 5, 1 << 3, 7];
        CollectionAssert.AreEqual(new long[] { 5, 7 }, new ProtoMessage("Packed", ByteString.CopyFrom(packed), 1).Longs(1));
        CollectionAssert.AreEqual(new long[] { 5, 7 }, new ProtoMessage("Single", ByteString.CopyFrom(single), 1).Longs(1));
        Assert.ThrowsExactly<NotSupportedException>(() => new ProtoMessage("Unknown", ByteString.CopyFrom(single), 2));
    }

    private static OnnxGraph Graph(Type result) => new(
        [new("", "Identity", ["x"], ["y"], new Dictionary<string, object>())],
        new Dictionary<string, OnnxTensor>(),
        [new("x", typeof(float), [-1, 2])],
        [new("y", result, [-1, 2])],
        []);
}
