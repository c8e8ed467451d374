"""PyTorch's side of the step bench: the networks of test/networks/torch, in float32.

Answers {"open": {config, optimizerOptions, threads, learningRate}}, {"run": steps}, {"peak": true} and {"load": true}
(PyTorch alone) on stdin, one JSON line each.
"""

import importlib
import json
import pathlib
import re
import sys
import time

import torch
from torch.nn import functional as F

sys.path.insert(0, str(pathlib.Path(__file__).parents[3] / "test/networks/torch"))
sys.dont_write_bytecode = True


class Trainer:
    def __init__(self, config, optimizerOptions, threads, learningRate):
        torch.set_num_threads(threads)
        torch.manual_seed(config["seed"])
        module = importlib.import_module(re.sub(r"\W", "_", config["network"].lower()))
        self.network = module.Network(config).float().train()
        self.inputs, self.labels = batch(config)
        optimizer = getattr(torch.optim, config["optimizer"])
        self.optimizer = optimizer(self.network.parameters(), lr=learningRate, **optimizerOptions)

    def loss(self):
        """A network whose loss is not the cross-entropy of one label per sample defines `loss`."""
        if hasattr(self.network, "loss"):
            return self.network.loss(self.inputs, self.labels)
        return F.cross_entropy(self.network(self.inputs), self.labels)

    def run(self, steps):
        begin = time.perf_counter()
        for _ in range(steps):
            self.optimizer.zero_grad(set_to_none=True)
            loss = self.loss()
            loss.backward()
            self.optimizer.step()
        assert loss.isfinite(), "the loss is not finite"
        return 1000 * (time.perf_counter() - begin)


def batch(config):
    size = config["batchSize"]
    if "imageShape" in config:
        return torch.randn(size, *config["imageShape"]), torch.randint(config["classes"], (size,))
    ids = torch.randint(config["vocabularySize"], (size, config["sequenceLength"]))
    if "targetLength" in config:
        return ids, torch.randint(config["vocabularySize"], (size, config["targetLength"] + 1))
    return ids, torch.randint(config["classes"], (size,))


def peak_bytes():
    status = pathlib.Path("/proc/self/status").read_text()
    return 1024 * int(re.search(r"^VmHWM:\s+(\d+) kB$", status, re.M)[1])


def main():
    trainer = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                trainer = Trainer(**request["open"])
                answer = {"parameters": sum(parameter.numel() for parameter in trainer.network.parameters())}
            elif "run" in request:
                answer = {"ms": trainer.run(request["run"])}
            else:
                answer = {"peakBytes": peak_bytes()}
        except Exception as error:
            answer = {"error": f"PyTorch: {error}"}
        print(json.dumps(answer), flush=True)


main()
