using System.Globalization;

namespace MLNetHyper.Engine;

/// <summary>How numbers stand in messages: the shortest form that is exact enough to find them again.</summary>
internal static class Text
{
    internal static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);
}
