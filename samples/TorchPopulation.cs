#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// Eight starting values of the learning rate, three decades apart, trained side by side as one batched computation: first with
// one pass, which tunes them on the way, then with plain training, which keeps them.
using MLNetHyper.Engine;
using MLNetHyper.Torch;

PreparedData<float> buildings = DataPreparation.Prepare<float>(CsvTable.Load("samples/data/energy.csv"), new DataOptions { LabelColumn = "y" });
var network = new Architecture(buildings.Train.FeatureCount, [50], 1, Activation.Tanh, Loss.SquaredError);
double[] rates = [.. Enumerable.Range(0, 8).Select(k => 1e-4 * Math.Pow(10, 3 * k / 7.0))];
IReadOnlyDictionary<string, double>[] starts = [.. rates.Select(rate => new Dictionary<string, double> { ["lr"] = rate })];

IReadOnlyList<PopulationMember> onePass = Train(new AugmentedNeumann()), plain = Train(new Fixed());
Console.WriteLine("learning rate        one pass           plain");
Console.WriteLine("   start     end  validation loss  validation loss");
foreach ((double rate, PopulationMember tuned, PopulationMember kept) in rates.Zip(onePass, plain))
    Console.WriteLine($"{rate,8:G2}{tuned.Trajectory.Values("lr")[^1],8:G2}{tuned.BestValidationLoss,17:G2}{kept.BestValidationLoss,17:G2}");
Console.WriteLine($"best            {onePass.Min(m => m.BestValidationLoss),17:G2}{plain.Min(m => m.BestValidationLoss),17:G2}");
Console.WriteLine($"median          {Median(onePass),17:G2}{Median(plain),17:G2}");

IReadOnlyList<PopulationMember> Train(HypergradientMethod method) =>
    TorchPopulation.Train(network, starts, buildings.Train, buildings.Validation, new OnePassOptions { Method = method, Steps = 1000 });

static double Median(IReadOnlyList<PopulationMember> members)
{
    double[] losses = [.. members.Select(m => m.BestValidationLoss).Order()];
    return (losses[(losses.Length - 1) / 2] + losses[losses.Length / 2]) / 2;
}

// A notebook shows it as a picture: onePass[0]

/* Expected output:
learning rate        one pass           plain
   start     end  validation loss  validation loss
  0.0001 3.6E-06            0.019              0.1
 0.00027   2E-06             0.04            0.085
 0.00072   5E-06           0.0061            0.067
  0.0019 8.1E-06           0.0054            0.031
  0.0052   9E-06           0.0045           0.0058
   0.014 1.4E-05           0.0029           0.0031
   0.037 3.7E-05           0.0031            0.003
     0.1  0.0001           0.0023           0.0026
best                       0.0023           0.0026
median                      0.005            0.019
*/
