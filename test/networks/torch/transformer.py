"""ORION's sequence-to-sequence Transformer: the arithmetic of torch.nn.Transformer, with projections of their own.

Masks are added as finite numbers, so a source or target of nothing but padding gives no NaN.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

WIDTH, HEADS, HIDDEN = 512, 8, 2048


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.output = nn.Linear(WIDTH, WIDTH)

    def forward(self, x, memory, mask):
        def heads(y):
            return y.view(*y.shape[:2], HEADS, WIDTH // HEADS).transpose(1, 2)

        q, k, v = heads(self.query(x)), heads(self.key(memory)), heads(self.value(memory))
        weights = (q @ k.transpose(2, 3) / math.sqrt(WIDTH // HEADS) + mask).softmax(-1)
        return self.output((weights @ v).transpose(1, 2).reshape(x.shape))


class EncoderBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.attention = Attention()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.expand = nn.Linear(WIDTH, HIDDEN)
        self.reduce = nn.Linear(HIDDEN, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH)

    def forward(self, x, mask):
        x = self.norm1(x + self.attention(x, x, mask))
        return self.norm2(x + self.reduce(F.relu(self.expand(x))))


class DecoderBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.self_attention = Attention()
        self.norm1 = nn.LayerNorm(WIDTH)
        self.cross_attention = Attention()
        self.norm2 = nn.LayerNorm(WIDTH)
        self.expand = nn.Linear(WIDTH, HIDDEN)
        self.reduce = nn.Linear(HIDDEN, WIDTH)
        self.norm3 = nn.LayerNorm(WIDTH)

    def forward(self, x, memory, mask, memory_mask):
        x = self.norm1(x + self.self_attention(x, x, mask))
        x = self.norm2(x + self.cross_attention(x, memory, memory_mask))
        return self.norm3(x + self.reduce(F.relu(self.expand(x))))


class Stack(nn.Module):
    """Embedding, blocks, final norm."""

    def __init__(self, vocabulary, length, blocks):
        super().__init__()
        self.words = nn.Embedding(vocabulary, WIDTH)
        self.blocks = nn.ModuleList(blocks)
        self.norm = nn.LayerNorm(WIDTH)
        angles = torch.arange(length)[:, None] * torch.exp(-torch.arange(0, WIDTH, 2) * math.log(10000) / WIDTH).double()
        positions = torch.stack([angles.sin(), angles.cos()], 2).view(length, WIDTH)
        self.register_buffer("positions", positions.to(torch.get_default_dtype()), persistent=False)

    def forward(self, ids, *context):
        x = self.words(ids) * math.sqrt(WIDTH) + self.positions
        for block in self.blocks:
            x = block(x, *context)
        return self.norm(x)


class Network(nn.Module):
    def __init__(self, job):
        super().__init__()
        depth, vocabulary, length = job.get("depth", 6), job["vocabularySize"], job["targetLength"]
        self.encoder = Stack(vocabulary, job["sequenceLength"], (EncoderBlock() for _ in range(depth)))
        self.decoder = Stack(vocabulary, length, (DecoderBlock() for _ in range(depth)))
        self.generator = nn.Linear(WIDTH, vocabulary)
        self.register_buffer("causal", torch.full((length, length), -2e4).triu(1), persistent=False)

    def forward(self, source, target):
        dtype = self.generator.weight.dtype
        source_mask = (source == 0).to(dtype)[:, None, None, :] * -1e4
        target_mask = (target == 0).to(dtype)[:, None, None, :] * -1e4 + self.causal
        memory = self.encoder(source, source_mask)
        return self.generator(self.decoder(target, memory, target_mask, source_mask))

    def loss(self, source, target):
        logits = self(source, target[:, :-1])
        return F.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=0)
