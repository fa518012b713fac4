using System.Globalization;
using System.Text;

namespace MLNetHyper.Reports;

/// <summary>Collects the elements of one SVG picture; colors and fonts come from the page's style sheet.</summary>
internal sealed class SvgCanvas(double width, double height)
{
    private readonly StringBuilder _body = new();

    public double Width { get; } = width;

    public double Height { get; } = height;

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        _body.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"M{Number(x1)} {Number(y1)}L{Number(x2)} {Number(y2)}\"/>\n");

    public void Path(string data, string style) =>
        _body.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{data}\"/>\n");

    public void Path(string data, string style, string tooltip) =>
        _body.Append(CultureInfo.InvariantCulture, $"<path class=\"{style}\" d=\"{data}\"><title>{Markup.Escape(tooltip)}</title></path>\n");

    public void Box(double x, double y, double boxWidth, double boxHeight, string style, string tooltip) =>
        _body.Append(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" width=\"{Number(boxWidth)}\" height=\"{Number(boxHeight)}\" rx=\"2\"><title>{Markup.Escape(tooltip)}</title></rect>\n");

    public void Dot(double x, double y, double radius, string style, string tooltip) =>
        _body.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{Number(x)}\" cy=\"{Number(y)}\" r=\"{Number(radius)}\"><title>{Markup.Escape(tooltip)}</title></circle>\n");

    /// <summary>Writes text, cut with an ellipsis where it would be wider than the room it has.</summary>
    public void Text(double x, double y, string text, string style, double room = double.PositiveInfinity)
    {
        string shown = TextFit.Shorten(text, room);
        string whole = shown == text ? "" : $"<title>{Markup.Escape(text)}</title>";
        _body.Append(CultureInfo.InvariantCulture, $"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\">{Markup.Escape(shown)}{whole}</text>\n");
    }

    /// <summary>Writes the picture; a wide one is marked so, for narrow screens to scroll rather than shrink it.</summary>
    public void WriteTo(TextWriter writer, string id, string title, string description)
    {
        string w = Number(Width), h = Number(Height), wide = Width > 600 ? " data-wide=\"\"" : "";
        writer.Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\"{wide} style=\"max-width:{w}px\" role=\"img\" aria-labelledby=\"{id}t {id}d\">\n");
        writer.Write($"<title id=\"{id}t\">{Markup.Escape(title)}</title>\n<desc id=\"{id}d\">{Markup.Escape(description)}</desc>\n");
        writer.Write(_body);
        writer.Write("</svg>");
    }

    /// <summary>A coordinate: a tenth of a pixel is finer than anyone sees.</summary>
    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
