"""VGG-16 with batch norm, as in torchvision, without dropout."""

from torch import nn
from width import channels_of

STAGES = [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)]


class Network(nn.Module):
    def __init__(self, job):
        super().__init__()
        layers, channels = [], 3
        for convolutions, full in STAGES:
            width = channels_of(job, full)
            for _ in range(convolutions):
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(inplace=True)]
                channels = width
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.pool = nn.AdaptiveAvgPool2d(7)
        hidden = job.get("hiddenDim", 4096)
        self.classifier = nn.Sequential(
            nn.Linear(channels * 7 * 7, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, job["classes"]),
        )

    def forward(self, x):
        return self.classifier(self.pool(self.features(x)).flatten(1))
