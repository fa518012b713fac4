namespace MLNetHyper.Engine;

/// <summary>
/// A model's part of a file, whatever file it is: shape, transforms, weights of every network, training record. The file around it says the
/// version, and guards it with a checksum.
/// </summary>
internal static class NetworkModelFormat
{
    /// <summary>The format that <see cref="Write"/> writes. Version 1 had one network and one standardization, version 2 no calibration.</summary>
    internal const int Version = 3;

    /// <param name="writer">Where to.</param>
    /// <param name="model">The model.</param>
    /// <param name="withTime">Whether to tell how long training took; without it, the same seed gives the same bytes.</param>
    internal static void Write(BinaryWriter writer, NetworkModel model, bool withTime = true)
    {
        Architecture architecture = model.Architecture;
        writer.Write(architecture.Inputs);
        writer.Write(architecture.Outputs);
        writer.Write((int)architecture.Activation);
        writer.Write((int)architecture.Loss);
        writer.Write(architecture.Hidden, writer.Write);
        writer.Write(model.Weights, weights => writer.Write(weights.ToArray(), writer.Write));
        InputTransforms.Write(writer, model.Inputs);
        model.Label.Write(writer);
        model.Calibration.Write(writer);
        TrainingRecordFormat.Write(writer, model.Training, withTime);
    }

    /// <param name="reader">Where from; a stream of known length.</param>
    /// <param name="version">The format that the file was written with, from 1 to <see cref="Version"/>.</param>
    /// <exception cref="IOException">The stream ends too early.</exception>
    /// <exception cref="FormatException">There is no model here.</exception>
    /// <exception cref="ArgumentException">A number cannot be, or parts do not fit together.</exception>
    internal static NetworkModel Read(BinaryReader reader, int version)
    {
        int inputs = reader.ReadInt32(), outputs = reader.ReadInt32();
        Activation activation = reader.ReadEnum<Activation>();
        Loss loss = reader.ReadEnum<Loss>();
        var architecture = new Architecture(inputs, reader.ReadArray(sizeof(int), reader.ReadInt32), outputs, activation, loss);
        float[][] weights = version == 1 ? [Weights()] : reader.ReadArray(sizeof(int), Weights);
        InputTransform[] transforms = version == 1 ? [Standardization.Read(reader)] : InputTransforms.Read(reader);
        Standardization label = Standardization.Read(reader);
        OutputCalibration? calibration = version < 3 ? null : OutputCalibration.Read(reader);
        var model = new NetworkModel(architecture, weights, transforms, label, TrainingRecordFormat.Read(reader), calibration);
        return version == 1 && inputs >= FeatureSelection.Many && FeatureSelection.Of(inputs, model.UsedFeatures()) is { } selection ? model.On(selection).Behind(selection) : model;

        float[] Weights() => reader.ReadArray(sizeof(float), reader.ReadSingle);
    }
}
