"""Pre-norm Transformer encoder block."""

import math

from torch import nn
from torch.nn import functional as F


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

    def forward(self, x, padding=None):
        batch, tokens, width = x.shape
        y = self.norm1(x)
        q, k, v = (
            layer(y).view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(2, 3) / math.sqrt(width // self.heads)
        if padding is not None:
            scores = scores.masked_fill(padding[:, None, None, :], -math.inf)
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        x = x + self.output(y)
        return x + self.reduce(F.gelu(self.expand(self.norm2(x))))
