namespace MLNetHyper.Reports;

/// <summary>Where the kernel gets from what writes a value as HTML: it makes one of these, and calls it by these names.</summary>
internal sealed class NotebookFormatters
{
#pragma warning disable CA1822 // Called on an instance.
    public IEnumerable<object> CreateTypeFormatters() => [new NotebookFormatter()];
#pragma warning restore CA1822
}

/// <summary>Writes what has a picture as HTML.</summary>
internal sealed class NotebookFormatter
{
    public string MimeType { get; } = "text/html";

#pragma warning disable CA1822 // Called on an instance.
    /// <summary>Returns whether it did.</summary>
    public bool Format(object instance, TextWriter writer)
    {
        if (instance is not IPictured pictured)
            return false;
        pictured.Picture.WritePartTo(writer);
        return true;
    }
#pragma warning restore CA1822
}
