namespace MLNetHyper.Reports;

/// <summary>What a notebook shows as a picture. Its type also needs the attribute by which the kernel finds that out.</summary>
internal interface IPictured
{
    Report Picture { get; }
}
