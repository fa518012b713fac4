using System.Text.Json.Nodes;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

/// <summary>Files that are no trace, or hardly one: always an error that names the file and the fault.</summary>
[TestClass]
public sealed class TraceErrorTests
{
    private static readonly string[] _damage = ["null", "true", "-1", "1e999", "\"text\"", "[]", "{}", "[[]]", "{\"text\":[]}", "[null]", "{\"text\":null}"];

    [TestMethod]
    [DataRow("")]
    [DataRow("a,b,y\n1,2,3\n")]
    [DataRow("{")]
    [DataRow("{}")]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("3")]
    [DataRow("{\"dataset\":\"energy\"}")]
    public void What_is_no_trace_is_refused(string content) => IsRefused(content, "this is not a reference trace");

    [TestMethod]
    public void A_file_that_does_not_exist_is_named()
    {
        using var folder = new TemporaryFolder();
        Fails(() => Traces.Verify(folder["none.json"]), folder["none.json"], "no such file");
    }

    [TestMethod]
    public void A_trace_cut_short_is_refused()
    {
        string whole = Traces.Short("energy.neumann-lr-wd").ToJsonString();
        for (int length = 1; length < whole.Length; length += whole.Length / 40)
            IsRefused(whole[..length], "this is not a reference trace");
    }

    [TestMethod]
    [DataRow("dataset")]
    [DataRow("algorithm")]
    [DataRow("initial")]
    [DataRow("update_interval")]
    [DataRow("initial_weights")]
    [DataRow("steps")]
    [DataRow("hyperparameter_trace")]
    public void A_part_that_is_missing_or_something_else_is_refused(string part)
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd");
        trace.Remove(part);
        IsRefused(trace.ToJsonString());
        foreach (string damage in _damage)
        {
            // A run too short for an update has none.
            if (part == "hyperparameter_trace" && damage == "[]")
                continue;
            // 1e999 has no node of its own.
            trace[part] = "DAMAGE";
            IsRefused(trace.ToJsonString().Replace("\"DAMAGE\"", damage, StringComparison.Ordinal));
        }
    }

    [TestMethod]
    [DataRow("layers.0.weight")]
    [DataRow("layers.0.bias")]
    [DataRow("layers.2.weight")]
    [DataRow("layers.2.bias")]
    public void Weights_that_fit_no_network_are_refused(string tensor)
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd");
        JsonObject tensors = trace["initial_weights"]!.AsObject();
        JsonArray whole = tensors[tensor]!.DeepClone().AsArray();
        whole.RemoveAt(0);
        tensors[tensor] = whole;
        IsRefused(trace.ToJsonString());
        foreach (string damage in _damage)
        {
            tensors[tensor] = "DAMAGE";
            IsRefused(trace.ToJsonString().Replace("\"DAMAGE\"", damage, StringComparison.Ordinal));
        }
        tensors.Remove(tensor);
        IsRefused(trace.ToJsonString());
        tensors["weight"] = 1;
        IsRefused(trace.ToJsonString());
    }

    [TestMethod]
    public void Rows_of_different_lengths_are_refused()
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd");
        trace["initial_weights"]!["layers.0.weight"]![3]!.AsArray().RemoveAt(0);
        IsRefused(trace.ToJsonString());
    }

    [TestMethod]
    [DataRow("log10_learning_rate")]
    [DataRow("log10_weight_decay")]
    [DataRow("logit_momentum")]
    public void A_missing_starting_value_is_named(string name)
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd");
        trace["initial"]!.AsObject().Remove(name);
        IsRefused(trace.ToJsonString(), name);
    }

    [TestMethod]
    [DataRow("dataset", "iris", "the data set 'iris' is not known")]
    [DataRow("dataset", "power-classes", "the data set 'power-classes' is not known")]
    [DataRow("dataset", "power", "8 inputs")]
    [DataRow("algorithm", "", "the algorithm '' is not known")]
    [DataRow("algorithm", "forward-lr", "the algorithm 'forward-lr' is not known")]
    [DataRow("algorithm", "neumann", "names no or unknown hyperparameters")]
    [DataRow("algorithm", "neumann-lr-beta1", "names no or unknown hyperparameters")]
    [DataRow("algorithm", "unrolled-0-lr", "unrolled-0-lr")]
    public void An_unknown_header_is_refused_with_what_could_be(string field, string value, string fault)
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd");
        trace[field] = value;
        IsRefused(trace.ToJsonString(), fault);
    }

    [TestMethod]
    public void A_trace_with_nothing_to_compare_is_not_followed_but_refused()
    {
        JsonObject trace = Traces.Short("energy.fixed");
        trace["steps"] = new JsonArray(new JsonObject(), new JsonObject());
        IsRefused(trace.ToJsonString(), "nothing to compare");
    }

    [TestMethod]
    public void Updates_that_the_run_never_comes_to_are_not_followed_but_refused()
    {
        JsonObject trace = Traces.Short("energy.neumann-lr-wd", 25);
        JsonArray updates = trace["hyperparameter_trace"]!.AsArray();
        updates.Add(updates[0]!.DeepClone());
        IsRefused(trace.ToJsonString(), "3 hyperparameter steps");
    }

    private static void IsRefused(string content, params string[] faults)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["bad.json"], content);
        DataFormatException e = Fails(() => Traces.Verify(folder["bad.json"]), [folder["bad.json"], .. faults]);
        Assert.AreEqual(folder["bad.json"], e.File);
    }
}
