using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNetHyper.Bridge;

[assembly: LoadableClass(typeof(IPredictorProducing<float>), typeof(ScalarModelLoader), null, typeof(SignatureLoadModel), "", ModelLoader.ScalarSignature)]
[assembly: LoadableClass(typeof(IPredictorProducing<VBuffer<float>>), typeof(VectorModelLoader), null, typeof(SignatureLoadModel), "", ModelLoader.VectorSignature)]

namespace MLNetHyper.Bridge;

/// <summary>Reads what models wrote. The one that is used is MLNetHyper.ModelReader in the assembly MLNetHyper.</summary>
public interface IModelReader
{
    /// <summary>Reads a model. The stream ends where the model ends, so its length bounds what a damaged one can ask for.</summary>
    /// <param name="environment">For the model.</param>
    /// <param name="reader">Where from.</param>
    /// <param name="version">The format that the model was written with, as it stands in ML.NET's header: 0x00010002 for 1.2.</param>
    object Read(IHostEnvironment environment, BinaryReader reader, uint version);
}

internal static class ModelLoader
{
    internal const string ScalarSignature = "MLNetHyperScalar";
    internal const string VectorSignature = "MLNetHyperVector";

    private const string ModelSignature = "MLNHNETW";
    private const uint Format = 0x00010003;
    private const uint OldestFormat = 0x00010001;

    // Fixed, so that a model file can name no other code.
    private const string Reader = "MLNetHyper.ModelReader, MLNetHyper";

    internal static VersionInfo Version(string signature) => new(
        modelSignature: ModelSignature, verWrittenCur: Format, verReadableCur: Format, verWeCanReadBack: OldestFormat,
        loaderSignature: signature, loaderAssemblyName: typeof(ModelLoader).Assembly.FullName);

    internal static T Read<T>(IHostEnvironment environment, ModelLoadContext context, string signature) where T : class
    {
        // ML.NET's own words would ask for another ML.NET.
        if (context.Header.ModelVerReadable is > Format and var format)
            throw environment.ExceptDecode("The model is of format {0}; this version of MLNetHyper reads formats up to {1}. Update the package MLNetHyper.", Name(format), Name(Format));
        context.CheckAtModel(Version(signature));
        try
        {
            BinaryReader whole = context.Reader;
            using var reader = new BinaryReader(new MemoryStream(whole.ReadBytes((int)Math.Min(context.Header.CbModel, whole.BaseStream.Length - whole.BaseStream.Position))));
            var model = (T)((IModelReader)Activator.CreateInstance(Type.GetType(Reader, throwOnError: true)!, nonPublic: true)!).Read(environment, reader, context.Header.ModelVerWritten);
            return reader.BaseStream.Position == reader.BaseStream.Length ? model : throw environment.ExceptDecode("There is more in the model than it says.");
        }
        catch (Exception e) when (e is not (TypeLoadException or IOException and not EndOfStreamException))
        {
            throw environment.ExceptDecode(e, "The model is damaged: {0}", e.Message);
        }
    }

    private static string Name(uint format) => $"{format >> 16}.{format & 0xFFFF}";
}

// ML.NET looks for a method of this name with these parameters and this very result.
internal static class ScalarModelLoader
{
    internal static IPredictorProducing<float> Create(IHostEnvironment env, ModelLoadContext ctx) => ModelLoader.Read<IPredictorProducing<float>>(env, ctx, ModelLoader.ScalarSignature);
}

internal static class VectorModelLoader
{
    internal static IPredictorProducing<VBuffer<float>> Create(IHostEnvironment env, ModelLoadContext ctx) => ModelLoader.Read<IPredictorProducing<VBuffer<float>>>(env, ctx, ModelLoader.VectorSignature);
}
