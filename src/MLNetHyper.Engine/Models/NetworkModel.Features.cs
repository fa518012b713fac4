namespace MLNetHyper.Engine;

public sealed partial class NetworkModel
{
    /// <summary>Whether there are transforms that only fit the features that the model was trained on.</summary>
    internal bool WidensFeatures => Inputs.Any(transform => transform is not (FeatureSelection or Standardization));

    /// <summary>The places of the features that it looks at: those selected, or those that have weights.</summary>
    internal int[] UsedFeatures()
    {
        if (Inputs is [FeatureSelection selection, ..])
            return selection.Places.ToArray();
        if (WidensFeatures)
            return [.. Enumerable.Range(0, FeatureCount)];
        bool[] weighted = new bool[FeatureCount];
        for (int i = 0; i < FirstWeights; i++)
            weighted[i % FeatureCount] |= Array.Exists(_weights, weights => weights[i] != 0);
        return [.. Enumerable.Range(0, FeatureCount).Where(k => weighted[k])];
    }

    /// <summary>The same for rows of a selection of the features; those that it did not know get weight zero.</summary>
    /// <param name="selection">The features of a row; null for all.</param>
    internal NetworkModel On(FeatureSelection? selection)
    {
        int[] all = [.. Enumerable.Range(0, FeatureCount)], places = selection?.Places.ToArray() ?? all;
        var own = Inputs[0] as FeatureSelection;
        int[] known = own?.Places.ToArray() ?? all;
        IEnumerable<InputTransform> inputs = Inputs.Skip(own is null ? 0 : 1);
        if (places.SequenceEqual(known))
            return new(Architecture, _weights, [.. inputs], Label, Training, Calibration);
        int[] columns = Array.ConvertAll(places, place => Array.BinarySearch(known, place));
        return new(Architecture with { Inputs = columns.Length }, Array.ConvertAll(_weights, Select), [.. inputs.Cast<Standardization>().Select(s => s.Select(columns))], Label, Training, Calibration);

        float[] Select(float[] weights)
        {
            int units = FirstWeights / known.Length;
            float[] selected = new float[weights.Length + (units * (columns.Length - known.Length))];
            for (int i = 0; i < units * columns.Length; i++)
                selected[i] = columns[i % columns.Length] is >= 0 and int column ? weights[(i / columns.Length * known.Length) + column] : 0;
            weights.AsSpan(FirstWeights).CopyTo(selected.AsSpan(units * columns.Length));
            return selected;
        }
    }

    /// <summary>The model that takes all features again, and looks at those that this one takes.</summary>
    internal NetworkModel Behind(FeatureSelection? selection) =>
        selection is null ? this : new(Architecture, _weights, [selection, .. Inputs], Label, Training, Calibration);

    private int FirstWeights => Architecture.Inputs * (Architecture.Hidden.Count > 0 ? Architecture.Hidden[0] : Architecture.Outputs);
}
