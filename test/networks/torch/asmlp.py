"""AS-MLP in ORION's form."""

import torch
from torch import nn
from torch.nn import functional as F


class AsMlpBlock(nn.Module):
    def __init__(self, rows, columns, width):
        super().__init__()
        self.rows, self.columns = rows, columns
        self.norm1 = nn.LayerNorm(width)
        self.shifted = nn.Linear(2 * width, width)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.reduce = nn.Linear(4 * width, width)

    def forward(self, x):
        batch, patches, width = x.shape
        y = self.norm1(x).view(batch, self.rows, self.columns, width)
        down, up, right, left = y.chunk(4, dim=-1)
        moved = [down.roll(1, 1), up.roll(-1, 1), right.roll(1, 2), left.roll(-1, 2)]
        y = torch.cat([*moved, y], dim=-1).view(batch, patches, 2 * width)
        x = x + self.shifted(y)
        return x + self.reduce(F.gelu(self.expand(self.norm2(x))))


class Network(nn.Module):
    def __init__(self, job):
        super().__init__()
        channels, height, width = job["imageShape"]
        self.patch = 4 if height <= 32 else 8
        rows, columns = height // self.patch, width // self.patch
        self.embedding = nn.Linear(channels * self.patch**2, job["embedDim"])
        self.blocks = nn.Sequential(*(AsMlpBlock(rows, columns, job["embedDim"]) for _ in range(job["depth"])))
        self.head = nn.Linear(job["embedDim"], job["classes"])

    def forward(self, x):
        columns = F.unfold(x, kernel_size=self.patch, stride=self.patch).transpose(1, 2)
        return self.head(self.blocks(self.embedding(columns)).mean(1))
