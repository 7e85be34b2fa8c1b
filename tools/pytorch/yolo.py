"""Fovea's YOLO in PyTorch, block by block and line by line beside src/detect/yolo and src/nn.

It is the peer in two roles: the gradients of Fovea's training step are proved against it, and its speed is
measured against it. A configuration is Fovea's `YoloConfig` as JSON; parameters bear Fovea's names, so that
`load_state_dict` refuses a twin that is out of step with the net. Wherever PyTorch has a fused function of
its own (batch norm, logistic loss), that one is used: it is both the better evidence and the fairer peer.
"""

import math

import torch
import torch.nn.functional as F
from torch import nn

SIZE_LIMIT = 5
NEIGHBOURHOOD_REACH = 4


def has_confidence(config):
    return config["head"]["score"] == "confidence"


def answers_per_anchor(config):
    """src/detect/yolo/config.ts"""
    return (5 if has_confidence(config) else 4) + len(config["classes"])


class BatchNorm(nn.Module):
    """src/nn/layers/batch-norm.ts"""

    def __init__(self, channels, epsilon=1e-5, momentum=0.1):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(channels))
        self.offset = nn.Parameter(torch.zeros(channels))
        self.register_buffer("mean", torch.zeros(channels))
        self.register_buffer("variance", torch.ones(channels))
        self.epsilon, self.momentum = epsilon, momentum

    def forward(self, x):
        statistics = self.mean, self.variance
        return F.batch_norm(x, *statistics, self.scale, self.offset, self.training, self.momentum, self.epsilon)


# src/detect/yolo/net.ts


class Unit(nn.Module):
    def __init__(self, in_channels, out_channels, kernel_size, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, kernel_size // 2, bias=False)
        self.norm = BatchNorm(out_channels)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)), inplace=True)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.reduce = Unit(channels, channels // 2, 1)
        self.expand = Unit(channels // 2, channels, 3)

    def forward(self, x):
        return x + self.expand(self.reduce(x))


class PyramidPooling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.reduce = Unit(channels, channels // 2, 1)
        self.expand = Unit(channels * 2, channels, 1)

    def forward(self, x):
        pooled = [self.reduce(x)]
        for _ in range(3):
            pooled.append(F.max_pool2d(pooled[-1], kernel_size=5, stride=1, padding=2))
        return self.expand(torch.cat(pooled, 1))


class Stage(nn.Module):
    def __init__(self, in_channels, channels, depth, last):
        super().__init__()
        self.down = Unit(in_channels, channels, 3, 2)
        for i in range(depth):
            self.add_module(str(i), Residual(channels))
        if last:
            self.pool = PyramidPooling(channels)

    def forward(self, x):
        for part in self.children():
            x = part(x)
        return x


class Trunk(nn.Module):
    """Pictures in 0…1 → maps at strides 8, 16, 32."""

    def __init__(self, channels, depths):
        super().__init__()
        self.stem = Unit(3, channels[0], 3, 2)
        self.stages = [f"stage{i + 1}" for i in range(len(depths))]
        for i, (name, depth) in enumerate(zip(self.stages, depths)):
            self.add_module(name, Stage(channels[i], channels[i + 1], depth, last=i == len(depths) - 1))

    def forward(self, x):
        x = self.stem(x)
        maps = []
        for name in self.stages:
            x = self.get_submodule(name)(x)
            maps.append(x)
        return maps[1:]


class Head(nn.Module):
    def __init__(self, channels, anchors, per_anchor):
        super().__init__()
        self.a = Unit(channels, channels, 3)
        self.b = Unit(channels, channels, 3)
        self.answer = nn.Conv2d(channels, anchors * per_anchor, 1)
        self.split = anchors, per_anchor

    def forward(self, x):
        return self.answer(self.b(self.a(F.relu(x)))).unflatten(1, self.split)


class YoloNet(nn.Module):
    """uint8 pictures `[N, 3, H, W]` → per grid `[N, anchors, answers, rows, columns]`."""

    def __init__(self, config):
        super().__init__()
        size = config["size"]
        channels, neck = size["trunk"]["channels"], size["neck"]
        self.trunk = Trunk(channels, size["trunk"]["depths"])
        self.neck = nn.ModuleList(nn.Conv2d(count, neck, 1) for count in channels[-3:])
        per_anchor = answers_per_anchor(config)
        self.head = nn.ModuleDict(
            {str(grid["stride"]): Head(neck, len(grid["anchors"]), per_anchor) for grid in config["grids"]}
        )

    def forward(self, pictures):
        maps = self.trunk(pictures.to(self.neck[0].weight.dtype) / 255)
        pyramid, above = {}, None
        for level, lateral in reversed(list(enumerate(self.neck))):
            here = lateral(maps[level])
            above = here if above is None else here + F.interpolate(above, scale_factor=2, mode="nearest")
            pyramid[str(8 << level)] = above
        return [head(pyramid[stride]) for stride, head in self.head.items()]


# src/detect/yolo/decode.ts


def decode_grid(raw, config, index):
    """Logit of Pc or None, (cx, cy, width, height) in input pixels, logits of the classes."""
    stride = config["grids"][index]["stride"]
    anchors = raw.new_tensor(config["grids"][index]["anchors"])  # [anchors, (width, height)]
    ones = answers_per_anchor(config) - len(config["classes"])
    *confidence, tx, ty, th, tw, classes = raw.split([1] * ones + [len(config["classes"])], 2)
    reach = 1 if config["head"]["positives"] == "centre" else NEIGHBOURHOOD_REACH
    along = lambda count: (torch.arange(count, dtype=raw.dtype) - (reach - 1) / 2) * stride
    centre = lambda t, first: torch.sigmoid(t) * (reach * stride) + first
    size = lambda t, side: torch.exp(t.clamp(-SIZE_LIMIT, SIZE_LIMIT)) * anchors[:, side].view(-1, 1, 1, 1)
    rows, columns = raw.shape[-2:]
    box = centre(tx, along(columns)), centre(ty, along(rows).view(-1, 1)), size(tw, 0), size(th, 1)
    return confidence[0] if confidence else None, box, classes


# src/nn/losses.ts


def varifocal_loss(logits, quality, alpha=0.75):
    weight = torch.where(quality > 0, quality, alpha * torch.sigmoid(logits) ** 2)
    return weight * binary_cross_entropy(logits, quality)


def binary_cross_entropy(logits, targets):
    return F.binary_cross_entropy_with_logits(logits, targets, reduction="none")


def corners(box):
    cx, cy, width, height = box
    return cx - width / 2, cy - height / 2, cx + width / 2, cy + height / 2


def box_iou(a, b, kind, epsilon=1e-7):
    """IoU, and the variant that the loss trains by; both per element."""
    ax1, ay1, ax2, ay2 = corners(a)
    bx1, by1, bx2, by2 = corners(b)
    overlap_x = (torch.minimum(ax2, bx2) - torch.maximum(ax1, bx1)).clamp(min=0)
    overlap_y = (torch.minimum(ay2, by2) - torch.maximum(ay1, by1)).clamp(min=0)
    intersection = overlap_x * overlap_y
    union = a[2] * a[3] + b[2] * b[3] - intersection
    iou = intersection / (union + epsilon)
    if kind == "iou":
        return iou, iou

    hull_x = torch.maximum(ax2, bx2) - torch.minimum(ax1, bx1)
    hull_y = torch.maximum(ay2, by2) - torch.minimum(ay1, by1)
    if kind == "giou":
        area = hull_x * hull_y + epsilon
        return iou, iou - (area - union) / area
    distance = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2
    diou = iou - distance / (hull_x**2 + hull_y**2 + epsilon)
    if kind == "diou":
        return iou, diou

    angle = lambda box: torch.atan(box[2] / (box[3] + epsilon))
    v = 4 / math.pi**2 * (angle(b) - angle(a)) ** 2
    weight = (v / (1 - iou + v + epsilon)).detach()
    return iou, diou - weight * v


# src/detect/yolo/loss.ts


def yolo_loss(raws, targets, config, weights):
    """`loss` and its parts; besides, the mean `iou` of positive cells."""
    sums = [grid_loss(raw, target, config, i) for i, (raw, target) in enumerate(zip(raws, targets))]
    total = {part: sum(each[part] for each in sums) for part in sums[0]}
    positives = total["positives"].clamp(min=1)
    parts = {part: total[part] / positives * weights[part] for part in weights}
    return {"loss": sum(parts.values()), **parts, "iou": total["iou"] / positives}


def grid_loss(raw, target, config, index):
    head = config["head"]
    confidence, box, classes = decode_grid(raw, config, index)
    positive, *truth, wanted = target.split([1, 1, 1, 1, 1, len(config["classes"])], 2)
    squared = head["boxLoss"] == "squared"
    iou, variant = box_iou(box, truth, "iou" if squared else head["boxLoss"])
    box_term = squared_box_error(box, truth, config["grids"][index]["stride"]) if squared else 1 - variant
    reached = positive * iou.clamp(min=0).detach()
    found = {"positives": positive.sum(), "iou": reached.sum(), "box": (positive * box_term).sum()}
    if confidence is None:
        return {**found, "class": varifocal_loss(classes, wanted * reached).sum()}
    return {
        **found,
        "confidence": binary_cross_entropy(confidence, positive).sum(),
        "class": (positive * binary_cross_entropy(classes, wanted)).sum(),
    }


def squared_box_error(box, truth, stride):
    centre = lambda a, b: ((a - b) / stride) ** 2
    size = lambda a, b: (a.sqrt() - b.sqrt()) ** 2 / stride
    (ax, ay, aw, ah), (bx, by, bw, bh) = box, truth
    return centre(ax, bx) + centre(ay, by) + size(aw, bw) + size(ah, bh)
