"""Three nets as PyTorch's own exporter writes them, with what PyTorch computes from them: test/golden/nets/.

A residual net, a depthwise net and a U-shaped net. Gradients are by every parameter and by the input, of the sum of
the output times fixed weights, in double precision and in inference mode (running statistics are constants).
"""

import json
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "nets"


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 6, 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(6)
        self.a = nn.Conv2d(6, 10, 3, stride=2, padding=1, bias=False)
        self.a_norm = nn.BatchNorm2d(10)
        self.b = nn.Conv2d(10, 10, 3, padding=1)
        self.short = nn.Conv2d(6, 10, 1, stride=2)
        self.head = nn.Linear(10, 4)

    def forward(self, x):
        y = F.max_pool2d(F.relu(self.stem_norm(self.stem(x))), 3, 1, 1)
        z = self.b(F.relu(self.a_norm(self.a(y))))
        z = F.relu(z + self.short(y))
        return F.log_softmax(self.head(torch.flatten(F.adaptive_avg_pool2d(z, 1), 1)), 1)


class Depthwise(nn.Module):
    def __init__(self):
        super().__init__()
        self.expand = nn.Conv2d(3, 12, 1)
        self.depth = nn.Conv2d(12, 12, 3, stride=2, padding=1, groups=12, bias=False)
        self.norm = nn.BatchNorm2d(12)
        self.squeeze = nn.Linear(12, 4)
        self.excite = nn.Linear(4, 12)
        self.project = nn.Conv2d(12, 5, 1)

    def forward(self, x):
        y = F.hardswish(self.norm(self.depth(F.relu6(self.expand(x)))))
        gate = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean((2, 3))))))
        return self.project(y * gate[:, :, None, None])


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(2, 6, 3, padding=1)
        self.norm = nn.GroupNorm(2, 6)
        self.deep = nn.Conv2d(6, 8, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.merge = nn.Conv2d(6 + 8 + 4, 5, 3, padding=1)

    def forward(self, x):
        y = F.leaky_relu(self.norm(self.down(x)), 0.1)
        z = F.elu(self.deep(y))
        wide = F.interpolate(z, scale_factor=2, mode="bilinear", align_corners=False)
        near = F.interpolate(F.avg_pool2d(y, 2), size=y.shape[2:], mode="nearest")
        merged = self.merge(torch.cat([wide, near, self.up(z)], 1))
        return torch.tanh(merged)


CASES = {"residual": (Residual, (2, 3, 13, 11)), "depthwise": (Depthwise, (2, 3, 9, 10)), "u-shaped": (UNet, (1, 2, 8, 12))}


def numbers(tensor):
    return [float(f"{v:.8g}") for v in tensor.detach().flatten().tolist()]


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for index, (name, (build, shape)) in enumerate(CASES.items()):
        torch.manual_seed(index)
        net = build()
        for module in net.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.normal_(module.running_mean, 0, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 2)
            if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm)):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.normal_(module.bias, 0, 0.3)
        net.eval()
        x = torch.randn(shape)
        torch.onnx.export(
            net,
            x,
            FOLDER / f"{name}.onnx",
            opset_version=13,
            do_constant_folding=False,
            training=torch.onnx.TrainingMode.PRESERVE,
            keep_initializers_as_inputs=False,
            input_names=["x"],
            output_names=["y"],
        )
        net.double()
        exact = x.double().requires_grad_()
        y = net(exact)
        weights = torch.randn(y.shape)
        (y * weights.double()).sum().backward()
        gradients = {key: numbers(p.grad) for key, p in net.named_parameters()}
        golden = {
            "x": numbers(x),
            "weights": numbers(weights),
            "y": numbers(y),
            "gradients": {"x": numbers(exact.grad), **gradients},
        }
        (FOLDER / f"{name}.json").write_text(json.dumps(golden) + "\n")
        print(name, sum(p.numel() for p in net.parameters()), "parameters")


main()
