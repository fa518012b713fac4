namespace MLNetHyper.Engine;

/// <summary>How the tables of a first layer whose inputs are bins are cut into tiles of units: each has a row of units for every knot, then for every feature without bins, and one more.</summary>
internal readonly struct BinnedTile(Tiling tiling, NetworkShape.Layer layer, Knots knots)
{
    // As many vectors of units as have their sums in registers.
    private const int Vectors = 4;

    internal Knots Knots => knots;

    /// <summary>Units in a tile, and numbers in a row.</summary>
    internal int Units => Vectors * tiling.Width;

    internal int Count => (layer.Outputs + Units - 1) / Units;

    /// <summary>Where the row of the first feature without bins is.</summary>
    internal nint Plain => (nint)knots.Count * Units;

    /// <summary>Where the last row is.</summary>
    internal nint Bias => Plain + ((nint)knots.Plain.Length * Units);

    /// <summary>Numbers in a tile's table.</summary>
    internal long Length => Bias + Units;

    /// <summary>Numbers in a tile's weights, an input a row.</summary>
    internal long TransposedLength => (long)layer.Inputs * Units;

    /// <summary>How many units of a tile there are.</summary>
    internal int UnitsOf(int tile) => Math.Min(Units, layer.Outputs - (tile * Units));
}
