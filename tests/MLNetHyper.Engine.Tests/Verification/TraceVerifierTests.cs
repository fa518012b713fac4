using System.Text.Json.Nodes;

namespace MLNetHyper.Engine.Tests;

/// <summary>The engine against the reference implementation, and the comparison against traces that are slightly wrong.</summary>
[TestClass]
public sealed class TraceVerifierTests(TestContext context)
{
    // The traces promise about 1e-9; ten times that is far below any mistake in a formula.
    private const double Tolerance = 1e-8;
    private const double Tampering = 1e-6;

    // The reference's accuracies are float32: their last digits say nothing.
    private const double AccuracyTampering = 1e-5;

    private static IEnumerable<object[]> Names => Traces.Names.Select(name => new object[] { name });

    [TestMethod]
    public void There_are_traces_of_every_method_of_the_reference() =>
        CollectionAssert.IsSubsetOf(
            new[] { "energy.fixed", "energy.hypergradient-descent", "energy.neumann-lr-wd-momentum", "energy.neumann-per-parameter-lr-wd-momentum", "energy.unrolled-5-lr-wd-momentum", "energy-classes.neumann-weight-decay" },
            Traces.Names);

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Every_quantity_of_a_golden_trace_is_followed(string name)
    {
        TraceDeviation deviation = Traces.Verify(Traces.PathOf(name));
        (string worst, double most) = deviation.Quantities.MaxBy(q => q.Value);
        context.WriteLine($"{name}: at most {most:E1}, of {worst}");
        Assert.AreEqual(Traces.PathOf(name), deviation.File);
        Assert.AreEqual(most, deviation.MaxRelativeDeviation);
        // What the file holds is what was compared, no less.
        CollectionAssert.AreEquivalent(Traces.Quantities(Traces.Load(name)).Keys, deviation.Quantities.Keys.ToArray());
        foreach ((string quantity, double value) in deviation.Quantities)
            Assert.IsLessThanOrEqualTo(Tolerance, value, quantity);
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void One_number_off_is_noticed_whatever_its_quantity(string name)
    {
        using var folder = new TemporaryFolder();
        JsonObject trace = Traces.Load(name);
        Dictionary<string, double> tampering = [];
        int seed = 0;
        foreach ((string quantity, List<(JsonObject Holder, string Name)> places) in Traces.Quantities(trace))
        {
            (JsonObject holder, string key) = places[new Random(++seed).Next(places.Count)];
            tampering[quantity] = quantity == "test_accuracy" ? AccuracyTampering : Tampering;
            holder[key] = holder[key]!.GetValue<double>() * (1 + tampering[quantity]);
        }
        File.WriteAllText(folder["off.json"], trace.ToJsonString());
        TraceDeviation deviation = Traces.Verify(folder["off.json"]);
        foreach ((string quantity, double factor) in tampering)
            Assert.AreEqual(factor, deviation.Quantities[quantity], 0.1 * factor, quantity);
    }

    [TestMethod]
    [DataRow("initial_weights")]
    [DataRow("initial")]
    public void Another_start_is_another_run(string start)
    {
        using var folder = new TemporaryFolder();
        JsonObject trace = Traces.Short("energy.neumann-lr-wd", 25);
        JsonNode holder = start == "initial" ? trace[start]! : trace[start]!["layers.2.bias"]!;
        if (holder is JsonArray bias)
            bias[0] = bias[0]!.GetValue<double>() + Tampering;
        else
            holder["logit_momentum"] = holder["logit_momentum"]!.GetValue<double>() + Tampering;
        File.WriteAllText(folder["other.json"], trace.ToJsonString());
        Assert.IsGreaterThan(Tolerance, Traces.Verify(folder["other.json"]).MaxRelativeDeviation);
    }
}
