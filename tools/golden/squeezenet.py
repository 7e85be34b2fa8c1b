"""SqueezeNet 1.1's answers and gradient by pixels as PyTorch computes them: test/golden/squeezenet.json.

`python3 tools/golden/squeezenet.py WEIGHTS.npz`, with arrays named as in test/graph/squeezenet.ts.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
import torch.nn.functional as F

SIZE = 227
EVERY = 997


def pattern():
    """The picture of `pattern` in test/graph/squeezenet.ts."""
    c, y, x = numpy.meshgrid(numpy.arange(3), numpy.arange(SIZE), numpy.arange(SIZE), indexing="ij")
    return 60 * numpy.sin(0.11 * x + c) + 50 * numpy.cos(0.07 * y * (c + 1)) + 20 * numpy.sin(0.013 * x * y)


def squeezenet(w, x):
    def conv(name, x, **options):
        return F.relu(F.conv2d(x, w[f"{name}.weight"], w[f"{name}.bias"], **options))

    def fire(name, x):
        s = conv(f"{name}.squeeze1x1", x)
        return torch.cat([conv(f"{name}.expand1x1", s), conv(f"{name}.expand3x3", s, padding=1)], 1)

    def pool(x):
        return F.max_pool2d(x, 3, 2, ceil_mode=True)

    x = pool(conv("conv1", x, stride=2))
    x = pool(fire("fire3", fire("fire2", x)))
    x = pool(fire("fire5", fire("fire4", x)))
    for name in ["fire6", "fire7", "fire8", "fire9"]:
        x = fire(name, x)
    return conv("conv10", x).mean((2, 3))


arrays = numpy.load(sys.argv[1])
weights = {name: torch.from_numpy(arrays[name].astype(numpy.float64)) for name in arrays.files}
x = torch.from_numpy(pattern()[None]).requires_grad_()
logits = squeezenet(weights, x)
mix = torch.tensor([math.cos(k) for k in range(1000)], dtype=torch.float64)
(logits * mix).sum().backward()
gradient = x.grad.flatten()
golden = {
    "logits": [float(f"{v:.8g}") for v in logits[0, ::25].tolist()],
    "gradient": [float(f"{v:.8g}") for v in gradient[::EVERY].tolist()],
    "gradientNorm": float(f"{gradient.norm().item():.8g}"),
}
path = pathlib.Path(__file__).resolve().parents[2] / "test" / "golden" / "squeezenet.json"
path.write_text(json.dumps(golden) + "\n")
