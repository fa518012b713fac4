using System.Globalization;

namespace MLNetHyper.Reports;

/// <summary>The shapes that tell a few points of many series apart where colors alone do not.</summary>
internal static class MarkShape
{
    // Corners in a square from -1 to 1, sized so that all look equally big; the disc, the first, has none.
    private static readonly (double X, double Y)[][] _corners =
    [
        [],
        [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
        [(0, -1), (1, 0.8), (-1, 0.8)],
        [(0, -1), (1, 0), (0, 1), (-1, 0)],
        [(0, 1), (1, -0.8), (-1, -0.8)],
        [(-0.35, -1), (0.35, -1), (0.35, -0.35), (1, -0.35), (1, 0.35), (0.35, 0.35), (0.35, 1), (-0.35, 1), (-0.35, 0.35), (-1, 0.35), (-1, -0.35), (-0.35, -0.35)],
        [(-0.9, -0.4), (-0.4, -0.9), (0, -0.5), (0.4, -0.9), (0.9, -0.4), (0.5, 0), (0.9, 0.4), (0.4, 0.9), (0, 0.5), (-0.4, 0.9), (-0.9, 0.4), (-0.5, 0)],
    ];

    internal static int Count => _corners.Length;

    internal static void Draw(SvgCanvas canvas, int shape, double x, double y, double radius, string style, string tooltip)
    {
        if (_corners[shape].Length == 0)
            canvas.Dot(x, y, radius, style, tooltip);
        else
            canvas.Path($"M{string.Join('L', _corners[shape].Select(c => $"{SvgCanvas.Number(x + (radius * c.X))} {SvgCanvas.Number(y + (radius * c.Y))}"))}Z", style, tooltip);
    }

    /// <summary>What cuts a square in a chart's key to the shape.</summary>
    internal static string Clip(int shape) => _corners[shape].Length == 0
        ? "circle()"
        : $"polygon({string.Join(',', _corners[shape].Select(c => $"{Percent(c.X)} {Percent(c.Y)}"))})";

    private static string Percent(double coordinate) => (50 * (1 + coordinate)).ToString("0.#", CultureInfo.InvariantCulture) + "%";
}
