using FsCheck;
using FsCheck.Fluent;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class RowSplitTests
{
    [TestMethod]
    public void Parts_are_disjoint_cover_all_rows_and_share_out_every_class()
    {
        Prop.ForAll<int>(seed =>
        {
            Random random = new(seed);
            int classes = random.Next(1, 8);
            int rows = random.Next(10, 500);
            int[] strata = [.. Enumerable.Range(0, rows).Select(_ => Math.Min(random.Next(classes), random.Next(classes)))];
            int validation = random.Next(1, rows / 3), test = random.Next(0, rows / 3);
            RowSplit split = RowSplit.Stratified(strata, validation, test, seed);

            Assert.HasCount(validation, split.Validation);
            Assert.HasCount(test, split.Test);
            CollectionAssert.AreEqual(Enumerable.Range(0, rows).ToArray(), split.Train.Concat(split.Validation).Concat(split.Test).Order().ToArray());
            foreach (int[] part in new[] { split.Train, split.Validation, split.Test })
                CollectionAssert.AreEqual(part.Order().ToArray(), part);
            foreach (IGrouping<int, int> stratum in Enumerable.Range(0, rows).GroupBy(row => strata[row]))
            {
                int Count(int[] part) => part.Count(row => strata[row] == stratum.Key);
                Assert.IsGreaterThan(0, Count(split.Train));
                // Largest remainders are off by less than 1; classes of one row, which stay in training, pass at most their share on to others.
                double slack = 1 + classes;
                Assert.AreEqual(test * (double)stratum.Count() / rows, Count(split.Test), slack);
                Assert.AreEqual(validation * (double)stratum.Count() / rows, Count(split.Validation), slack);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [TestMethod]
    public void Equal_classes_are_shared_exactly()
    {
        int[] strata = [.. Enumerable.Range(0, 100).Select(row => row % 2)];
        RowSplit split = RowSplit.Stratified(strata, 20, 10, 3);
        Assert.AreEqual(10, split.Validation.Count(row => row % 2 == 0));
        Assert.AreEqual(5, split.Test.Count(row => row % 2 == 0));
    }

    [TestMethod]
    public void The_seed_decides()
    {
        int[] strata = new int[50];
        CollectionAssert.AreEqual(RowSplit.Stratified(strata, 10, 5, 7).Validation, RowSplit.Stratified(strata, 10, 5, 7).Validation);
        CollectionAssert.AreNotEqual(RowSplit.Stratified(strata, 10, 5, 7).Validation, RowSplit.Stratified(strata, 10, 5, 8).Validation);
    }

    [TestMethod]
    public void A_seed_gives_the_same_rows_for_ever()
    {
        Assert.AreEqual("3 12 13 15", string.Join(' ', RowSplit.Stratified(new int[20], 4, 3, 1).Validation));
    }

    [TestMethod]
    public void A_class_of_one_row_trains()
    {
        for (int seed = 0; seed < 50; seed++)
            CollectionAssert.Contains(RowSplit.Stratified([0, 0, 0, 0, 1, 0, 0, 0, 0, 0], 3, 2, seed).Train, 4);
    }
}
