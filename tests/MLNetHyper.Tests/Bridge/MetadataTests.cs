using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLNetHyper.Tests.Bridge;

/// <summary>Only the bridge may use what is internal in ML.NET; the trainers compile against opened copies, so nothing else stops them.</summary>
[TestClass]
public sealed class MetadataTests
{
    private const BindingFlags Any = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.FlattenHierarchy;

    [TestMethod]
    public void The_trainers_refer_to_nothing_internal_in_MLNet() =>
        Assert.IsEmpty(InternalsUsedBy(typeof(OnePassSgdRegressionTrainer).Assembly.Location));

    [TestMethod]
    public void The_bridge_does_so_that_the_test_above_can_find_something()
    {
        string[] found = InternalsUsedBy(typeof(MLNetHyper.Bridge.Compatibility).Assembly.Location);
        CollectionAssert.Contains(found, "Microsoft.ML.Trainers.FloatLabelCursor");
        CollectionAssert.Contains(found, "Microsoft.ML.Trainers.TrainerEstimatorBase`2.TrainTransformer");
    }

    private static string[] InternalsUsedBy(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader metadata = file.GetMetadataReader();
        IEnumerable<string> types = metadata.TypeReferences.Select(FindReference).Where(t => t is { IsVisible: false } and not { IsNestedFamily: true }).Select(t => t!.FullName!);
        IEnumerable<string> members = metadata.MemberReferences.Select(metadata.GetMemberReference)
            .Select(m => (Type: FindHandle(Owner(m.Parent)), Name: metadata.GetString(m.Name)))
            .Where(m => m.Type is not null && !m.Type.GetMember(m.Name, Any).Any(IsOpen)).Select(m => $"{m.Type!.FullName}.{m.Name}");
        return [.. types.Concat(members)];

        // The open type behind a closed generic one: its token follows two bytes of a type specification's signature.
        EntityHandle Owner(EntityHandle parent)
        {
            if (parent.Kind != HandleKind.TypeSpecification)
                return parent;
            BlobReader blob = metadata.GetBlobReader(metadata.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
            return blob.ReadByte() == (byte)SignatureTypeCode.GenericTypeInstance && blob.ReadByte() > 0 ? blob.ReadTypeHandle() : default;
        }

        Type? FindHandle(EntityHandle handle) => handle.Kind == HandleKind.TypeReference ? FindReference((TypeReferenceHandle)handle) : null;

        Type? FindReference(TypeReferenceHandle handle)
        {
            TypeReference type = metadata.GetTypeReference(handle);
            if (type.ResolutionScope.Kind == HandleKind.TypeReference)
                return FindReference((TypeReferenceHandle)type.ResolutionScope)?.GetNestedType(metadata.GetString(type.Name), BindingFlags.Public | BindingFlags.NonPublic);
            string assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name);
            return assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal) ? Assembly.Load(assembly).GetType($"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}", true) : null;
        }
    }

    private static bool IsOpen(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
        _ => true,
    };
}
