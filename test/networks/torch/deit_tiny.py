"""DeiT-Tiny, as timm's deit_tiny_patch16_224."""

from vision_transformer import VisionTransformer


class Network(VisionTransformer):
    def __init__(self, job):
        super().__init__(job, width=192, heads=3, hidden=768)
