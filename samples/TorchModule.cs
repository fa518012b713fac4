#:project ../src/MLNetHyper.Torch
#:package TorchSharp-cpu
#:property PublishAot=false

// A module of your own, trained in one call that tunes learning rate and weight decay along the way.
using MLNetHyper.Engine;
using MLNetHyper.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

// Says what to do if libtorch cannot be used.
TorchRuntime.Require();

// Made-up examples: a smooth function of two numbers, with a little noise. Data from anywhere else would be tensors just the same.
random.manual_seed(0);
using Tensor x = rand(500, 2) * 4 - 2, y = (x.select(1, 0).sin() * x.select(1, 1).cos() + 0.05 * randn(500)).unsqueeze(1);

// The last 100 examples are held out: the hyperparameters learn from them.
using TorchResult result = TorchOnePass.Train(
    () => new Residual(units: 32),
    (output, target) => nn.functional.mse_loss(output, target),
    training: (x[..400], y[..400]),
    validation: (x[400..], y[400..]),
    new OnePassOptions { Steps = 500, BatchSize = 100 });

Trajectory trajectory = result.Trajectory;
Console.WriteLine($"{result.Status} after {result.Steps} steps");
Console.WriteLine(" step  learning rate  weight decay  validation loss");
for (int i = 9; i < trajectory.Count; i += 10)
    Console.WriteLine($"{trajectory.Steps[i],5}  {trajectory.Values("lr")[i],13:G2}  {trajectory.Values("wd")[i],12:G2}  {trajectory.ValidationLosses[i],15:G2}");

// The trained module is the caller's, and in evaluation mode.
using Tensor point = tensor([1f, 0.5f], [1, 2]), prediction = result.Module.call(point);
Console.WriteLine($"sin 1 · cos 0.5 = {Math.Sin(1) * Math.Cos(0.5):F1}, predicted {prediction.ToSingle():F1}");

// A notebook shows it as a picture: result

sealed class Residual : nn.Module<Tensor, Tensor>
{
    private readonly Linear _in, _hidden, _out;
    private readonly BatchNorm1d _norm;

    internal Residual(int units) : base(nameof(Residual))
    {
        (_in, _hidden, _norm, _out) = (nn.Linear(2, units), nn.Linear(units, units), nn.BatchNorm1d(units), nn.Linear(units, 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor first = _in.call(input).tanh();
        return _out.call(first + _norm.call(_hidden.call(first)).tanh()).MoveToOuterDisposeScope();
    }
}

/* Expected output:
Completed after 500 steps
 step  learning rate  weight decay  validation loss
  100          0.005          0.01            0.026
  200          0.005         0.011             0.01
  300         0.0047         0.011           0.0066
  400          0.002        0.0057           0.0051
  500          2E-05        0.0039           0.0049
sin 1 · cos 0.5 = 0.7, predicted 0.7
*/
