using System.Xml.Linq;
using MLNetHyper.Engine.TestSupport;

namespace MLNetHyper.Engine.Tests;

/// <summary>What the table says of an option is true of the engine.</summary>
[TestClass]
public sealed class TrainingOptionTests
{
    private static readonly PreparedData<float> _data = DataPreparation.Prepare<float>(TrainingTables.Create(LearningTask.Regression), TrainingTables.Options);

    [TestMethod]
    public void Every_property_has_a_row_and_every_row_an_example()
    {
        // Weights are no setting: they come from another model. Nor are workers, who come with the process. Presets are settings of others.
        string[] properties = [.. typeof(OnePassOptions).GetProperties().Select(property => property.Name).Where(name => name is not (nameof(OnePassOptions.InitialWeights) or nameof(OnePassOptions.Workers) or nameof(OnePassOptions.Fast) or nameof(OnePassOptions.Best) or nameof(OnePassOptions.Published)))];
        CollectionAssert.AreEquivalent(properties, TrainingOptions.All.Where(option => option.PartOf is null).Select(option => option.Name).ToArray());
        CollectionAssert.AreEquivalent(TrainingOptions.All.Select(option => option.Name).ToArray(), OptionExample.All.Keys.ToArray());
        Assert.AreEqual(TrainingOptions.All.Count, TrainingOptions.All.Select(option => option.Flag).Distinct().Count());
    }

    [TestMethod]
    public void What_the_loop_has_too_is_asked_there()
    {
        foreach (TrainingOption option in TrainingOptions.All)
            Assert.AreEqual(typeof(LoopOptions).GetProperty(option.Name) is not null && option.Name != nameof(OnePassOptions.CheckpointPath), option.InLoop is not null, option.Name);
    }

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void A_value_is_set_and_one_out_of_range_is_refused(string name)
    {
        (TrainingOption option, OptionExample example) = OptionExample.Of(name);
        OnePassOptions set = option.With(example.Before, example.Value);
        set.Check();
        Assert.IsTrue(option.Accepts(example.Value));
        Assert.AreNotEqual(OptionExample.Describe(example.Before), OptionExample.Describe(set));
        if (option.PartOf is null)
            Assert.AreEqual(OptionExample.Describe(example.Value), OptionExample.Describe(option.Value(set)));
        if (example.Wrong is not { } wrong)
            return;
        Assert.IsFalse(option.Accepts(wrong));
        if (option.PartOf is not null)
        {
            Assert.Throws<ArgumentException>(() => option.With(example.Before, wrong));
            return;
        }
        OnePassOptions refused = option.With(example.Before, wrong);
        string message = $"{name} must be {option.Range}, but is ";
        Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentException>(refused.Check).Message);
        if (option.InLoop is not null)
            Assert.StartsWith(message, Assert.ThrowsExactly<ArgumentException>(() => new LoopOptions(refused).Validate([])).Message);
    }

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void A_checkpoint_belongs_to_the_values_that_change_the_run(string name)
    {
        (TrainingOption option, OptionExample example) = OptionExample.Of(name);
        Assert.AreEqual(option.ChangesRun, Identity(example.Before) != Identity(option.With(example.Before, example.Value)));
    }

    [TestMethod]
    [DynamicData(nameof(OptionExample.Names), typeof(OptionExample))]
    public void The_property_is_documented_with_the_same_words(string name)
    {
        (TrainingOption option, _) = OptionExample.Of(name);
        if (option.PartOf is not null)
            return;
        Type owner = typeof(OnePassOptions).GetProperty(name)!.DeclaringType!;
        XElement summary = XDocument.Load(Path.ChangeExtension(owner.Assembly.Location, "xml")).Descendants("member").Single(member => member.Attribute("name")!.Value == $"P:{owner.FullName}.{name}").Element("summary")!;
        Assert.StartsWith(option.Meaning.TrimEnd('.'), string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    private static string Identity(OnePassOptions options)
    {
        PreparedData<float> data = _data.Through(InputTransforms.FitWidening(_data.Train, options.Inputs));
        var objective = new NetworkMembers<float>(Tasks.Architecture(data.Target, data.Train.InputCount, options.HiddenLayers, options.Activation), options.MemberCount);
        int rows = data.Train.Count;
        LoopOptions loop = options.ToLoop(rows) with { Fingerprint = RunFingerprint.Of(objective.Architecture, data.Train, data.Validation) };
        return RunIdentity.Of(loop, objective,
            objective.CreateBatchSource(data.Train, options.BatchSizeFor(rows), options.Seed, loop.TuningInterval + 1),
            objective.CreateBatchSource(data.Validation, options.ValidationBatchSizeFor(rows, _data.Validation.Count), options.Seed, 2));
    }
}
