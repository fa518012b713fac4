using System.Text.Json.Nodes;

namespace MLNetHyper.Engine.Tests;

/// <summary>The golden traces, and copies of them with something else in it.</summary>
internal static class Traces
{
    private static readonly string _folder = Repository.PathTo("tests", "MLNetHyper.Engine.Tests", "golden");

    internal static string[] Names { get; } = [.. Directory.GetFiles(_folder, "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    internal static string PathOf(string name) => Path.Combine(_folder, name + ".json");

    internal static JsonObject Load(string name) => JsonNode.Parse(File.ReadAllText(PathOf(name)))!.AsObject();

    /// <summary>The first steps of a trace only: enough where nothing but its form matters.</summary>
    internal static JsonObject Short(string name, int steps = 5)
    {
        JsonObject trace = Load(name);
        Cut(trace["steps"]!.AsArray(), steps);
        Cut(trace["hyperparameter_trace"]!.AsArray(), steps / 10);
        return trace;
    }

    internal static TraceDeviation Verify(string path) => TraceVerifier.Verify(path, Repository.PathTo("samples", "data"));

    /// <summary>All numbers that the verifier must compare: for each quantity, the objects that hold one and its name there.</summary>
    internal static Dictionary<string, List<(JsonObject Holder, string Name)>> Quantities(JsonObject trace)
    {
        Dictionary<string, List<(JsonObject, string)>> quantities = [];
        void Add(string quantity, JsonObject holder, string name)
        {
            if (!quantities.TryGetValue(quantity, out List<(JsonObject, string)>? places))
                quantities.Add(quantity, places = []);
            places.Add((holder, name));
        }
        foreach (JsonObject step in trace["steps"]!.AsArray().Select(step => step!.AsObject()))
        {
            foreach ((string name, _) in step)
            {
                if (name != "step")
                    Add(name, step, name);
            }
        }
        foreach ((string hyperparameter, JsonNode? numbers) in trace["hyperparameter_trace"]!.AsArray().SelectMany(update => update!.AsObject()))
        {
            foreach ((string name, _) in numbers!.AsObject())
                Add($"{hyperparameter}.{name}", numbers.AsObject(), name);
        }
        return quantities;
    }

    private static void Cut(JsonArray array, int count)
    {
        while (array.Count > count)
            array.RemoveAt(array.Count - 1);
    }
}
