"""Bytes that the operations of a forward pass must move: each reads its tensors once and writes its result once."""

from collections import Counter

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

# Training does not need the running statistics that a batch norm reads beside these.
READ = {"native_batch_norm": 3}
MOVE_NOTHING = {"t", "view", "_reshape_alias", "empty"}


def bytes_of(tensor):
    return tensor.numel() * tensor.element_size()


class Traffic(TorchDispatchMode):
    """`bytes` by the name of the operation, without the underscore of one that works in place."""

    def __init__(self):
        super().__init__()
        self.bytes = Counter()

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__.rstrip("_")
        tensors = [item for item in tree_flatten(args)[0] if isinstance(item, torch.Tensor)]
        # The concatenation of one tensor is that tensor.
        if name in MOVE_NOTHING or (name == "cat" and len(tensors) == 1):
            return result
        output = result[0] if isinstance(result, tuple) else result
        self.bytes[name] += sum(map(bytes_of, [*tensors[: READ.get(name)], output]))
        return result
