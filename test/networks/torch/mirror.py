"""A network in PyTorch, written from the specification, as the judge of ours.

Usage: mirror.py, which reads the path of a FOLDER from each line of stdin, and answers with a line when its job is done.
FOLDER/job.json names the network (its module beside this file defines `Network`), its sizes and what to compute;
parameters.bin holds the parameters, float32, in order; inputs.bin and labels.bin the batch; statistics.bin, where logits
are wanted, the running mean and variance of each batch norm, in order. For each of job.json's `dtypes` (float64, float32)
it writes values_DTYPE.bin, in that type; result.json has the rest by type. For `steps` in float64, zero_gradients.bin has a
byte for each value: 1 where its smallest absolute gradient in any step is below ZERO_GRADIENT times the largest of those.
"""

import importlib
import json
import pathlib
import re
import sys

import numpy as np
import optimizers
import torch
import traffic
from torch.nn import functional as F


# What is smaller in float64 is zero by construction (seen: 1e-16, and 1e-5 for others).
ZERO_GRADIENT = 1e-10


def build(job, folder):
    module = importlib.import_module(re.sub(r"\W", "_", job["network"].lower()))
    dtype = torch_dtype(job)
    network = module.Network(job).to(dtype).train()
    values = torch.from_numpy(np.fromfile(folder / "parameters.bin", np.float32)).to(dtype)
    with torch.no_grad():
        start = 0
        for parameter, dims in zip(network.parameters(), job["parameterDims"], strict=True):
            assert list(parameter.shape) == dims, (list(parameter.shape), dims)
            parameter.copy_(values[start : start + parameter.numel()].view(dims))
            start += parameter.numel()
    assert start == len(values)
    return network


def torch_dtype(job):
    return getattr(torch, job["dtype"])


def read(folder, name, dims, dtype):
    return torch.from_numpy(np.fromfile(folder / f"{name}.bin", np.dtype(dtype))).view(dims)


def batch(job, folder):
    inputs = read(folder, "inputs", job["inputDims"], job["inputType"])
    if inputs.is_floating_point():
        inputs = inputs.to(torch_dtype(job))
    labels = read(folder, "labels", job["labelDims"], "int64")
    return inputs, labels


def loss_of(network, inputs, labels):
    """A network whose loss is not the cross-entropy of one label per sample defines `loss`."""
    if hasattr(network, "loss"):
        return network.loss(inputs, labels)
    return F.cross_entropy(network(inputs), labels)


def flatten(tensors):
    return np.concatenate([tensor.detach().numpy().ravel() for tensor in tensors])


def gradients(job, folder):
    network = build(job, folder)
    inputs, labels = batch(job, folder)
    loss = loss_of(network, inputs, labels)
    loss.backward()
    return {"losses": [loss.item()]}, flatten([parameter.grad for parameter in network.parameters()])


def optimizer_class(name):
    return getattr(optimizers, name, None) or getattr(torch.optim, name)


def steps(job, folder):
    network = build(job, folder)
    inputs, labels = batch(job, folder)
    optimizer = optimizer_class(job["optimizer"])(network.parameters(), **job["optimizerOptions"])
    wants_smallest = job["dtype"] == "float64"
    losses, smallest = [], [torch.full_like(parameter, np.inf) for parameter in network.parameters()]
    for _ in range(job["steps"]):
        optimizer.zero_grad()
        loss = loss_of(network, inputs, labels)
        loss.backward()
        if wants_smallest:
            for least, parameter in zip(smallest, network.parameters(), strict=True):
                torch.minimum(least, parameter.grad.abs(), out=least)
        optimizer.step()
        losses.append(loss.item())
    result = {"losses": losses}
    if wants_smallest:
        largest = max(least.max().item() for least in smallest)
        flatten([least < ZERO_GRADIENT * largest for least in smallest]).tofile(folder / "zero_gradients.bin")
        result["largestSmallestGradient"] = largest
    return result, flatten(list(network.parameters()))


def set_statistics(network, values):
    statistics = [buffer for name, buffer in network.named_buffers() if name.endswith(("running_mean", "running_var"))]
    start = 0
    for buffer in statistics:
        buffer.copy_(values[start : start + buffer.numel()])
        start += buffer.numel()
    assert start == len(values), (start, len(values))


def logits_of(network, inputs, labels):
    """A network with a loss of its own predicts the next of the target tokens."""
    if hasattr(network, "loss"):
        return network(inputs, labels[:, :-1])
    return network(inputs)


@torch.no_grad()
def logits(job, folder):
    network = build(job, folder).eval()
    set_statistics(network, torch.from_numpy(np.fromfile(folder / "statistics.bin", np.float32)))
    return {"losses": []}, flatten([logits_of(network, *batch(job, folder))])


@torch.no_grad()
def count_traffic(job, folder):
    # In evaluation mode batch norms do not count their batches.
    network = build(job, folder).eval()
    inputs, labels = batch(job, folder)
    with traffic.Traffic() as counted:
        logits_of(network, inputs, labels)
    return {"losses": [], "traffic": counted.bytes}, np.zeros(0)


def answer(folder):
    job = json.loads((folder / "job.json").read_text())
    tasks = {"gradients": gradients, "steps": steps, "logits": logits, "traffic": count_traffic}
    results = {}
    for dtype in job["dtypes"]:
        results[dtype], values = tasks[job["task"]]({**job, "dtype": dtype}, folder)
        values.astype(dtype).tofile(folder / f"values_{dtype}.bin")
    (folder / "result.json").write_text(json.dumps(results))


torch.set_num_threads(1)
for line in sys.stdin:
    answer(pathlib.Path(line.rstrip("\n")))
    print("done", flush=True)
