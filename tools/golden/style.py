"""Style transfer's costs and gradients as PyTorch computes them: test/style/golden/costs.json.

`python3 tools/golden/style.py`; the pictures and the net are those of test/style/small-net.ts.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)


def wave(shape, phase, factor=1.0):
    count = math.prod(shape)
    return factor * torch.tensor([math.sin(0.7 * i + phase + 0.013 * i * i % 3) for i in range(count)]).reshape(shape)


def picture(width, height, phase):
    return 0.5 + wave((1, 3, height, width), phase, 0.4)


W1, B1 = wave((4, 3, 3, 3), 0.1, 0.5), wave((4,), 1.0, 0.1)
W2, B2 = wave((5, 4, 3, 3), 0.2, 0.4), wave((5,), 2.0, 0.1)


def features(x):
    a = F.relu(F.conv2d(x, W1, B1, padding=1))
    return {"a": a, "b": F.relu(F.conv2d(F.max_pool2d(a, 2), W2, B2, padding=1)), "pixels": x}


def gram(f):
    rows = f.flatten(2)[0]
    return rows @ rows.T


def textbook_style(f, target):
    """Equation 4, with Gram matrices per position, so that pictures may differ in size."""
    (_, c, h, w), (_, _, sh, sw) = f.shape, target.shape
    return ((gram(f) / (h * w) - gram(target) / (sh * sw)) ** 2).sum() / (2 * c) ** 2


def statistics(f):
    rows = f.flatten(2)[0]
    mean = rows.mean(1, keepdim=True)
    return rows @ rows.T / rows.shape[1] - mean @ mean.T, mean


def relative_style(f, target):
    (g, m), (tg, tm) = statistics(f), statistics(target)
    return ((g - tg) ** 2).sum() / (tg**2).sum() + ((m - tm) ** 2).sum() / (tm**2).sum()


def variation(x):
    return ((x[:, :, 1:] - x[:, :, :-1]) ** 2).sum() + ((x[:, :, :, 1:] - x[:, :, :, :-1]) ** 2).sum()


def evaluate(parts, x):
    total = sum(parts.values())
    (gradient,) = torch.autograd.grad(total, x, retain_graph=True)
    rounded = lambda v: float(f"{float(v):.9g}")
    values = {name: rounded(part) for name, part in parts.items()}
    return {"cost": rounded(total), **values, "gradient": [rounded(v) for v in gradient.flatten()]}


content, style = picture(10, 8, 0.3), picture(12, 6, 1.7)
x = picture(10, 8, 2.9).requires_grad_()
fx, fc, fs = features(x), features(content), features(style)
gatys = {
    "content": 2 * 0.5 * ((fx["b"] - fc["b"]) ** 2).sum(),
    "style": 300 * (textbook_style(fx["a"], fs["a"]) * 0.25 + textbook_style(fx["b"], fs["b"]) * 0.75),
}
spread = fc["b"].flatten(2)[0].var(1, unbiased=False).mean()
relative = {
    "content": 0.1 * ((fx["b"] - fc["b"]) ** 2).mean() / spread,
    "style": (relative_style(fx["a"], fs["a"]) + 3 * relative_style(fx["b"], fs["b"]) + relative_style(x, style)) / 5,
    "variation": 0.5 * variation(x) / x.numel(),
}
f, g = wave((1, 3, 4, 5), 0.5), wave((1, 3, 4, 5), 1.5)
golden = {
    "gram": gram(f).flatten().tolist(),
    "contentCost": float(0.5 * ((f - g) ** 2).sum()),
    "styleCost": float(((gram(f) - gram(g)) ** 2).sum() / (2 * 4 * 5 * 3) ** 2),
    "totalVariation": float(variation(f)),
    "gatys": evaluate(gatys, x),
    "relative": evaluate(relative, x),
}
path = pathlib.Path(__file__).resolve().parents[2] / "test" / "style" / "golden" / "costs.json"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(json.dumps(golden) + "\n")
