"""The three networks in PyTorch, written from the specification, in float64, as the judge of ours.

Usage: torch_mirror.py FOLDER
FOLDER/job.json names the network, its sizes and what to compute; parameters.bin holds the parameters, float32, in
order; inputs.bin and labels.bin the batch. Writes values.bin (float64) and result.json into the folder.
"""

import json
import math
import pathlib
import sys

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.downsample = None
        if stride != 1 or channels != 4 * width:
            self.downsample = nn.Sequential(
                nn.Conv2d(channels, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)
            )

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet50(nn.Module):
    def __init__(self, job):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU())
        blocks, channels = [], 64
        for stage, count in enumerate([3, 4, 6, 3]):
            width = 64 * 2**stage
            for index in range(count):
                blocks.append(Bottleneck(channels, width, 2 if stage > 0 and index == 0 else 1))
                channels = 4 * width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Linear(channels, job["classes"])

    def forward(self, x):
        x = F.max_pool2d(self.stem(x), 3, 2, 1)
        return self.head(self.blocks(x).mean((2, 3)))


class ResMlpBlock(nn.Module):
    def __init__(self, patches, width):
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.across = nn.Linear(patches, patches)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.reduce = nn.Linear(4 * width, width)

    def forward(self, x):
        x = x + self.across(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.reduce(F.gelu(self.expand(self.norm2(x))))


class ResMlp(nn.Module):
    def __init__(self, job):
        super().__init__()
        channels, height, width = job["imageShape"]
        patches = height // 8 * (width // 8)
        self.embedding = nn.Linear(channels * 64, job["embedDim"])
        self.blocks = nn.Sequential(*(ResMlpBlock(patches, job["embedDim"]) for _ in range(job["depth"])))
        self.head = nn.Linear(job["embedDim"], job["classes"])

    def forward(self, x):
        columns = F.unfold(x, kernel_size=8, stride=8).transpose(1, 2)
        return self.head(self.blocks(self.embedding(columns)).mean(1))


class EncoderBlock(nn.Module):
    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, hidden)
        self.reduce = nn.Linear(hidden, width)

    def forward(self, x, padding):
        batch, tokens, width = x.shape
        y = self.norm1(x)
        q, k, v = (
            layer(y).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(2, 3) / math.sqrt(width // self.heads)
        scores = scores.masked_fill(padding[:, None, None, :], -math.inf)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + self.output(y)
        return x + self.reduce(F.gelu(self.expand(self.norm2(x))))


class DistilBert(nn.Module):
    def __init__(self, job):
        super().__init__()
        self.words = nn.Embedding(job["vocabularySize"], 256)
        self.positions = nn.Embedding(job["sequenceLength"], 256)
        self.blocks = nn.ModuleList(EncoderBlock(256, 8, 1024) for _ in range(job["depth"]))
        self.norm = nn.LayerNorm(256)
        self.head = nn.Linear(256, job["classes"])

    def forward(self, ids):
        padding = ids == 0
        x = self.words(ids) + self.positions.weight
        for block in self.blocks:
            x = block(x, padding)
        kept = (~padding).to(x.dtype)[:, :, None]
        return self.head((self.norm(x) * kept).sum(1) / kept.sum(1))


NETWORKS = {"resnet50": ResNet50, "resmlp": ResMlp, "DistilBERT": DistilBert}


def build(job, folder):
    network = NETWORKS[job["network"]](job).double().train()
    values = torch.from_numpy(np.fromfile(folder / "parameters.bin", np.float32)).double()
    with torch.no_grad():
        start = 0
        for parameter, dims in zip(network.parameters(), job["parameterDims"], strict=True):
            assert list(parameter.shape) == dims, (list(parameter.shape), dims)
            parameter.copy_(values[start : start + parameter.numel()].view(dims))
            start += parameter.numel()
    assert start == len(values)
    return network


def batch(job, folder):
    is_text = "sequenceLength" in job
    inputs = torch.from_numpy(np.fromfile(folder / "inputs.bin", np.int64 if is_text else np.float32))
    inputs = inputs.view(job["inputDims"])
    labels = torch.from_numpy(np.fromfile(folder / "labels.bin", np.int64))
    return (inputs if is_text else inputs.double()), labels


def flatten(tensors):
    return np.concatenate([tensor.detach().numpy().ravel() for tensor in tensors])


def gradients(job, folder):
    network = build(job, folder)
    inputs, labels = batch(job, folder)
    loss = F.cross_entropy(network(inputs), labels)
    loss.backward()
    return [loss.item()], flatten([parameter.grad for parameter in network.parameters()])


def steps(job, folder):
    network = build(job, folder)
    inputs, labels = batch(job, folder)
    optimizer = getattr(torch.optim, job["optimizer"])(network.parameters(), **job["optimizerOptions"])
    losses = []
    for _ in range(job["steps"]):
        optimizer.zero_grad()
        loss = F.cross_entropy(network(inputs), labels)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses, flatten(list(network.parameters()))


def main():
    folder = pathlib.Path(sys.argv[1])
    job = json.loads((folder / "job.json").read_text())
    torch.set_num_threads(1)
    losses, values = {"gradients": gradients, "steps": steps}[job["task"]](job, folder)
    values.tofile(folder / "values.bin")
    (folder / "result.json").write_text(json.dumps({"losses": losses}))


main()
