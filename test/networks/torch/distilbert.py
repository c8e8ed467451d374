"""ORION's text classifier."""

from encoder import EncoderBlock
from torch import nn
from torch.nn import functional as F


class Network(nn.Module):
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
