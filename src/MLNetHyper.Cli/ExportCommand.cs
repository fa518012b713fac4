using System.CommandLine;

namespace MLNetHyper.Cli;

/// <summary><c>onepass export</c>: a model in other programs' formats.</summary>
internal sealed class ExportCommand
{
    private readonly FileOption _model = Flags.Input("--model", "The model that 'onepass train --model' wrote.", required: true);
    private readonly FileOption _onnx = Flags.Output("--onnx", "Write the model as an ONNX file: inputs are the columns by their names (double, or string), of dates their numbers such as 'sold year' and 'sold weekday', outputs prediction and, for classes, probabilities. Default: not written.");
    private readonly FileOption _mlnet = Flags.Output("--mlnet", "Write the model as a zip file for ML.NET's Model.Load, its columns Single or String, dates their numbers. Default: not written.");
    private readonly Option<bool> _json = Flags.Json();
    private readonly Session _session;

    private ExportCommand(Session session) => _session = session;

    internal static Command Create(Session session)
    {
        var export = new ExportCommand(session);
        var command = new Command("export", "Writes a trained model for ONNX runtimes, or for ML.NET.") { export._model, export._onnx, export._mlnet, export._json };
        command.SetAction(export.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? onnx = parsed.GetValue(_onnx), mlnet = parsed.GetValue(_mlnet);
        if (onnx is null && mlnet is null)
            throw new UsageException("name a file with --onnx or --mlnet.");
        Action<OnePassModel, string>? write = mlnet is null ? null : MLNetFile.Writer();
        OnePassModel model = OnePassModel.Load(parsed.GetValue(_model)!);
        WrittenFiles files = new();
        onnx = files.Write("ONNX file", onnx, model.SaveOnnx);
        mlnet = files.Write("ML.NET file", mlnet, path => write!(model, path));
        if (parsed.GetValue(_json))
            Json.Write(_session.Out, json =>
            {
                json.WriteString("task", model.Target.Task.ToString().ToLowerInvariant());
                json.WriteString("label", model.Target.LabelColumn);
                json.Texts("inputs", [.. model.Features.Encodings.SelectMany(encoding => encoding is DateEncoding dates ? dates.Numbers : [encoding.Column])]);
                json.WriteString("onnx", onnx);
                json.WriteString("mlnet", mlnet);
            });
        else
            foreach ((string what, string path) in new[] { ("ONNX", onnx), ("ML.NET", mlnet) }.Where(file => file.Item2 is not null).Select(file => (file.Item1, file.Item2!)))
                _session.Out.WriteLine($"{what,-10}  {path}");
        return files.End(_session);
    }
}
