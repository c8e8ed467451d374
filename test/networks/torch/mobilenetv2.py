"""MobileNetV2, as in torchvision, without dropout."""

from torch import nn
from width import channels_of

# Expansion, channels out, blocks, stride of the first.
STAGES = [
    (1, 16, 1, 1),
    (6, 24, 2, 2),
    (6, 32, 3, 2),
    (6, 64, 4, 2),
    (6, 96, 3, 1),
    (6, 160, 3, 2),
    (6, 320, 1, 1),
]


def convolution(channels, outputs, kernel=1, stride=1, groups=1):
    return [
        nn.Conv2d(channels, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]


class InvertedResidual(nn.Module):
    def __init__(self, channels, outputs, stride, expansion):
        super().__init__()
        wide = expansion * channels
        layers = [] if expansion == 1 else [*convolution(channels, wide), nn.ReLU6(inplace=True)]
        layers += [*convolution(wide, wide, 3, stride, wide), nn.ReLU6(inplace=True), *convolution(wide, outputs)]
        self.layers = nn.Sequential(*layers)
        self.shortcut = stride == 1 and channels == outputs

    def forward(self, x):
        return x + self.layers(x) if self.shortcut else self.layers(x)


class Network(nn.Module):
    def __init__(self, job):
        super().__init__()
        channels, last = channels_of(job, 32), channels_of(job, 1280)
        parts = [*convolution(3, channels, 3, 2), nn.ReLU6(inplace=True)]
        for expansion, full, blocks, stride in STAGES:
            outputs = channels_of(job, full)
            for block in range(blocks):
                parts.append(InvertedResidual(channels, outputs, stride if block == 0 else 1, expansion))
                channels = outputs
        self.features = nn.Sequential(*parts, *convolution(channels, last), nn.ReLU6(inplace=True))
        self.head = nn.Linear(last, job["classes"])

    def forward(self, x):
        return self.head(self.features(x).mean((2, 3)))
