"""Runs the suite's nets when told to: `python3 suite.py cases.json 2` reads one command a line from stdin.

`0 train contiguous 8` takes eight training steps of net 0; `3 infer16 channels_last 8` runs net 3 on a batch of 16.
It answers with one line of JSON: {"milliseconds": [...], "value": the first loss, or the first logit}.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F

sys.dont_write_bytecode = True
from graph_net import GraphNet, read_floats

FORMATS = {
    "contiguous": {4: torch.contiguous_format, 5: torch.contiguous_format},
    "channels_last": {4: torch.channels_last, 5: torch.channels_last_3d},
}


class Runner:
    def __init__(self, case, layout):
        self.layout = FORMATS[layout].get(len(case["shape"]), torch.contiguous_format)
        self.net = GraphNet(case).to(memory_format=self.layout)
        self.x = read_floats(case["x"]).contiguous(memory_format=self.layout)
        self.labels = torch.tensor(case["labels"])
        self.rate = case["learningRate"]
        self.optimizer = torch.optim.SGD(self.net.parameters(), lr=self.rate, momentum=0.9, foreach=True)

    def train(self):
        self.net.train()
        self.optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(self.net(self.x), self.labels)
        loss.backward()
        self.optimizer.step()
        return loss.item()

    def infer(self, count):
        self.net.eval()
        repeats = -(-count // len(self.x))
        x = self.x if repeats == 1 else torch.cat([self.x] * repeats)
        with torch.inference_mode():
            return self.net(x[:count].contiguous(memory_format=self.layout))[0, 0].item()


def main(path, threads):
    torch.set_num_threads(int(threads))
    with open(path) as file:
        cases = json.load(file)
    runners = {}
    answer({"version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        index, task, layout, count = line.split()
        name = index, task == "train", layout  # a net that is trained is not the one that answers
        if name not in runners:
            runners = {kept: runner for kept, runner in runners.items() if kept[0] == index}
            runners[name] = Runner(cases[int(index)], layout)
        runner = runners[name]
        milliseconds, values = [], []
        for _ in range(int(count)):
            start = time.perf_counter()
            values.append(runner.train() if task == "train" else runner.infer(int(task[5:])))
            milliseconds.append((time.perf_counter() - start) * 1000)
        answer({"milliseconds": milliseconds, "value": values[0]})


def answer(value):
    print(json.dumps(value), flush=True)


main(*sys.argv[1:])
