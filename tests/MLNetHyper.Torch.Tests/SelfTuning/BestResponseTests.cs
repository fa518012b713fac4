using TorchSharp.Modules;

namespace MLNetHyper.Torch.Tests;

/// <summary>Best-response layers and the regularizers between them.</summary>
[TestClass]
public sealed class BestResponseTests
{
    [TestMethod]
    public void Layers_are_plain_without_offsets_and_before_they_have_learned()
    {
        using DisposeScope scope = Begin();
        SelfTuningRegularizers regularizers = new(new TunedDropout(), new TunedNoise());
        using BestResponseLinear dense = new(4, 3, regularizers);
        using BestResponseConv2d convolution = new(2, 5, 3, regularizers, stride: 2, padding: 1);
        Tensor rows = randn(6, 4), images = randn(6, 2, 8, 8), offsets = randn(6, 2);
        Tensor plainDense = nn.functional.linear(rows, Named(dense, "weight"), Named(dense, "bias"));
        Tensor plainConvolution = nn.functional.conv2d(images, Named(convolution, "weight"), Named(convolution, "bias"), [2, 2], [1, 1]);
        foreach (Tensor? given in (Tensor?[])[null, offsets])
        {
            Assert.IsTrue(regularizers.Respond(dense, rows, new(given, null)).equal(plainDense).all().ToBoolean());
            Assert.IsTrue(regularizers.Respond(convolution, images, new(given, null)).equal(plainConvolution).all().ToBoolean());
        }
    }

    [TestMethod]
    public void Layers_respond_example_by_example()
    {
        using DisposeScope scope = Begin();
        using IDisposable mode = no_grad();
        SelfTuningRegularizers regularizers = new(new TunedDropout(), new TunedNoise());
        using BestResponseLinear dense = new(4, 3, regularizers);
        using BestResponseConv2d convolution = new(2, 5, 3, regularizers);
        foreach (nn.Module layer in (nn.Module[])[dense, convolution])
        {
            nn.init.normal_(Named(layer, "weight_gates"));
            nn.init.normal_(Named(layer, "bias_gates"));
        }
        Tensor rows = randn(6, 4), images = randn(6, 2, 7, 7), offsets = randn(6, 2);
        Tensor ofRows = regularizers.Respond(dense, rows, new(offsets, null)), ofImages = regularizers.Respond(convolution, images, new(offsets, null));
        for (int i = 0; i < 6; i++)
        {
            (Tensor weight, Tensor bias) = Weights(dense, i);
            Assert.IsTrue(nn.functional.linear(rows[i].unsqueeze(0), weight, bias).allclose(ofRows[i].unsqueeze(0), 1e-4, 1e-5));
            (weight, bias) = Weights(convolution, i);
            Assert.IsTrue(nn.functional.conv2d(images[i].unsqueeze(0), weight, bias).allclose(ofImages[i].unsqueeze(0), 1e-4, 1e-5));
        }

        // W + diag(A·η)V and b + (E·η)∘c.
        (Tensor Weight, Tensor Bias) Weights(nn.Module layer, int i)
        {
            Tensor weight = Named(layer, "weight"), gate = Named(layer, "weight_gates").matmul(offsets[i]);
            return (weight + (gate.view([gate.shape[0], .. Enumerable.Repeat(1L, (int)weight.dim() - 1)]) * Named(layer, "response_weight")),
                Named(layer, "bias") + (Named(layer, "bias_gates").matmul(offsets[i]) * Named(layer, "response_bias")));
        }
    }

    [TestMethod]
    public void Linearized_output_is_the_tangent()
    {
        using DisposeScope scope = Begin();
        SelfTuningRegularizers regularizers = new(new TunedDropout()) { Linearize = true }, exact = new(new TunedDropout());
        nn.Module<Tensor, Tensor> Network(SelfTuningRegularizers set)
        {
            random.manual_seed(3).Dispose();
            nn.Module<Tensor, Tensor> network = nn.Sequential(new BestResponseLinear(4, 6, set), nn.Tanh(), new BestResponseLinear(6, 2, set)).to(ScalarType.Float64);
            foreach ((string name, Parameter parameter) in network.named_parameters())
            {
                using IDisposable mode = no_grad();
                if (name.EndsWith("gates", StringComparison.Ordinal))
                    nn.init.normal_(parameter);
            }
            return network;
        }
        using nn.Module<Tensor, Tensor> linear = Network(regularizers), whole = Network(exact);
        Tensor rows = randn(5, 4, dtype: ScalarType.Float64), offsets = randn(5, 1, dtype: ScalarType.Float64);
        Tensor At(double t) => exact.Respond(whole, rows, new(offsets * t, null));
        Tensor tangent = At(0) + ((At(1e-5) - At(-1e-5)) / 2e-5);
        Assert.IsTrue(regularizers.Respond(linear, rows, new(offsets, null)).allclose(tangent, 1e-7, 1e-8));
    }

    /// <summary>By the raw values through the offsets, by the scales with their entropy besides.</summary>
    [TestMethod]
    public void Hypergradients_are_the_differences_of_the_validation_loss()
    {
        using DisposeScope scope = Begin();
        TunedDropout dropout = new();
        SelfTuningRegularizers regularizers = new(dropout, new TunedNoise()) { Entropy = 0.05 };
        using TorchObjective objective = new(() => nn.Sequential(regularizers.Layer(dropout), new BestResponseLinear(3, 4, regularizers), nn.Tanh(), new BestResponseLinear(4, 1, regularizers)),
            (output, target) => (output - target).square().mean(), type: ScalarType.Float64, regularizer: regularizers);
        Tensor x = randn(8, 3, dtype: ScalarType.Float64), y = randn(8, 1, dtype: ScalarType.Float64);
        using TensorBatchSource held = new(x, y, 8, null, 2, isForTraining: false);
        TorchBatch batch = held.BatchAt(0);
        HyperparameterSet<TorchVector> values = new(objective.Hyperparameters, objective.Tensors, objective.CreateVector(), null, objective.Hyperparameters.Count, objective.CreateVector);
        TorchVector weights = objective.CreateVector(), gradient = objective.CreateVector();
        weights.CopyFrom(Finite.Random(weights.Length, 5));
        ILinearization<TorchVector> validation = objective.CreateValidation([.. values]);
        double loss = validation.Gradient(weights, batch, gradient);
        Assert.AreEqual(loss, validation.Gradient(weights, batch, gradient), "the same draws");
        values.ClearHypergradients();
        validation.AddDirectHypergradients();
        values.ApplyChainRule();
        double[] hypergradients = [.. values.Select(value => Hypergradient(value))];

        // Scales: by moving them. Entropy τ·log s has the derivative τ·ln 10 by log10 s.
        for (int i = 2; i < 4; i++)
        {
            double[] raw = new double[1];
            values[i].CopyRawTo(raw);
            double At(double shift)
            {
                values[i].SetRaw(raw[0] + shift);
                return validation.Gradient(weights, batch, gradient);
            }
            double difference = (At(1e-5) - At(-1e-5)) / 2e-5;
            values[i].SetRaw(raw[0]);
            Assert.AreEqual(difference - (0.05 * Math.Log(10)), hypergradients[i], 1e-7, values[i].Definition.Name);
        }

        // Raw values: by moving the offsets that they would be away from what the layers have learned around.
        using nn.Module<Tensor, Tensor> network = objective.CreateTrained(weights);
        objective.SeedMasks(-1);
        Tensor drawn = randn(8, 2, dtype: ScalarType.Float64) * 0.5;
        for (int i = 0; i < 2; i++)
        {
            double At(double shift)
            {
                Tensor moved = drawn.clone();
                moved.select(1, i).add_(shift);
                return (regularizers.Respond(network, x, new(moved, null)) - y).square().mean().ToDouble();
            }
            Assert.AreEqual(loss, At(0), 1e-12);
            Assert.AreEqual((At(1e-5) - At(-1e-5)) / 2e-5, hypergradients[i], 1e-7, values[i].Definition.Name);
        }
    }

    [TestMethod]
    public void Regularizers_do_what_their_values_say()
    {
        using DisposeScope scope = Begin();
        Tensor rates = tensor([0.2f, 0.7f]), ones = torch.ones(2, 4000);
        Tensor dropped = new TunedDropout().Apply(ones, [rates]);
        Near(0.2, dropped[0].eq(0).to_type(ScalarType.Float32).mean());
        Near(0.7, dropped[1].eq(0).to_type(ScalarType.Float32).mean());
        Near(1, dropped[0].mean());
        Near(1, dropped[1].mean(), 0.1);
        Near(0.7, new TunedNoise().Apply(zeros(2, 4000), [rates])[1].std());
        Tensor channels = new TunedFeatureDropout().Apply(torch.ones(2, 500, 3, 3), [rates]);
        Assert.IsTrue(channels.eq(0).all(3).all(2).eq(channels.eq(0).any(3).any(2)).all().ToBoolean(), "channels go whole");
        Near(0.7, channels[1].select(1, 0).select(1, 0).eq(0).to_type(ScalarType.Float32).mean(), 0.08);
    }

    [TestMethod]
    public void Cutout_counts_in_whole_holes_and_pixels()
    {
        using DisposeScope scope = Begin();
        var cutout = new TunedCutout();
        Tensor images = torch.ones(3, 2, 400, 400);
        // One hole of 4 pixels, none, two of 3: what is below the whole part does not count.
        Tensor cut = cutout.Apply(images, [tensor([1.9f, 0.9f, 2.1f]), tensor([4.9f, 9f, 3f])]).eq(0);
        Assert.IsTrue(cut.select(1, 0).equal(cut.select(1, 1)).all().ToBoolean(), "all channels alike");
        long[] pixels = [.. Enumerable.Range(0, 3).Select(i => cut[i, 0].sum().ToInt64())];
        CollectionAssert.AreEqual((long[])[16, 0, 18], pixels);
        Assert.Contains("examples × channels", Assert.ThrowsExactly<InvalidOperationException>(() => cutout.Apply(torch.ones(3, 4), [zeros(3), zeros(3)])).Message);
    }

    [TestMethod]
    public void What_does_not_fit_is_said_before_libtorch_would()
    {
        using DisposeScope scope = Begin();
        TunedDropout dropout = new();
        SelfTuningRegularizers regularizers = new(dropout);
        using BestResponseLinear dense = new(4, 3, regularizers);
        using BestResponseConv2d convolution = new(2, 3, 3, regularizers);
        Fails<InvalidOperationException>("takes examples × 4", () => dense.call(randn(6, 5)));
        Fails<InvalidOperationException>("takes examples × 2 × height", () => convolution.call(randn(6, 5)));
        Fails<InvalidOperationException>("first dimension counts the examples, 5 here", () => regularizers.Respond(dense, randn(6, 4), new(randn(5, 1), null)));
        SelfTuningRegularizers linearized = new(dropout) { Linearize = true };
        using Penalized penalized = new(linearized, dropout);
        Fails<InvalidOperationException>("Leave Linearize out", () => linearized.Respond(penalized, randn(6, 4), new(zeros(6, 1), [ones(6)])));
        Fails<ArgumentException>("not one of these", () => regularizers.Layer(new TunedDropout()));
        Fails<ArgumentException>("at least one regularizer", () => new SelfTuningRegularizers());
        Fails<ArgumentException>("Give a value between 0 and 0.95", () => new TunedDropout(initial: 0.95));
        Fails<ArgumentOutOfRangeException>("below 1", () => new TunedDropout(greatest: 1));
        Fails<ArgumentOutOfRangeException>("from 0.001 to 3", () => new SelfTuningRegularizers(dropout) { InitialScale = 5 });
        Fails<ArgumentOutOfRangeException>("0 or above", () => new SelfTuningRegularizers(dropout) { Entropy = -1 });

        static void Fails<TException>(string message, Func<object> action) where TException : Exception =>
            Assert.Contains(message, Assert.ThrowsExactly<TException>(action).Message);
    }

    private static DisposeScope Begin()
    {
        TorchRuntime.Require(null);
        random.manual_seed(1).Dispose();
        return NewDisposeScope();
    }

    private static TorchSharp.Modules.Parameter Named(nn.Module module, string name) => module.get_parameter(name)!;

    private static void Near(double expected, Tensor actual, double tolerance = 0.05) => Assert.AreEqual(expected, actual.ToDouble(), tolerance);

    private static double Hypergradient(HyperparameterValue<TorchVector> value)
    {
        double[] one = new double[1];
        value.CopyHypergradientTo(one);
        return one[0];
    }

    /// <summary>A layer that adds its activations' mean square to the loss.</summary>
    private sealed class Penalized : nn.Module<Tensor, Tensor>
    {
        private readonly SelfTuningRegularizers _regularizers;
        private readonly TunedRegularizer _regularizer;
        private readonly BestResponseLinear _layer;

        internal Penalized(SelfTuningRegularizers regularizers, TunedRegularizer regularizer) : base(nameof(Penalized))
        {
            (_regularizers, _regularizer, _layer) = (regularizers, regularizer, new(4, 3, regularizers));
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            Tensor output = _layer.call(input);
            if (_regularizers.ValuesOf(_regularizer) is { } values)
                _regularizers.AddPenalty((values[0].unsqueeze(1) * output.square()).mean());
            return output;
        }
    }
}
