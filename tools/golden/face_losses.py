"""Writes test/golden/face-losses.json: losses and gradients of face encodings, computed by PyTorch.

The cases come from test/face/train/loss-cases.ts, so that both sides compute the same thing.
Run from anywhere: python3 tools/golden/face_losses.py
"""

import json
import math
import subprocess
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "golden" / "face-losses.json"


def triplet_loss(x, people, noise, mining, margin):
    """Sum over the triplets that a mining chooses, one after the other."""
    squares = torch.cdist(x, x, compute_mode="donot_use_mm_for_euclid_dist").square()
    total = x.sum() * 0
    for a, person in enumerate(people):
        others = torch.tensor([i for i, other in enumerate(people) if other != person])
        mates = [i for i, other in enumerate(people) if other == person and i != a]
        if not mates:
            continue
        if mining == "batch-hard":
            mates = [max(mates, key=lambda p: squares[a, p].item())]
        for p in mates:
            away = squares[a, others].detach()
            uniform = (noise[a, others] + noise[p, others]).frac()
            if mining == "random":
                n = others[uniform.argmax()]
            elif mining == "batch-hard":
                n = others[away.argmin()]
            elif mining == "semi-hard":
                farther = away > squares[a, p].detach()
                n = others[torch.where(farther, away, math.inf).argmin() if farther.any() else away.argmax()]
            else:
                d = away.sqrt().clamp(0.5, 1.4)
                size = x.shape[1]
                weights = (2 - size) * d.log() - (size - 3) / 2 * (1 - d.square() / 4).log()
                n = others[(weights - (-uniform.log()).log()).argmax()]
            total = total + (squares[a, p] - squares[a, n] + margin).clamp(min=0)
    return total


def binary_loss(x, people, head, weight):
    features = torch.cat([x.clamp(min=0), (-x).clamp(min=0)], 1) if head["split"] else x
    a, b = features[:, None], features[None]
    if head["form"] == "difference":
        compared = (a - b).abs()
    else:
        compared = (a - b).square() / (a + b + 1e-8)
    logits = (compared * head["scale"]) @ weight + head["bias"]
    same = torch.tensor([[int(p == q) for q in people] for p in people])
    pairs = 1 - torch.eye(len(people))
    labels = same.double() * 0.8 + 0.1
    losses = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    mean = lambda mask: losses[mask.bool()].mean()
    return (mean(same * pairs) + mean(1 - same)) / 2


def rounded(tensor):
    return [float(f"{x:.7g}") for x in tensor.detach().reshape(-1).tolist()]


def compute(case):
    x = torch.tensor(case["encodings"], dtype=torch.float64, requires_grad=True)
    results = {}
    if "triplet" in case:
        noise = torch.tensor(case["noise"], dtype=torch.float64)
        loss = triplet_loss(x, case["people"], noise, **case["triplet"])
        loss.backward()
    else:
        weight = torch.tensor(case["head"]["weight"], dtype=torch.float64, requires_grad=True)
        loss = binary_loss(x, case["people"], case["head"], weight)
        loss.backward()
        results["weightGradient"] = rounded(weight.grad)
    return {"loss": rounded(loss)[0], "gradient": rounded(x.grad), **results}


def main():
    command = ["npx", "tsx", "test/face/train/export-loss-cases.ts"]
    cases = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    lines = [f"{json.dumps(case['name'])}: {json.dumps(compute(case))}" for case in cases]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
