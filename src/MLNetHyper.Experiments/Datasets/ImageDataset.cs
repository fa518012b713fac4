namespace MLNetHyper.Experiments;

/// <summary>A public set of images. Of those published for training, the last ones validate, in file order.</summary>
/// <param name="Published">All that are published for training.</param>
/// <param name="ValidationCount">How many of them validate.</param>
/// <param name="Test">Those published for tests.</param>
internal sealed record ImageDataset(ImageData Published, int ValidationCount, ImageData Test)
{
    /// <summary>The images that train.</summary>
    internal ImageData Train => Published.Slice(0, Published.Count - ValidationCount);

    /// <summary>The images that validate.</summary>
    internal ImageData Validation => Published.Slice(Published.Count - ValidationCount, ValidationCount);
}
