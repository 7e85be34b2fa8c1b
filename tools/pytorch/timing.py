"""Takes training steps when told to: `python3 timing.py case.json 2` reads one command a line from stdin.

`contiguous 8` or `channels_last 8` takes eight steps with pictures and filters in that memory layout, and
answers with one line of JSON: {"milliseconds": [...], "loss": the first step's loss}. With one thread the
milliseconds are the processor's, as in bench/training-step.ts.
"""

import json
import sys
import time

import torch

sys.dont_write_bytecode = True
from training import TrainingStep

FORMATS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def main(path, threads):
    torch.set_num_threads(int(threads))
    clock = time.process_time if int(threads) == 1 else time.perf_counter
    with open(path) as file:
        case = json.load(file)
    steps = {name: TrainingStep(case, memory_format=layout) for name, layout in FORMATS.items()}
    answer({"version": torch.__version__, "threads": torch.get_num_threads()})
    for line in sys.stdin:
        name, count = line.split()
        milliseconds, losses = [], []
        for _ in range(int(count)):
            start = clock()
            loss, _ = steps[name].take()
            milliseconds.append((clock() - start) * 1000)
            losses.append(loss)
        answer({"milliseconds": milliseconds, "loss": losses[0]})


def answer(value):
    print(json.dumps(value), flush=True)


main(*sys.argv[1:])
