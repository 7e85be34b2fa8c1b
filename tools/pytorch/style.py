"""Style transfer when told to: `python3 style.py case.json 2` reads one command a line from stdin.

`contiguous 8` or `channels_last 8` takes eight steps of L-BFGS on pixels in that memory layout, each with one evaluation of
cost and gradient, and answers with one line of JSON: {"milliseconds": [...], "cost": the first step's}. With one
thread the milliseconds are the processor's.
"""

import base64
import json
import sys
import time

import numpy
import torch
import torch.nn.functional as F

FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def floats(tensor):
    data = numpy.frombuffer(base64.b64decode(tensor["data"]), numpy.float32).copy()
    return torch.from_numpy(data).reshape(tensor["shape"])


def smooth_pool(y):
    """Means under a binomial window of 4 at stride 2."""
    weights = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 8
    window = (weights[:, None] * weights[None]).expand(y.shape[1], 1, 4, 4)
    return F.conv2d(y, window, stride=2, padding=1, groups=y.shape[1])


class Transfer:
    def __init__(self, case, layout):
        self.case, self.layout = case, layout
        self.layers = [
            {**layer, "weight": floats(layer["weight"]).contiguous(memory_format=layout), "bias": floats(layer["bias"])}
            for layer in case["layers"]
        ]
        self.content = floats(case["content"]).contiguous(memory_format=layout)
        self.style = {name: (floats(gram), floats(mean)) for name, (gram, mean) in case["style"].items()}
        self.x = floats(case["start"]).requires_grad_()
        options = {"history_size": case["memory"], "tolerance_grad": 0, "tolerance_change": 0}
        self.optimizer = torch.optim.LBFGS([self.x], lr=1, max_iter=1, **options)

    def features(self):
        maps, y, stride = {"pixels": self.x}, self.x.contiguous(memory_format=self.layout), 1
        for layer in self.layers:
            if layer["stride"] > stride:
                y = smooth_pool(y) if self.case["averagePooling"] else F.max_pool2d(y, 2)
                stride = layer["stride"]
            y = F.relu(F.conv2d(y, layer["weight"], layer["bias"], padding=1))
            maps[layer["name"]] = y
        return maps

    def cost(self):
        maps, case = self.features(), self.case
        style = 0
        for name, (gram, mean) in self.style.items():
            rows = maps[name].flatten(2)[0]
            found = rows.mean(1, keepdim=True)
            covariance = rows @ rows.T / rows.shape[1] - found @ found.T
            style = style + ((covariance - gram) ** 2).sum() / (gram**2).sum() + ((found - mean) ** 2).sum() / (mean**2).sum()
        content = ((maps[case["contentLayer"]] - self.content) ** 2).mean() / case["variance"]
        x = self.x
        variation = ((x[:, :, 1:] - x[:, :, :-1]) ** 2).sum() + ((x[:, :, :, 1:] - x[:, :, :, :-1]) ** 2).sum()
        weights = case["weights"]
        parts = weights["style"] * style / len(self.style) + weights["content"] * content
        return parts + weights["variation"] * variation / x.numel()

    def step(self):
        def closure():
            self.optimizer.zero_grad(set_to_none=True)
            cost = self.cost()
            cost.backward()
            return cost

        return self.optimizer.step(closure).item()


def main(path, threads):
    torch.set_num_threads(int(threads))
    clock = time.process_time if int(threads) == 1 else time.perf_counter
    with open(path) as file:
        case = json.load(file)
    transfers = {name: Transfer(case, layout) for name, layout in FORMATS.items()}
    answer({"version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        name, count = line.split()
        milliseconds, costs = [], []
        for _ in range(int(count)):
            start = clock()
            costs.append(transfers[name].step())
            milliseconds.append((clock() - start) * 1000)
        answer({"milliseconds": milliseconds, "cost": costs[0]})


def answer(value):
    print(json.dumps(value), flush=True)


main(*sys.argv[1:])
