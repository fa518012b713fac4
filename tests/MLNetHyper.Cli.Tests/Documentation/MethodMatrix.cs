namespace MLNetHyper.Cli.Tests;

/// <summary>Which method tunes what, asked of the methods themselves.</summary>
internal static class MethodMatrix
{
    private static readonly (string Title, UpdateRule Rule, string Name)[] _columns =
    [
        ("learning rate", new SgdUpdate(), Hyperparameter.LearningRate),
        ("weight decay", new SgdUpdate(), Hyperparameter.WeightDecay),
        ("decoupled weight decay", new SgdUpdate(decoupled: true), Hyperparameter.WeightDecay),
        ("momentum", new SgdUpdate(), Hyperparameter.Momentum),
        ("Adam's learning rate", new AdamUpdate(), Hyperparameter.LearningRate),
        ("Adam's betas", new AdamUpdate(), Hyperparameter.Beta1),
        ("Prodigy's learning rate", new ProdigyUpdate(), Hyperparameter.LearningRate),
        ("schedule-free learning rate", new ScheduleFreeUpdate(), Hyperparameter.LearningRate),
    ];

    internal static string Write()
    {
        string text = $"| Method | {string.Join(" | ", _columns.Select(c => c.Title))} |\n|---|{string.Concat(Enumerable.Repeat("---|", _columns.Length))}\n";
        foreach (NamedChoice choice in HypergradientMethods.All)
            text += $"| `{choice.Name}` | {string.Join(" | ", _columns.Select(c => Cell(HypergradientMethods.Create(choice.Name), c.Rule, c.Name)))} |\n";
        return text;
    }

    private static string Cell(HypergradientMethod method, UpdateRule rule, string name)
    {
        bool single = name is not (Hyperparameter.LearningRate or Hyperparameter.WeightDecay);
        Granularity[] possible = [.. Enum.GetValues<Granularity>().Where(granularity => (granularity == Granularity.Scalar || !single) && CanTune(method, rule, name, granularity))];
        return possible.Length == 0 ? "–" : string.Join(", ", possible.Select(g => g switch { Granularity.Scalar => "one", Granularity.PerTensor => "tensor", _ => "weight" }));
    }

    private static bool CanTune(HypergradientMethod method, UpdateRule rule, string name, Granularity granularity)
    {
        try
        {
            new OnePassOptions
            {
                Method = method,
                Rule = rule,
                Tune = [name],
                LearningRateGranularity = name == Hyperparameter.LearningRate ? granularity : Granularity.Scalar,
                WeightDecayGranularity = name == Hyperparameter.WeightDecay ? granularity : Granularity.Scalar,
            }.Check();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
