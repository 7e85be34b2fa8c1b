"""Writes test/golden/operators.json: outputs and gradients of every operator case, computed by PyTorch.

The cases come from test/graph/cases.ts, so that both sides compute the same thing.
Run from anywhere: python3 tools/golden/operators.py
"""

import json
import math
import subprocess
import sys
from pathlib import Path

import torch

sys.dont_write_bytecode = True
from torch_operators import OPERATORS, torch_type

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "golden" / "operators.json"


def read_tensor(entry):
    return torch.tensor(entry["values"], dtype=torch_type(entry["dtype"])).reshape(entry["shape"])


def rounded(tensor):
    """Seven significant digits, which is all that float32 holds."""
    numbers = (float(f"{x:.7g}") for x in tensor.detach().double().reshape(-1).tolist())
    return [int(x) if math.isfinite(x) and x == int(x) else x for x in numbers]


def compute(case):
    values = {name: read_tensor(entry) for name, entry in {**case["inputs"], **case["constants"]}.items()}
    for name in case["differentiated"]:
        values[name].requires_grad_(True)
    for node in case["nodes"]:
        inputs = [None if name is None else values[name] for name in node["inputs"]]
        results = OPERATORS[node["operator"]](node["attributes"], *inputs)
        results = results if isinstance(results, (tuple, list)) else [results]
        for name, result in zip(node["outputs"], results):
            values[name] = result.detach() if node["flat"] else result
    outputs = [values[name] for name in case["outputs"]]
    terms = [
        (output.reshape(-1) * torch.tensor(weights, dtype=torch.float64)).sum()
        for output, weights in zip(outputs, case["weights"])
        if weights is not None
    ]
    if terms:
        sum(terms).backward()
    return {
        "outputs": [{"shape": list(output.shape), "values": rounded(output)} for output in outputs],
        "gradients": {name: rounded(values[name].grad) for name in case["differentiated"]},
    }


def main():
    command = ["npx", "tsx", "test/graph/export-cases.ts"]
    cases = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    lines = [f"{json.dumps(case['name'], ensure_ascii=False)}: {dumps(compute(case))}" for case in cases]
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(f"{TARGET.relative_to(ROOT)}: {len(cases)} cases, {TARGET.stat().st_size / 1024:.0f} KiB")


def dumps(value):
    return json.dumps(value, separators=(",", ":"))


main()
