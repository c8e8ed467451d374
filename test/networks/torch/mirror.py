"""A network in PyTorch, written from the specification, as the judge of ours.

Usage: mirror.py FOLDER
FOLDER/job.json names the network (its module beside this file defines `Network`), its sizes and what to compute;
parameters.bin holds the parameters, float32, in order; inputs.bin and labels.bin the batch. For each of job.json's `dtypes`
(float64, float32) it writes values_DTYPE.bin and, for `steps`, smallest_gradients_DTYPE.bin, both float64; result.json has
the losses by type.
"""

import importlib
import json
import pathlib
import re
import sys

import numpy as np
import optimizers
import torch
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
    return [loss.item()], flatten([parameter.grad for parameter in network.parameters()])


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
    return losses, flatten(list(network.parameters()))


def write(folder, name, job, values):
    values.astype(np.float64).tofile(folder / f"{name}_{job['dtype']}.bin")


def main():
    folder = pathlib.Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    torch.set_num_threads(1)
    losses = {}
    for dtype in job["dtypes"]:
        case = {**job, "dtype": dtype}
        losses[dtype], values = {"gradients": gradients, "steps": steps}[job["task"]](case, folder)
        write(folder, "values", case, values)
    (folder / "result.json").write_text(json.dumps(losses))


main()
