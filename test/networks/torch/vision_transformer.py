"""Vision Transformer with a class token, as in timm."""

import torch
from encoder import EncoderBlock
from torch import nn


class VisionTransformer(nn.Module):
    def __init__(self, job, width, heads, hidden):
        super().__init__()
        channels, height, image_width = job["imageShape"]
        tokens = 1 + height // 16 * (image_width // 16)
        self.class_token = nn.Parameter(torch.zeros(1, width))
        self.patches = nn.Conv2d(channels, width, 16, 16)
        self.positions = nn.Parameter(torch.zeros(tokens, width))
        self.blocks = nn.Sequential(*(EncoderBlock(width, heads, hidden) for _ in range(job.get("depth", 12))))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, job["classes"])

    def forward(self, images):
        patches = self.patches(images).flatten(2).transpose(1, 2)
        classes = self.class_token.expand(len(images), 1, -1)
        x = self.blocks(torch.cat([classes, patches], 1) + self.positions)
        return self.head(self.norm(x)[:, 0])
