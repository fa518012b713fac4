namespace MLNetHyper.Reports;

/// <summary>
/// Says how a type shows in a notebook. The kernel of .NET Interactive looks for an attribute of this name and this property on what
/// a cell returns, whoever declares it (its documentation, "Formatting", TypeFormatterSourceAttribute), so that no package of its is
/// needed here.
/// </summary>
/// <param name="formatterSourceType">A type with a method <c>CreateTypeFormatters</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = true)]
internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
{
    public Type FormatterSourceType { get; } = formatterSourceType;

    public string[] PreferredMimeTypes { get; } = ["text/html"];
}
