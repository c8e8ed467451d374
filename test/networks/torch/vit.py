"""ViT-B/16, as timm's vit_base_patch16_224."""

from vision_transformer import VisionTransformer


class Network(VisionTransformer):
    def __init__(self, job):
        super().__init__(job, width=768, heads=12, hidden=3072)
