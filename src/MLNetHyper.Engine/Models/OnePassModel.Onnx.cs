namespace MLNetHyper.Engine;

public sealed partial class OnePassModel
{
    private const string PredictionOutput = "prediction", ProbabilitiesOutput = "probabilities";

    /// <summary>Writes the model as an ONNX file (opset 12, ai.onnx.ml 2) that takes a table's columns as they are and gives predictions; the file appears whole or not at all.</summary>
    /// <remarks>
    /// One input for each of the columns that the model looks at, under its name (or with a number behind it, where an output is called so): rows × 1, double for numbers, NaN where one is missing; string
    /// for texts, empty where one is missing. In place of a column of dates, which ONNX does not know, one for each of the date's numbers that varied in training, such as <c>sold year</c> and <c>sold weekday</c>
    /// (Monday is 0; the hour with its minutes as a fraction). Outputs: <c>prediction</c>, for regression rows × 1 of float in the label's units, for classes a string a row, the most probable class; and for classes
    /// <c>probabilities</c>, rows × classes of float.
    /// </remarks>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="IOException">The file cannot be written; an older file of that name is unchanged.</exception>
    public void SaveOnnx(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = new OnnxFile();
        file.Reserve(PredictionOutput);
        file.Reserve(ProbabilitiesOutput);
        string outputs = Network.WriteOnnx(file, Features.WriteOnnx(file), Passed);
        if (Target.Task == LearningTask.Regression)
        {
            file.AddOutput(outputs, PredictionOutput, OnnxFile.Element.Single, 1);
        }
        else
        {
            string probabilities = Target.OutputCount > 1
                ? file.AddNode("Softmax", [outputs], ("axis", 1))
                : file.AddNode("Concat", [file.AddNode("Sigmoid", [file.AddNode("Neg", [outputs])]), file.AddNode("Sigmoid", [outputs])], ("axis", 1));
            string place = file.AddNode("ArgMax", [probabilities], ("axis", 1), ("keepdims", 0));
            file.AddOutput(file.AddTexts(place, Target.ClassNames), PredictionOutput, OnnxFile.Element.Text);
            file.AddOutput(probabilities, ProbabilitiesOutput, OnnxFile.Element.Single, Target.ClassNames.Count);
        }
        file.Save(path, $"predicts '{Target.LabelColumn}'");
    }
}
