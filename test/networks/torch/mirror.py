"""A network in PyTorch, written from the specification, as the judge of ours.

Usage: mirror.py FOLDER
FOLDER/job.json names the network (its module beside this file defines `Network`), its sizes and what to compute;
parameters.bin holds the parameters, float32, in order; inputs.bin and labels.bin the batch; statistics.bin, where logits
are wanted, the running mean and variance of each batch norm, in order. For each of job.json's `dtypes` (float64, float32)
it writes values_DTYPE.bin and, for `steps`, smallest_gradients_DTYPE.bin, both float64; result.json has the rest by type.
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
    losses, smallest_gradients = [], np.inf
    for _ in range(job["steps"]):
        optimizer.zero_grad()
        loss = loss_of(network, inputs, labels)
        loss.backward()
        gradients = flatten([parameter.grad for parameter in network.parameters()])
        smallest_gradients = np.minimum(smallest_gradients, np.abs(gradients))
        optimizer.step()
        losses.append(loss.item())
    write(folder, "smallest_gradients", job, smallest_gradients)
    return {"losses": losses}, flatten(list(network.parameters()))


def write(folder, name, job, values):
    values.astype(np.float64).tofile(folder / f"{name}_{job['dtype']}.bin")


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


def main():
    folder = pathlib.Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    torch.set_num_threads(1)
    tasks = {"gradients": gradients, "steps": steps, "logits": logits, "traffic": count_traffic}
    results = {}
    for dtype in job["dtypes"]:
        case = {**job, "dtype": dtype}
        results[dtype], values = tasks[job["task"]](case, folder)
        write(folder, "values", case, values)
    (folder / "result.json").write_text(json.dumps(results))


main()
