#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// A recurrent network of your own: it reads a wave of 20 steps and says how long one period is.
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Made-up examples × steps × 1 number, with targets from 0 to 1: waves of different frequencies, phases and heights.
random.manual_seed(0);
using Tensor frequencies = rand(400, 1), phases = 6 * rand(400, 1), heights = 0.5 + rand(400, 1);
using Tensor waves = (heights * ((0.3 + frequencies) * arange(20) + phases).sin()).unsqueeze(2);

using TorchResult result = TorchOnePass.Train(
    () => new WaveReader(units: 16),
    (output, target) => nn.functional.mse_loss(output, target),
    training: (waves[..300], frequencies[..300]),
    validation: (waves[300..], frequencies[300..]),
    new OnePassOptions { Rule = new AdamUpdate(), Steps = 200, BatchSize = 100, GradientClip = 1 });

Console.WriteLine($"{result.Status}: the error of always saying the mean would be {frequencies.std().ToSingle():F2}");
Console.WriteLine(" step  learning rate  beta1  validation error");
for (int i = 4; i < result.Trajectory.Count; i += 5)
    Console.WriteLine($"{result.Trajectory.Steps[i],5}  {result.Trajectory.Values("lr")[i],13:G2}  {result.Trajectory.Values("beta1")[i],5:F2}  {Math.Sqrt(result.Trajectory.ValidationLosses[i]),16:G2}");

// A notebook shows it as a picture: result

sealed class WaveReader : nn.Module<Tensor, Tensor>
{
    private readonly LongShortTermMemory _memory;
    private readonly Linear _decoder;

    internal WaveReader(int units) : base(nameof(WaveReader))
    {
        (_memory, _decoder) = (new(inputs: 1, units), nn.Linear(units, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        // The memory takes steps × examples × inputs; the last step has seen all of them.
        return _decoder.call(_memory.call(input.transpose(0, 1))[-1]).MoveToOuterDisposeScope();
    }
}

/* Expected output:
Completed: the error of always saying the mean would be 0.29
 step  learning rate  beta1  validation error
   50          0.005   0.90              0.31
  100          0.005   0.90               0.3
  150         0.0033   0.90              0.14
  200        0.00012   0.90             0.071
*/
