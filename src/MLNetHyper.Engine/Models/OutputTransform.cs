namespace MLNetHyper.Engine;

/// <summary>
/// From what networks put out to a value in the label's units, or to logits. Of several networks the mean counts: of values in regression, of
/// probabilities in classification, whose logits it becomes again.
/// </summary>
/// <param name="loss">What the networks minimize.</param>
/// <param name="label">How the label of regression was standardized; 0 and 1 for classification.</param>
/// <param name="calibration">The bounds of values, and the temperature of logits.</param>
internal sealed class OutputTransform(Loss loss, Standardization label, OutputCalibration calibration)
{
    private readonly double _scale = label.Scales[0];
    private readonly double _offset = label.Offsets[0];

    /// <summary>Transforms one row.</summary>
    /// <param name="raw">The networks' outputs, one network after the other.</param>
    /// <param name="outputs">One value, one logit, or the logits of all classes.</param>
    internal void Apply(ReadOnlySpan<float> raw, Span<double> outputs)
    {
        Mean(raw, outputs);
        if (loss == Loss.SquaredError)
            outputs[0] = Math.Clamp(outputs[0], calibration.Least, calibration.Greatest);
        else if (calibration.Temperature != 1)
            System.Numerics.Tensors.TensorPrimitives.Divide(outputs, calibration.Temperature, outputs);
    }

    private void Mean(ReadOnlySpan<float> raw, Span<double> outputs)
    {
        // Most single networks: of classification, whose label has offset 0 and scale 1, as well.
        if (raw.Length == 1)
        {
            outputs[0] = (raw[0] * _scale) + _offset;
            return;
        }
        switch (loss)
        {
            case Loss.SquaredError:
                double sum = 0;
                foreach (float output in raw)
                    sum += output;
                outputs[0] = (sum / raw.Length * _scale) + _offset;
                break;
            case Loss.Logistic:
                (double positive, double negative) = (double.NegativeInfinity, double.NegativeInfinity);
                foreach (float logit in raw)
                    (positive, negative) = (LogSum(positive, -Softplus(-logit)), LogSum(negative, -Softplus(logit)));
                outputs[0] = positive - negative;
                break;
            case Loss.SoftmaxCrossEntropy when raw.Length > outputs.Length:
                outputs.Fill(double.NegativeInfinity);
                for (int start = 0; start < raw.Length; start += outputs.Length)
                    AddSoftmax(raw.Slice(start, outputs.Length), outputs);
                break;
            default:
                for (int i = 0; i < outputs.Length; i++)
                    outputs[i] = raw[i];
                break;
        }
    }

    /// <summary>Writes the same as operators.</summary>
    /// <returns>The name of the outputs.</returns>
    internal string WriteOnnx(IOnnxGraph graph, IReadOnlyList<string> raw)
    {
        if (loss == Loss.SquaredError)
        {
            string mean = raw.Count > 1 ? graph.AddNode("Mean", raw) : raw[0];
            if (_scale != 1 || _offset != 0)
                mean = graph.AddNode("Add", [graph.AddNode("Mul", [mean, graph.AddConstant("LabelScale", [(float)_scale], 1)]), graph.AddConstant("LabelOffset", [(float)_offset], 1)]);
            if (double.IsFinite(calibration.Least))
                mean = graph.AddNode("Max", [mean, graph.AddConstant("LeastLabel", [(float)calibration.Least], 1)]);
            return double.IsFinite(calibration.Greatest) ? graph.AddNode("Min", [mean, graph.AddConstant("GreatestLabel", [(float)calibration.Greatest], 1)]) : mean;
        }
        string logits = MeanLogits(graph, raw);
        return calibration.Temperature == 1 ? logits : graph.AddNode("Div", [logits, graph.AddConstant("Temperature", [(float)calibration.Temperature], 1)]);
    }

    private string MeanLogits(IOnnxGraph graph, IReadOnlyList<string> raw)
    {
        if (raw.Count == 1)
            return raw[0];
        if (loss == Loss.SoftmaxCrossEntropy)
            return raw.Select(logits => graph.AddNode("LogSoftmax", [logits], ("axis", 1))).Aggregate(LogSum);
        string[] opposite = [.. raw.Select(logit => graph.AddNode("Neg", [logit]))];
        return graph.AddNode("Sub", [opposite.Select(LogSigmoidOfNegative).Aggregate(LogSum), raw.Select(LogSigmoidOfNegative).Aggregate(LogSum)]);

        string LogSigmoidOfNegative(string logit) => graph.AddNode("Neg", [graph.AddNode("Softplus", [logit])]);

        // From the greater one: from the other, the digits of logits that lie far apart would cancel out.
        string LogSum(string a, string b) => graph.AddNode("Add", [graph.AddNode("Max", [a, b]), graph.AddNode("Softplus", [graph.AddNode("Neg", [graph.AddNode("Abs", [graph.AddNode("Sub", [a, b])])])])]);
    }

    // The sum of the probabilities, not their mean: softmax does not mind a factor.
    private static void AddSoftmax(ReadOnlySpan<float> logits, Span<double> logSums)
    {
        double greatest = double.NegativeInfinity, total = 0;
        foreach (float logit in logits)
            greatest = Math.Max(greatest, logit);
        foreach (float logit in logits)
            total += Math.Exp(logit - greatest);
        for (int i = 0; i < logits.Length; i++)
            logSums[i] = LogSum(logSums[i], logits[i] - greatest - Math.Log(total));
    }

    /// <summary><c>log(exp a + exp b)</c>.</summary>
    private static double LogSum(double a, double b) => double.IsNegativeInfinity(a) ? b : b + Softplus(a - b);

    /// <summary><c>log(1 + exp x)</c>; no exponential overflows.</summary>
    private static double Softplus(double x) => Math.Max(x, 0) + double.LogP1(Math.Exp(-Math.Abs(x)));
}
