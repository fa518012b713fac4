using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNetHyper.Tests.Bridge;

/// <summary>Checks, seeds, messages and cancellation are as with ML.NET's own trainers.</summary>
[TestClass]
public sealed class TrainingTests
{
    private static readonly MLContext _ml = new(1);

    private static readonly IDataView _rows = _ml.Data.LoadFromEnumerable([new NumberRow(), new NumberRow()]);

    private static readonly IDataView _wide = _ml.Data.LoadFromEnumerable([new WideRow()]);

    [TestMethod]
    public void Columns_of_a_wrong_type_are_refused_in_the_words_of_Sdca()
    {
        IDataView wrong = _ml.Data.LoadFromEnumerable([new { Features = 1f, Label = 1f }]), none = _ml.Data.LoadFromEnumerable([new { Label = 1f }]);
        foreach (IDataView data in new[] { wrong, none })
        {
            Exception theirs = Assert.Throws<Exception>(() => _ml.Regression.Trainers.Sdca().Fit(data));
            Exception ours = Assert.Throws<Exception>(() => new NumberTrainer(_ml, _ => { }).Fit(data));
            Assert.AreEqual(theirs.Message, ours.Message);
            Assert.AreEqual(theirs.GetType(), ours.GetType());
            Assert.Throws<Exception>(() => new NumberTrainer(_ml, _ => { }).Fit(_rows, data));
        }
    }

    [TestMethod]
    public void Validation_data_and_the_model_to_go_on_from_arrive()
    {
        var before = new SumModel(_ml, 2);
        bool trained = false;
        new NumberTrainer(_ml, input =>
        {
            trained = true;
            Assert.AreEqual(1, input.ClassCount);
            Assert.AreEqual(1, input.Validation!.RowCount);
            Assert.AreSame(before, input.Initial);
        }).Fit(_rows, _ml.Data.LoadFromEnumerable([new NumberRow()]), before);
        Assert.IsTrue(trained);
    }

    [TestMethod]
    public void Another_number_of_features_is_refused()
    {
        var trainer = new NumberTrainer(_ml, _ => Assert.Fail("It must not come so far."));
        ArgumentException e = Assert.Throws<ArgumentException>(() => trainer.Fit(_rows, _wide));
        StringAssert.Contains(e.Message, "The validation data has 3 features, the training data has 2.");
        e = Assert.Throws<ArgumentException>(() => trainer.Fit(_rows, null, new SumModel(_ml, 5)));
        StringAssert.Contains(e.Message, "The model to go on from has 5 features, the training data has 2.");
    }

    [TestMethod]
    public void Another_number_of_classes_is_refused()
    {
        IDataView two = Kinds("a", "b"), three = Kinds("a", "b", "c");
        ArgumentException e = Assert.Throws<ArgumentException>(() => new KindTrainer(_ml, _ => { }).Fit(two, three));
        StringAssert.Contains(e.Message, "The validation data has 3 classes, the training data has 2.");
        e = Assert.Throws<ArgumentException>(() => new KindTrainer(_ml, _ => { }).Fit(three, null, new LogitModel(_ml, 2)));
        StringAssert.Contains(e.Message, "The model to go on from has 2 classes, the training data has 3.");
    }

    [TestMethod]
    public void A_context_with_a_seed_gives_every_trainer_that_seed()
    {
        Assert.AreEqual(5, new NumberTrainer(new MLContext(5), _ => { }).Seed);
        Assert.AreEqual(0, new NumberTrainer(new MLContext(0), _ => { }).Seed);
    }

    [TestMethod]
    public void A_context_without_a_seed_gives_every_trainer_another_one_which_it_keeps()
    {
        var context = new MLContext();
        var trainer = new NumberTrainer(context, _ => { });
        int seed = trainer.Seed;
        trainer.Fit(_rows);
        Assert.AreEqual(seed, trainer.Seed);
        Assert.AreNotEqual(seed, new NumberTrainer(context, _ => { }).Seed);
    }

    [TestMethod]
    public void Messages_reach_the_contexts_log()
    {
        var context = new MLContext(1);
        var seen = new List<string>();
        context.Log += (_, e) => seen.Add($"{e.Kind} {e.RawMessage} {e.Source}");
        new NumberTrainer(context, input =>
        {
            input.Log.Info("for {your} information");
            input.Log.Warning("mind");
        }).Fit(_rows);
        CollectionAssert.IsSubsetOf(new[] { "Info for {your} information NumberTrainer; Training", "Warning mind NumberTrainer; Training" }, seen);
    }

    [TestMethod]
    public void The_channel_is_closed_when_training_throws()
    {
        var context = new MLContext(1);
        var seen = new List<string>();
        context.Log += (_, e) => seen.Add(e.RawMessage);
        Assert.ThrowsExactly<NotSupportedException>(() => new NumberTrainer(context, _ => throw new NotSupportedException()).Fit(_rows));
        Assert.IsTrue(seen.Any(m => m.Contains("finished", StringComparison.OrdinalIgnoreCase)), string.Join(" | ", seen));
    }

    [TestMethod]
    public void Canceling_the_context_reaches_the_trainer()
    {
        var context = new MLContext(1);
        bool before = true, after = false;
        var trainer = new NumberTrainer(context, input =>
        {
            before = input.Log.IsCanceled;
            input.Log.ThrowIfCanceled();
            // What AutoML does; it is internal.
            typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(context, null);
            after = input.Log.IsCanceled;
            input.Log.ThrowIfCanceled();
        });
        Assert.Throws<OperationCanceledException>(() => trainer.Fit(_rows));
        Assert.IsFalse(before);
        Assert.IsTrue(after);
    }

    [TestMethod]
    public void Extreme_logits_give_probabilities_that_are_numbers()
    {
        var infinite = new[] { new NumberRow { Features = [1e30f, 0] }, new NumberRow { Features = [-1e30f, 3e38f] }, new NumberRow { Features = [-200, -200] } };
        IDataView scored = new KindTrainer(_ml, _ => { }).Fit(Kinds("a", "b")).Transform(_ml.Data.LoadFromEnumerable(infinite));
        CollectionAssert.AreEqual(new float[] { 1, 0, 0, 1, 0.5f, 0.5f }, scored.GetColumn<float[]>("Score").SelectMany(p => p).ToArray());
        IDataView truths = _ml.Transforms.Conversion.ConvertType("Label", outputKind: DataKind.Boolean).Fit(_rows).Transform(_rows);
        scored = new TruthTrainer(_ml, _ => { }).Fit(truths).Transform(_ml.Data.LoadFromEnumerable(infinite[..2]));
        CollectionAssert.AreEqual(new float[] { 1, 0 }, scored.GetColumn<float>("Probability").ToArray());
    }

    private static IDataView Kinds(params string[] labels)
    {
        IDataView data = _ml.Data.LoadFromEnumerable(labels.Select(l => new TextRow { Label = l }));
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }
}
