"""MLP-Mixer in ORION's form."""

from torch import nn
from torch.nn import functional as F


class MixerBlock(nn.Module):
    def __init__(self, patches, width):
        super().__init__()
        hidden = max(128, width // 2)
        self.norm1 = nn.LayerNorm(width)
        self.across1 = nn.Linear(patches, hidden)
        self.across2 = nn.Linear(hidden, patches)
        self.norm2 = nn.LayerNorm(width)
        self.expand = nn.Linear(width, 4 * width)
        self.reduce = nn.Linear(4 * width, width)

    def forward(self, x):
        y = self.across1(self.norm1(x).transpose(1, 2))
        x = x + self.across2(F.gelu(y)).transpose(1, 2)
        return x + self.reduce(F.gelu(self.expand(self.norm2(x))))


class Network(nn.Module):
    def __init__(self, job):
        super().__init__()
        channels, height, width = job["imageShape"]
        patches = height // 8 * (width // 8)
        self.embedding = nn.Linear(channels * 64, job["embedDim"])
        self.blocks = nn.Sequential(*(MixerBlock(patches, job["embedDim"]) for _ in range(job["depth"])))
        self.head = nn.Linear(job["embedDim"], job["classes"])

    def forward(self, x):
        columns = F.unfold(x, kernel_size=8, stride=8).transpose(1, 2)
        return self.head(self.blocks(self.embedding(columns)).mean(1))
