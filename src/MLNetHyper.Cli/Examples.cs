namespace MLNetHyper.Cli;

/// <summary>What stands beneath a command's help.</summary>
internal static class Examples
{
    internal static void WriteTo(TextWriter output, string command)
    {
        string? text = command switch
        {
            "train" => """
                Examples:
                  onepass train --data houses.csv --label price --model houses.model --report houses.html
                  onepass train --data churn.csv --label churned --drop id --time-budget 30s --json
                  onepass train --data churn.csv --label churned --class-weights balanced --history churn.jsonl
                  onepass train --data houses.csv --label price --cross-validate 5 --model houses.model
                  onepass train --data big.csv --label y --checkpoint big.checkpoint --epochs 50

                Ctrl-C ends training cleanly: the model and the report so far are written, and with --checkpoint the same command continues from there. Exit codes: 0 success, 1 failed, 2 bad input, 130 canceled.
                """,
            "predict" => """
                Examples:
                  onepass predict --model houses.model --data new.csv --output predictions.csv
                  onepass predict --model churn.model --data new.csv --keep id --threshold 0.3 | head
                  cat new.csv | onepass predict --model houses.model --data - --keep all

                The file needs the columns that the model was trained on. If it also has the label, the errors are reported on standard error. So are texts, missing values and columns that training never met. Classes keep their names from the data: a spreadsheet takes one that begins with =, +, - or @ for a formula, unless you import it as text.
                """,
            "explain" => """
                Examples:
                  onepass explain --model houses.model --data new.csv
                  onepass explain --model churn.model --data new.csv --partial-dependence age,plan --report churn.html

                Importance is how much the error rises when a column's values are shuffled among the rows. If several columns carry the same information, each may seem to matter little. Partial dependence gives all rows the same value of a column and averages the predictions.
                """,
            "export" => """
                Examples:
                  onepass export --model houses.model --onnx houses.onnx
                  onepass export --model houses.model --mlnet houses.zip

                To either, a missing number is NaN and a missing text is empty.
                """,
            "compare" => """
                Examples:
                  onepass compare --data houses.csv --label price --quick
                  onepass compare --data houses.csv --label price --report comparison.html --csv results.csv
                  onepass compare --data houses.csv --label price --checkpoint runs.jsonl
                  onepass compare --data churn.csv --label churned --searches random,asha --multiples 1,10,100 --json

                Costs are counted in gradient evaluations; one plain training is the unit. The test rows are scored once, after all choices have been made on the validation rows. After Ctrl-C or a power cut, the same command with --checkpoint continues continues from the runs that had finished.
                """,
            "reproduce" => """
                Examples:
                  onepass reproduce --dataset energy --initializations 20
                  onepass reproduce --dataset kin8nm --methods random,wd-lr-m,forward --markdown
                  onepass reproduce --dataset fashion-mnist --data-folder fashion-mnist --initializations 10

                Fashion-MNIST is read from the four published files, .gz or not. ptb, cifar-10 and cifar-10-wrn need the tool with the TorchSharp engine:

                  dotnet run --project src/MLNetHyper.Torch.Cli -c Release -- reproduce --dataset ptb --data-folder ptb
                """,
            "speed" => """
                Example:
                  onepass speed

                Leave the machine alone meanwhile. Ratios within one run are steadier than times.
                """,
            "verify-trace" => """
                Example:
                  onepass verify-trace tests/MLNetHyper.Engine.Tests/golden/*.json

                Exit codes: 0 all traces were followed, 1 one deviates by more than 1e-8, 2 one cannot be read.
                """,
            _ => """
                Example:
                  onepass train --data houses.csv --label price --model houses.model --report houses.html

                'onepass COMMAND --help' lists a command's options with their defaults.
                """,
        };
        if (command == "train")
        {
            WriteChoices(output, "Methods (--method):", HypergradientMethods.All);
            WriteChoices(output, "Update rules (--rule):", UpdateRules.All);
            WriteChoices(output, "Meta-optimizers (--meta-optimizer):", MetaOptimizers.All);
        }
        output.WriteLine(text);
    }

    private static void WriteChoices(TextWriter output, string title, IReadOnlyList<NamedChoice> choices)
    {
        output.WriteLine(title);
        int width = choices.Max(choice => choice.Name.Length);
        foreach (NamedChoice choice in choices)
            output.WriteLine($"  {choice.Name.PadRight(width)}  {choice.Description}");
        output.WriteLine();
    }
}
