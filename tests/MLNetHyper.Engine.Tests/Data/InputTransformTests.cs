using System.Text;

namespace MLNetHyper.Engine.Tests;

/// <summary>What must hold of every transform of inputs, and of several one after the other.</summary>
[TestClass]
public sealed class InputTransformTests
{
    public static IEnumerable<object[]> Transforms => InputTransformCases.Rows;

    [TestMethod]
    [DynamicData(nameof(Transforms))]
    public void Finite_numbers_come_out_and_the_same_ones_from_a_file(int index)
    {
        InputTransform transform = InputTransformCases.All[index];
        using var file = new MemoryStream();
        using var writer = new BinaryWriter(file, Encoding.UTF8);
        InputTransforms.Write(writer, [transform, transform]);
        file.Position = 0;
        InputTransform[] read = InputTransforms.Read(new BinaryReader(file));
        Assert.HasCount(2, read);
        Assert.AreEqual(file.Length, file.Position);
        foreach (float[] row in InputTransformCases.Examples.Where(row => transform is Standardization || row.All(float.IsFinite)))
        {
            float[] expected = Applied(transform, row);
            Assert.IsTrue(expected.All(float.IsFinite), string.Join(' ', expected));
            CollectionAssert.AreEqual(expected, Applied(read[1], row));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Transforms))]
    public void A_layer_that_it_is_folded_into_does_the_same(int index)
    {
        InputTransform transform = InputTransformCases.All[index];
        double[] weights = [.. Enumerable.Range(0, 2 * transform.OutputWidth).Select(i => Math.Sin(i))], bias = [0.5, -2];
        if (transform.FoldIntoFirstLayer(weights, bias) is not (double[] Weights, double[] Bias) folded)
            return;
        float[] row = InputTransformCases.Examples[0], transformed = Applied(transform, row);
        for (int unit = 0; unit < 2; unit++)
        {
            double expected = bias[unit] + transformed.Select((x, k) => x * weights[(unit * transformed.Length) + k]).Sum();
            Assert.AreEqual(expected, folded.Bias[unit] + row.Select((x, k) => x * folded.Weights[(unit * row.Length) + k]).Sum(), 1e-5 * (1 + Math.Abs(expected)));
        }
        Assert.ThrowsExactly<ArgumentException>(() => transform.FoldIntoFirstLayer(weights.AsSpan(1), bias));
    }

    [TestMethod]
    [DynamicData(nameof(Transforms))]
    public void Rows_of_another_length_are_refused(int index)
    {
        InputTransform transform = InputTransformCases.All[index];
        Assert.ThrowsExactly<ArgumentException>(() => transform.Apply(new float[transform.InputWidth + 1], new float[transform.OutputWidth]));
        Assert.ThrowsExactly<ArgumentException>(() => transform.Apply(new float[transform.InputWidth], new float[transform.OutputWidth - 1]));
    }

    [TestMethod]
    public void A_file_with_a_transform_that_nobody_knows_says_so()
    {
        using var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        InputTransforms.Write(writer, [new Powers(1)]);
        file.Position = 0;
        Assert.Contains("'powers' is no transform", Assert.ThrowsExactly<FormatException>(() => InputTransforms.Read(new BinaryReader(file))).Message);
    }

    [TestMethod]
    public void A_selection_takes_what_there_is()
    {
        foreach (int[] places in (int[][])[[], [-1, 2], [1, 5], [2, 1], [1, 1]])
            Assert.ThrowsExactly<ArgumentException>(() => new FeatureSelection(5, places));
        Assert.IsNull(FeatureSelection.Of(3, [0, 1, 2]));
        CollectionAssert.AreEqual(new[] { 0 }, FeatureSelection.Of(3, [])!.Places.ToArray());
    }

    [TestMethod]
    public void Fitting_passes_once_through_what_was_fitted_before()
    {
        Examples<float> rows = NetworkTestData.Single(NetworkTestData.Draw(NetworkTestData.Shape(3, []), 50, 1));
        var fitters = new List<CountingFitter>();
        Func<int, InputFitter> create = width =>
        {
            fitters.Add(new(width));
            return fitters[^1];
        };
        foreach (int block in new[] { 50, 20 })
        {
            fitters.Clear();
            IReadOnlyList<InputTransform> fitted = InputTransforms.Fit(new BlockedExamples(rows, block), [], create, create);
            CollectionAssert.AreEqual(new[] { 6, 12 }, fitted.Select(transform => transform.OutputWidth).ToArray());
            CollectionAssert.AreEqual(new[] { (3, 50), (6, 50) }, fitters.Select(f => (f.Width, f.Rows)).ToArray());
        }
        Assert.IsEmpty(InputTransforms.FitWidening(rows, new(RobustScaling: false, Bins: 0)));
    }

    /// <summary>Rows that are kept narrow give the bits of rows that were widened beforehand.</summary>
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Widening_as_batches_are_packed_changes_no_result(bool minibatches)
    {
        Examples<float> Narrow(int count, int seed) => NetworkTestData.Single(NetworkTestData.Draw(NetworkTestData.Shape(5, [7]), count, seed));
        Examples<float> training = Narrow(300, 1), validation = Narrow(60, 2);
        Architecture wide = NetworkTestData.Shape(10, [7]);
        OnePassOptions options = OnePassOptions.Published with { Steps = 100, Seed = 3, BatchSize = minibatches ? 20 : null, RetrainOnAll = minibatches };
        LoopResult<DenseVector<float>> expected = OnePass.Train(wide, Powers.Widened(training), Powers.Widened(validation), options);
        training.Widening = validation.Widening = [new Powers(5)];
        CollectionAssert.AreEqual(expected.Weights.Span.ToArray(), OnePass.Train(wide, training, validation, options).Weights.Span.ToArray());
        if (!minibatches)
            return;
        ExampleSource<float> blocks = new BlockedExamples(training, 100), wideBlocks = new BlockedExamples(Powers.Widened(training), 100);
        blocks.Widening = training.Widening;
        options = options with { RetrainOnAll = false };
        CollectionAssert.AreEqual(OnePass.Train(wide, wideBlocks, Powers.Widened(validation), options).Weights.Span.ToArray(), OnePass.Train(wide, blocks, validation, options).Weights.Span.ToArray());
    }

    [TestMethod]
    public void Weights_of_all_that_comes_of_an_unlearned_feature_are_forgotten()
    {
        float[] weights = [.. Enumerable.Repeat(1f, 2 * (6 + 1))];
        Examples<float> rows = new([1, 0, 2, 0, 0, 3], 3, [0, 0]);
        int[] zero = Tasks.ZeroFeatures(rows);
        CollectionAssert.AreEqual(new[] { 1 }, zero);
        Tasks.ForgetUnlearned(weights, new(6, [], 2, Activation.Relu, Loss.SoftmaxCrossEntropy), zero, [new Powers(3)]);
        CollectionAssert.AreEqual(new float[] { 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1 }, weights);
    }

    private static float[] Applied(InputTransform transform, float[] row)
    {
        float[] transformed = new float[transform.OutputWidth];
        transform.Apply(row, transformed);
        return transformed;
    }

    private sealed class CountingFitter(int width) : InputFitter
    {
        internal int Width => width;

        internal int Rows { get; private set; }

        internal override void Add(ReadOnlySpan<float> row)
        {
            Assert.AreEqual(width, row.Length);
            Rows++;
        }

        internal override InputTransform ToTransform() => new Powers(width);
    }
}
