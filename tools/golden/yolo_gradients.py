"""Writes test/golden/yolo.json: what PyTorch computes in the training steps of test/detect/yolo-gradients.cases.ts.

In double precision by the twin of the net in tools/pytorch. Run from anywhere: python3 tools/golden/yolo_gradients.py
"""

import json
import subprocess
import sys
from pathlib import Path

import torch

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "golden" / "yolo.json"
STEPS = 5

sys.dont_write_bytecode = True
sys.path.append(str(ROOT / "tools" / "pytorch"))
from training import TrainingStep


def rounded(numbers, digits=6):
    return [float(f"{x:.{digits}g}") for x in numbers]


def flat(tensor):
    return rounded(tensor.detach().reshape(-1).tolist())


def compute(case):
    first = TrainingStep(case, torch.float64)
    parts = first.parts()
    first.backward(parts["loss"])
    net = first.net
    step = TrainingStep(case, torch.float64)
    steps = [rounded(step.take(), 8) for _ in range(STEPS)]
    return {
        "parts": {name: rounded([value.item()], 8)[0] for name, value in parts.items()},
        "gradients": {name: flat(parameter.grad) for name, parameter in net.named_parameters()},
        "statistics": {name: flat(buffer) for name, buffer in net.named_buffers()},
        "steps": steps,
        "averageNorms": dict(zip(net.state_dict(), rounded(float(x.norm()) for x in step.average))),
    }


def main():
    command = ["npx", "tsx", "test/detect/yolo-gradients.export.ts"]
    cases = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    dumps = lambda value: json.dumps(value, separators=(",", ":"))
    lines = [f"{json.dumps(name)}: {dumps(compute(case))}" for name, case in cases.items()]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{TARGET.relative_to(ROOT)}: {len(cases)} cases, {TARGET.stat().st_size / 1024:.0f} KiB")


main()
