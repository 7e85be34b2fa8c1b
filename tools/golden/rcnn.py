"""Writes test/golden/rcnn.json: the parts of the R-CNN family, computed by torchvision.

The cases come from test/detect/rcnn/cases.ts, so that both sides compute the same thing.
Run from anywhere: python3 tools/golden/rcnn.py
"""

import json
import subprocess
from pathlib import Path

import torch
from torchvision.models.detection import _utils, rpn, roi_heads
from torchvision.models.detection.image_list import ImageList
from torchvision.ops import box_iou

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "golden" / "rcnn.json"


def boxes_of(flat):
    return torch.tensor(flat, dtype=torch.float64).reshape(-1, 4)


def rounded(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().double().reshape(-1).tolist()]


def coder(case):
    box_coder = _utils.BoxCoder(case["weights"])
    boxes, references, codes = (boxes_of(case[name]) for name in ("boxes", "references", "codes"))
    return {
        "encoded": rounded(box_coder.encode_single(boxes, references)),
        "decoded": rounded(box_coder.decode_single(codes, references)),
    }


def anchors(case):
    generator = rpn.AnchorGenerator((tuple(case["sizes"]),), (tuple(case["ratios"]),))
    height, width = case["rows"] * case["stride"], case["columns"] * case["stride"]
    pictures = ImageList(torch.zeros(1, 3, height, width), [(height, width)])
    [grid] = generator(pictures, [torch.zeros(1, 1, case["rows"], case["columns"])])
    return {"cell": rounded(generator.cell_anchors[0]), "grid": rounded(grid)}


def matching(case):
    options = case["options"]
    matcher = _utils.Matcher(options["high"], options["low"], options.get("allowLowQuality", False))
    overlaps = box_iou(boxes_of(case["objects"]), boxes_of(case["boxes"]))
    return matcher(overlaps).tolist()


def sampling(case):
    labels = torch.tensor([1] * case["positives"] + [0] * case["negatives"] + [-1] * case["between"])
    sampler = _utils.BalancedPositiveNegativeSampler(case["count"], case["positiveShare"])
    [positives], [negatives] = sampler([labels])
    return {"positives": int(positives.sum()), "negatives": int(negatives.sum())}


def with_gradients(loss, inputs):
    classes, boxes = loss
    (classes + 2 * boxes).backward()
    gradients = {name: rounded(value.grad) for name, value in inputs.items()}
    return {"classes": rounded(classes)[0], "boxes": rounded(boxes)[0], "gradients": gradients}


def leaf(numbers, *shape):
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape).requires_grad_(True)


def rpn_loss(case):
    n, b = case["shape"]
    objectness, codes = leaf(case["objectness"], n * b), leaf(case["codes"], n * b, 4)
    labels = torch.tensor(case["labels"])
    targets = torch.tensor(case["targets"], dtype=torch.float64).reshape(n * b, 4)
    drawn, positive = labels >= 0, labels == 1
    difference = torch.nn.functional.smooth_l1_loss(
        codes[positive], targets[positive], beta=case["beta"], reduction="sum"
    )
    boxes = difference / drawn.sum()
    classes = torch.nn.functional.binary_cross_entropy_with_logits(objectness[drawn], labels[drawn].double())
    return with_gradients((classes, boxes), {"objectness": objectness, "codes": codes})


def head_loss(case):
    regions, count = case["shape"]
    logits, codes = leaf(case["logits"], regions, count), leaf(case["codes"], regions, count * 4)
    labels = torch.tensor(case["labels"])
    targets = torch.tensor(case["targets"], dtype=torch.float64).reshape(regions, 4)
    kept = labels >= 0
    if case["beta"] == 1 / 9:  # what torchvision's own function is fixed to
        classes, boxes = roi_heads.fastrcnn_loss(logits[kept], codes[kept], [labels[kept]], [targets[kept]])
    else:
        positive = (labels > 0).nonzero()[:, 0]
        own = codes.reshape(regions, count, 4)[positive, labels[positive]]
        difference = torch.nn.functional.smooth_l1_loss(own, targets[positive], beta=case["beta"], reduction="sum")
        boxes = difference / kept.sum()
        classes = torch.nn.functional.cross_entropy(logits[kept], labels[kept])
    return with_gradients((classes, boxes), {"logits": logits, "codes": codes})


def main():
    command = ["npx", "tsx", "test/detect/rcnn/export-cases.ts"]
    cases = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    computed = {
        "coder": coder,
        "anchors": anchors,
        "matching": matching,
        "sampling": sampling,
        "rpnLoss": rpn_loss,
        "headLoss": head_loss,
    }
    groups = []
    for group, function in computed.items():
        lines = [f"{json.dumps(case['name'], ensure_ascii=False)}: {json.dumps(function(case))}" for case in cases[group]]
        groups.append(f"{json.dumps(group)}: {{\n" + ",\n".join(lines) + "\n}")
    TARGET.write_text("{\n" + ",\n".join(groups) + "\n}\n")


if __name__ == "__main__":
    main()
