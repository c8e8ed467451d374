"""PyTorch's side of the loader bench: a DataLoader with persistent workers over files that PIL decodes.

The transforms are those of torchvision (Resize with a PIL image, ToTensor, Normalize), written out because Debian has no
torchvision. Answers {"open": {paths, size, workers, batchSize, prefetch, draft}}, {"run": batches} and {"image": path} on
stdin, one JSON line each.
"""

import base64
import json
import sys
import time

import numpy
import torch
from PIL import Image

mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
deviation = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)


class Files(torch.utils.data.Dataset):
    def __init__(self, paths, size, draft):
        self.paths = paths
        self.size = (size, size)
        self.draft = draft

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, index):
        return prepare(self.paths[index], self.size, self.draft), index


def prepare(path, size, draft):
    with open(path, "rb") as file:
        image = Image.open(file)
        # As Image.thumbnail does it: the part of the reduced picture that shows the whole one.
        box = image.draft("RGB", size)[1] if draft else None
        image = image.convert("RGB")
    if image.size != size:
        image = image.resize(size, Image.BILINEAR, box=box)
    # ToTensor, Normalize.
    tensor = torch.from_numpy(numpy.array(image)).permute(2, 0, 1).contiguous().to(torch.float32).div(255)
    return tensor.sub_(mean).div_(deviation)


def endless(loader):
    while True:
        yield from loader


class Session:
    def __init__(self, paths, size, workers, batchSize, prefetch, draft):
        self.job = ((size, size), draft)
        loader = torch.utils.data.DataLoader(
            Files(paths, size, draft),
            batch_size=batchSize,
            shuffle=True,
            drop_last=True,
            num_workers=workers,
            prefetch_factor=prefetch,
            persistent_workers=True,
        )
        self.batches = endless(loader)

    def run(self, batches):
        begin = time.perf_counter()
        for _ in range(batches):
            next(self.batches)
        return 1000 * (time.perf_counter() - begin)

    def image(self, path):
        return base64.b64encode(prepare(path, *self.job).numpy().tobytes()).decode()


def main():
    session = None
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "open" in request:
                session = Session(**request["open"])
                answer = {}
            elif "run" in request:
                answer = {"ms": session.run(request["run"])}
            else:
                answer = {"numbers": session.image(request["image"])}
        except Exception as error:
            answer = {"error": f"PyTorch: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
