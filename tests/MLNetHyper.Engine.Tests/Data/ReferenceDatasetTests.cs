using System.Text.Json;
using static MLNetHyper.Engine.Tests.DataTestFiles;

namespace MLNetHyper.Engine.Tests;

[TestClass]
public sealed class ReferenceDatasetTests
{
    [TestMethod]
    public void Every_row_of_every_sample_has_its_place()
    {
        foreach (ReferenceDataset dataset in ReferenceDataset.All)
        {
            PreparedData<float> data = DataPreparation.Prepare<float>(Sample(dataset), dataset.Options);
            Assert.AreEqual(dataset.Train, data.Train.Count, dataset.Name);
            Assert.AreEqual(dataset.Validation, data.Validation.Count, dataset.Name);
            Assert.AreEqual(dataset.Test, data.Test!.Count, dataset.Name);
            Assert.IsTrue(data.Train.Features.Concat(data.Test.Features).All(float.IsFinite), dataset.Name);
        }
    }

    [TestMethod]
    public void Naval_drops_its_two_constant_columns()
    {
        PreparedData<float> data = DataPreparation.Prepare<float>(Sample(ReferenceDataset.Naval), ReferenceDataset.Naval.Options);
        Assert.AreEqual("x9 x12", string.Join(' ', data.Features.DroppedColumns));
        Assert.AreEqual(14, data.Features.FeatureCount);
    }

    [TestMethod]
    public void Losses_of_the_reference_implementation_come_out_at_its_initial_weights()
    {
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(Repository.PathTo("tests", "MLNetHyper.Engine.Tests", "golden", "energy.neumann-lr-wd.json")));
        JsonElement expected = trace.RootElement.GetProperty("steps")[0];
        JsonElement weights = trace.RootElement.GetProperty("initial_weights");
        PreparedData<double> data = DataPreparation.Prepare<double>(Sample(ReferenceDataset.Energy), ReferenceDataset.Energy.Options);

        Assert.AreEqual(expected.GetProperty("train").GetDouble(), Loss(data.Train, weights), 1e-12);
        Assert.AreEqual(expected.GetProperty("validation").GetDouble(), Loss(data.Validation, weights), 1e-12);
        double deviation = data.Target.Standardization.Scales[0];
        Assert.AreEqual(expected.GetProperty("test_mse_original_units").GetDouble(), deviation * deviation * Loss(data.Test!, weights), 1e-10);
    }

    private static double Loss(Examples<double> examples, JsonElement weights)
    {
        double[][] first = weights.GetProperty("layers.0.weight").Deserialize<double[][]>()!;
        double[] firstBias = weights.GetProperty("layers.0.bias").Deserialize<double[]>()!;
        double[] last = weights.GetProperty("layers.2.weight").Deserialize<double[][]>()![0];
        double lastBias = weights.GetProperty("layers.2.bias").Deserialize<double[]>()![0];
        double sum = 0;
        for (int row = 0; row < examples.Count; row++)
        {
            double[] x = examples.Features[(row * examples.FeatureCount)..((row + 1) * examples.FeatureCount)];
            double output = lastBias + last.Select((weight, unit) => weight * Math.Max(0, firstBias[unit] + first[unit].Zip(x, (w, z) => w * z).Sum())).Sum();
            sum += (output - examples.Targets[row]) * (output - examples.Targets[row]);
        }
        return sum / examples.Count;
    }
}
