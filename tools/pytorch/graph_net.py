"""A classifier's graph, as bench/suite.ts writes it, run by PyTorch's own functions: the same net by construction."""

import base64

import torch
import torch.nn.functional as F
from torch import nn


def read_floats(entry):
    data = bytearray(base64.b64decode(entry["data"]))
    return torch.frombuffer(data, dtype=torch.float32).reshape(entry["shape"]).clone()


class GraphNet(nn.Module):
    """Nodes in order; parameters bear the graph's names with dots replaced."""

    def __init__(self, case):
        super().__init__()
        self.nodes, self.input, self.output = case["nodes"], case["input"], case["output"]
        self.values = nn.ParameterDict()
        for name, entry in case["parameters"].items():
            self.values[key(name)] = nn.Parameter(read_floats(entry))
        for i, node in enumerate(self.nodes):
            if node["operator"] == "BatchNormalization":
                channels = self.values[key(node["inputs"][1])].numel()
                self.register_buffer(f"mean{i}", torch.zeros(channels))
                self.register_buffer(f"variance{i}", torch.ones(channels))
        self.last_use = {name: i for i, node in enumerate(self.nodes) for name in node["inputs"] if name}

    def forward(self, x):
        known = {self.input: x}
        for i, node in enumerate(self.nodes):
            inputs = [self.find(name, known) for name in node["inputs"] if name]
            known[node["outputs"][0]] = self.apply_node(i, node, inputs)
            for name in node["inputs"]:  # memory is given back as a module's forward would
                if name in known and self.last_use[name] == i:
                    del known[name]
        return known[self.output]

    def find(self, name, known):
        return known[name] if name in known else self.values[key(name)]

    def apply_node(self, i, node, inputs):
        a, kind = node["attributes"], node["operator"]
        x = inputs[0]
        if kind == "Conv":
            n = x.dim() - 2
            pads = a["pads"]
            assert pads[:n] == pads[n:]
            conv = [F.conv1d, F.conv2d, F.conv3d][n - 1]
            bias = inputs[2] if len(inputs) > 2 else None
            return conv(x, inputs[1], bias, a["strides"], pads[:n], a["dilations"], a["group"])
        if kind == "BatchNormalization":
            mean, variance = getattr(self, f"mean{i}"), getattr(self, f"variance{i}")
            return F.batch_norm(x, mean, variance, inputs[1], inputs[2], self.training, 0.1, a["epsilon"])
        if kind == "Relu":
            return F.relu(x, inplace=True)
        if kind == "MaxPool":
            n = x.dim() - 2
            pool = [F.max_pool1d, F.max_pool2d, F.max_pool3d][n - 1]
            return pool(x, a["kernel_shape"], a["strides"], a["pads"][:n])
        if kind == "GlobalAveragePool":
            return x.mean(tuple(range(2, x.dim())), keepdim=True)
        if kind == "Gemm":
            assert a["transB"] == 1 and not a.get("transA")
            return F.linear(x, inputs[1], inputs[2])
        if kind == "Add":
            return x + inputs[1]
        if kind == "Reshape":
            return x.reshape(x.shape[0], -1)
        raise NotImplementedError(kind)


def key(name):
    return name.replace(".", "/")
