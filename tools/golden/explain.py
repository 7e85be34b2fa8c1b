"""Grad-CAM and integrated gradients of one net as PyTorch computes them: test/golden/explain.onnx and explain.json.

Run from anywhere: python3 tools/golden/explain.py
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden"
SHAPE = (1, 3, 20, 24)
CLASS = 0
STEPS = 64


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(8)
        self.two = nn.Conv2d(8, 12, 3, stride=2, padding=1)
        self.three = nn.Conv2d(12, 12, 3, padding=1)
        self.head = nn.Linear(12, 5)

    def features(self, x):
        x = F.max_pool2d(F.relu(self.norm(self.one(x))), 2)
        x = F.relu(self.two(x))
        return F.relu(x + self.three(x))

    def logits(self, maps):
        return self.head(maps.mean((2, 3)))

    def forward(self, x):
        return F.softmax(self.logits(self.features(x)), 1)


def gradients(net, x):
    x = x.clone().requires_grad_()
    score = net.logits(net.features(x))[:, CLASS].sum()
    return torch.autograd.grad(score, x)[0]


def attributions(net, x, steps):
    total = torch.zeros_like(x)
    for step in range(steps):
        total += gradients(net, x * ((step + 0.5) / steps))
    return x * total / steps


def numbers(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


torch.manual_seed(3)
net = Net()
nn.init.normal_(net.norm.running_mean, 0, 0.3)
nn.init.uniform_(net.norm.running_var, 0.5, 2)
net.eval()
x = torch.rand(SHAPE)
torch.onnx.export(net, x, FOLDER / "explain.onnx", opset_version=13, input_names=["x"], output_names=["probabilities"])
net.double()
x = x.double()
maps = net.features(x).detach().requires_grad_()
logit = net.logits(maps)[0, CLASS]
weights = torch.autograd.grad(logit, maps)[0].mean((2, 3), keepdim=True)
golden = {
    "x": numbers(x),
    "class": CLASS,
    "logit": numbers(logit)[0],
    "baselineLogit": numbers(net.logits(net.features(x * 0))[0, CLASS])[0],
    "gradCam": numbers(F.relu((maps * weights).sum(1))),
    "steps": STEPS,
    "attributions": numbers(attributions(net, x, STEPS)),
}
(FOLDER / "explain.json").write_text(json.dumps(golden) + "\n")
