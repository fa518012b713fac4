using System.Security.Cryptography;
using System.Text;
using MLNetHyper.Bridge;
using MLNetHyper.Engine;

namespace MLNetHyper;

/// <summary>A network inside ML.NET's models, whatever their task.</summary>
internal sealed class ModelContent(NetworkModel network) : IModelContent
{
    private const int Chunk = 1 << 20;

    internal NetworkModel Network => network;

    public int FeatureCount => network.FeatureCount;

    public int OutputCount => network.Architecture.Outputs;

    public string? FeatureColumn { get; set; }

    public RowScorer CreateScorer()
    {
        ModelScorer scorer = network.CreateScorer();
        double[] scores = new double[OutputCount];
        return (features, outputs) =>
        {
            scorer.Score(features, scores);
            for (int i = 0; i < scores.Length; i++)
                outputs[i] = (float)Math.Clamp(scores[i], float.MinValue, float.MaxValue);
        };
    }

    public void WriteOnnx(OnnxGraph graph) => graph.AddNode("Identity", [network.WriteOnnx(new NetworkGraph(graph), graph.Features)], graph.Output);

    /// <summary>Writes length and SHA-256 of the rest, the features' column, the network. ML.NET's header before it holds the version.</summary>
    public void Write(BinaryWriter writer)
    {
        using var content = new MemoryStream();
        using (var inner = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            inner.Write(FeatureColumn ?? "");
            NetworkModelFormat.Write(inner, network);
        }
        byte[] bytes = content.ToArray();
        writer.Write(bytes.Length);
        writer.Write(SHA256.HashData(bytes));
        writer.Write(bytes);
    }

    /// <exception cref="FormatException">The content is damaged. The message goes on behind the bridge's "The model is damaged:".</exception>
    internal static ModelContent Read(BinaryReader reader, int version)
    {
        try
        {
            int length = reader.ReadInt32();
            byte[] hash = reader.ReadBytes(SHA256.HashSizeInBytes), bytes = Take(reader, length);
            if (!SHA256.HashData(bytes).AsSpan().SequenceEqual(hash))
                throw new FormatException("its checksum does not fit its content");
            using var content = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            string column = version == 1 ? "" : content.ReadString();
            var model = new ModelContent(NetworkModelFormat.Read(content, version)) { FeatureColumn = column.Length > 0 ? column : null };
            return content.BaseStream.Position == bytes.Length ? model : throw new FormatException("it continues past its end");
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or OverflowException)
        {
            throw new FormatException($"{e.Message.TrimEnd('.')}. Copy the file again, or train again.", e);
        }
    }

    /// <summary>So many bytes, taken bit by bit: a false length finds the end of the file before it has cost much memory.</summary>
    private static byte[] Take(BinaryReader reader, int length)
    {
        using var bytes = new MemoryStream();
        while (bytes.Length < length)
        {
            byte[] part = reader.ReadBytes((int)Math.Min(Chunk, length - bytes.Length));
            if (part.Length == 0)
                throw new FormatException("it ends too early");
            bytes.Write(part);
        }
        return bytes.ToArray();
    }

    private sealed class NetworkGraph(OnnxGraph graph) : IOnnxGraph
    {
        public string AddConstant(string name, IEnumerable<float> values, params long[] dimensions) => graph.AddConstant(name, values, dimensions);

        public string AddIndices(string name, IEnumerable<long> values) => graph.AddIndices(name, values);

        public string AddNode(string operation, IReadOnlyList<string> inputs, params (string Name, long Value)[] attributes) =>
            graph.AddNode(operation, inputs, null, [.. attributes.Select(attribute => (attribute.Name, (object)attribute.Value))]);
    }
}
