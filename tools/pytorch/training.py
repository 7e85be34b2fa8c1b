"""The training step of src/train/step.ts in PyTorch: forward, loss, backward, clip, AdamW, moving average."""

import base64

import torch
from yolo import YoloNet, yolo_loss

TYPES = {"float32": torch.float32, "uint8": torch.uint8}


def read_tensor(entry):
    """A tensor of a case that tools/pytorch/case.ts wrote."""
    data = bytearray(base64.b64decode(entry["data"]))
    return torch.frombuffer(data, dtype=TYPES[entry["dtype"]]).reshape(entry["shape"])


class TrainingStep:
    """A net with a case's parameters, its optimiser and its average; `take` takes one step."""

    def __init__(self, case, dtype=torch.float32, memory_format=torch.contiguous_format):
        self.case = case
        self.net = YoloNet(case["config"])
        self.net.load_state_dict({name: read_tensor(entry) for name, entry in case["parameters"].items()})
        self.net = self.net.to(dtype=dtype, memory_format=memory_format).train()
        self.pictures = read_tensor(case["pictures"]).contiguous(memory_format=memory_format)
        self.targets = [read_tensor(entry).to(dtype) for entry in case["targets"]]
        recipe = case["recipe"]
        weights, gains = [], []
        for name, parameter in self.net.named_parameters():
            (weights if name.endswith(".weight") else gains).append(parameter)
        self.optimizer = torch.optim.AdamW(
            [{"params": weights, "weight_decay": recipe["weightDecay"]}, {"params": gains, "weight_decay": 0}],
            lr=recipe["learningRate"],
            foreach=True,
        )
        self.tensors = [tensor.detach() for tensor in self.net.state_dict().values()]
        self.average = [tensor.clone() for tensor in self.tensors]

    def parts(self):
        """Forward pass and loss."""
        return yolo_loss(self.net(self.pictures), self.targets, self.case["config"], self.case["lossWeights"])

    def backward(self, loss):
        """Gradients of all parameters; zeros, not None, where the loss does not depend on one."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        for parameter in self.net.parameters():
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)

    def take(self):
        """One step; returns the loss before it and the gradient's norm."""
        recipe = self.case["recipe"]
        loss = self.parts()["loss"]
        self.backward(loss)
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), recipe["clipNorm"])
        self.optimizer.step()
        # average ← decay · average + (1 − decay) · parameter
        torch._foreach_mul_(self.average, recipe["averageDecay"])
        torch._foreach_add_(self.average, self.tensors, alpha=1 - recipe["averageDecay"])
        return loss.item(), norm.item()
