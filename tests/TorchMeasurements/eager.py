"""PyTorch's own eager loop on the models of `TorchMeasurements ratios`: µs a weight step, the fastest of turns of 30 ms within 6 s.

python3 tests/TorchMeasurements/eager.py
"""
import time

import torch
from torch import nn

device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
if device.type == "cpu":
    torch.set_num_threads(1)


class Language(nn.Module):
    """Two layers of long short-term memory on embedded words, without dropout."""

    def __init__(self, words, units):
        super().__init__()
        self.embed, self.out = nn.Embedding(words, units), nn.Linear(units, words)
        self.lstm = nn.LSTM(units, units, num_layers=2)

    def forward(self, tokens):
        return self.out(self.lstm(self.embed(tokens))[0]).flatten(0, 1)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False), nn.BatchNorm2d(outputs))
        same = inputs == outputs and stride == 1
        self.skip = nn.Identity() if same else nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return torch.relu(self.body(x) + self.skip(x))


def resnet18(width):
    blocks, inputs = [], width
    for stage in range(4):
        for block in range(2):
            outputs = width << stage
            blocks.append(Residual(inputs, outputs, 2 if stage and not block else 1))
            inputs = outputs
    return nn.Sequential(
        nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(), *blocks,
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def perceptron(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 50), nn.ReLU(), nn.Linear(50, outputs))


def microseconds(model, x, y, loss):
    model = model.to(device)
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=1e-4)

    def turn(steps):
        start = time.perf_counter()
        for _ in range(steps):
            optimizer.zero_grad()
            loss(model(x), y).backward()
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return (time.perf_counter() - start) / steps

    turn(20)
    steps = max(1, int(0.03 / turn(10)))
    fastest, end = float("inf"), time.perf_counter() + 6
    while time.perf_counter() < end:
        fastest = min(fastest, turn(steps))
    return 1e6 * fastest


large = device.type == "cuda"
units, words, steps, sequences = (650, 10000, 70, 40) if large else (64, 500, 20, 20)
width, batch = (64, 100) if large else (8, 20)
classes = nn.functional.cross_entropy
print(f"PyTorch {torch.__version__}, {torch.cuda.get_device_name() if large else 'cpu'}")
print("8-50-1, 614 rows at once", round(microseconds(perceptron(8, 1), torch.rand(614, 8), torch.rand(614, 1), nn.functional.mse_loss)))
print("784-50-10, batches of 50", round(microseconds(perceptron(784, 10), torch.rand(50, 784), torch.randint(10, (50,)), classes)))
print("LSTM", round(microseconds(Language(words, units), torch.randint(words, (steps, sequences)), torch.randint(words, (steps * sequences,)), classes)))
print("ResNet-18", round(microseconds(resnet18(width), torch.randn(batch, 3, 32, 32), torch.randint(10, (batch,)), classes)))
