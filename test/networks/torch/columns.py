"""The workload columns of records, recomputed: counted over the operators that PyTorch runs for one sample, without their
arithmetic (its fake tensors have shapes alone), or by the formulas of ORION's specification from the sizes of PyTorch's modules.

Usage: columns.py, with a JSON list of jobs on stdin (network, family, sizes, batchSize, optimizer, precision); prints a
JSON list of the columns.
"""

import functools
import importlib
import json
import math
import re
import sys

import torch
from torch._subclasses import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

NORMS = {"native_batch_norm", "_native_batch_norm_legit_functional", "cudnn_batch_norm"}
ACTIVATIONS = {"relu", "hardtanh"}
# The networks take means over height and width only where torchvision pools.
POOLS = {"max_pool2d_with_indices", "avg_pool2d", "_adaptive_avg_pool2d", "mean"}

# Of the specification; others have 12 blocks.
DEPTHS = {"mixer": {64: 10, 96: 8}}
shapes = FakeTensorMode()

MOMENTS = {"SGD": 1, "Adafactor": 1, "Adam": 2, "AdamW": 2}


class Layers(TorchDispatchMode):
    """Kinds of layers in the order in which they ran, with the shapes of their tensors."""

    def __init__(self):
        super().__init__()
        self.convolutions, self.linears, self.others = [], [], []

    def __torch_dispatch__(self, function, types, args=(), kwargs=None):
        result = function(*args, **(kwargs or {}))
        name = function.overloadpacket.__name__.rstrip("_")
        output = result[0] if isinstance(result, tuple) else result
        if name == "convolution":
            self.convolutions.append((tuple(args[1].shape), tuple(output.shape), args[8]))
        elif name == "addmm":
            self.linears.append((args[1].shape[1], output.shape[1]))
        elif name in NORMS:
            self.others.append(("norm", output.numel()))
        elif name in ACTIVATIONS:
            self.others.append(("activation", output.numel()))
        elif name in POOLS:
            self.others.append(("pool", output.numel()))
        return result


def sizes_of(job):
    return json.dumps({key: value for key, value in job.items() if key not in ("optimizer", "precision", "batchSize")})


@functools.lru_cache(maxsize=None)
def module_of(sizes):
    job = json.loads(sizes)
    with shapes:
        return importlib.import_module(re.sub(r"\W", "_", job["network"].lower())).Network(job)


@functools.lru_cache(maxsize=None)
def layers_of(sizes):
    # One sample, and evaluation: a batch norm over one value cannot train.
    with shapes, Layers() as layers, torch.no_grad():
        module_of(sizes).eval()(torch.empty(1, *json.loads(sizes)["imageShape"]))
    return layers


def scalar_bytes(job):
    return 2 if job["precision"] == 16 else 4


def state(job, network):
    count = sum(parameter.numel() for parameter in network.parameters())
    master = 4 * count if job["precision"] == 16 else 0
    optimizer = 4 * count * MOMENTS[job["optimizer"]]
    return {
        "param_count": count,
        "param_bytes": 4 * count,
        "optimizer_state_bytes": optimizer,
        "master_param_bytes": master,
        "total_state_bytes": 4 * count + optimizer + master,
    }


def per_sample(job, columns, flops, activations):
    return {
        "flops_fwd_per_sample": flops,
        "flops_train_per_sample": 3 * flops,
        "flops_train_per_batch": 3 * flops * job["batchSize"],
        "act_bytes_per_sample_proxy": activations,
        "arithmetic_intensity_train": 3 * flops / (columns["param_bytes"] + activations),
    }


def cnn(job):
    network, layers = module_of(sizes_of(job)), layers_of(sizes_of(job))
    flops = []
    for (out, per_group, height, width), output, groups in layers.convolutions:
        flops.append((2 * per_group * out * height * width * output[2] * output[3], height, per_group, groups))
    total = sum(each[0] for each in flops)

    def share(fits):
        return sum(each[0] for each in flops if fits(*each[1:])) / total

    outputs = [math.prod(output) for _, output, _ in layers.convolutions]
    linear = sum(2 * inputs * outputs_ for inputs, outputs_ in layers.linears)
    scalars = sum(outputs) + sum(out for _, out in layers.linears) + sum(size for _, size in layers.others)
    columns = state(job, network)
    return {
        **columns,
        "depth": len(layers.convolutions) + len(layers.linears),
        **per_sample(job, columns, total + linear, scalars * scalar_bytes(job)),
        "flops_1x1_frac": share(lambda kernel, per_group, groups: kernel == 1),
        "flops_3x3_frac": share(lambda kernel, per_group, groups: kernel == 3),
        "flops_depthwise_frac": share(lambda kernel, per_group, groups: groups > 1 and per_group == 1),
        "flops_grouped_frac": share(lambda kernel, per_group, groups: groups > 1 and per_group > 1),
        "bn_layers": sum(kind == "norm" for kind, _ in layers.others),
        "act_layers": sum(kind == "activation" for kind, _ in layers.others),
        "sum_hwC": sum(outputs),
        "max_hwC": max(outputs),
    }


def mlp(job):
    channels, height, width = job["imageShape"]
    depth = DEPTHS.get(job["network"], {}).get(height, 12)
    network = module_of(sizes_of({**job, "depth": depth}))
    patch = round(math.sqrt(network.embedding.in_features / channels))
    dim, hidden = network.embedding.out_features, network.blocks[0].expand.out_features
    patches = (height // patch) * (width // patch)
    token = max(128, dim // 2)
    first = {
        "mixer": 4 * dim * patches * token,
        "resmlp": 2 * dim * patches**2,
        "asmlp": 4 * patches * dim**2,
    }[job["network"]]
    block = 4 * patches * dim + first + 4 * patches * dim * hidden
    forward = 2 * patches * (channels * patch**2) * dim + depth * block
    columns = state(job, network)
    return {
        **columns,
        "embed_dim": dim,
        "depth": len(network.blocks),
        "patch_size": patch,
        "token_mlp_dim": token,
        "channel_mlp_dim": 4 * dim,
        "num_patches": patches,
        **per_sample(job, columns, forward, patches * dim * scalar_bytes(job) * depth),
    }


def transformer(job):
    pairs = job["network"] == "Transformer"
    depths = {"DistilBERT": {"depth": 6}, "Transformer": {}}
    network = module_of(sizes_of({**depths.get(job["network"], {"depth": 12}), **job}))
    stacks = [network.encoder, network.decoder] if pairs else [network]
    depth = sum(len(stack.blocks) for stack in stacks)
    block = stacks[0].blocks[0]
    heads = sys.modules["transformer"].HEADS if pairs else block.heads
    hidden, dim = block.expand.weight.shape
    image = job.get("imageShape")
    tokens = (image[1] // 16) * (image[2] // 16) if image else job["sequenceLength"]
    per_token = 3 * dim**2 + dim**2 + 2 * (tokens * dim * (dim // heads)) + 2 * dim * hidden
    training = per_token * tokens * depth * 3
    activations = tokens * (dim + hidden) * scalar_bytes(job)
    columns = state(job, network)
    return {
        **columns,
        "seq_len": None if pairs else tokens,
        "src_len": tokens,
        "tgt_len": job["targetLength"] if pairs else None,
        "effective_batch_size": job["batchSize"],
        "arch_family": "encoder_decoder" if pairs else "encoder_only",
        "depth": depth,
        "d_model": dim,
        "n_heads": heads,
        "d_head": dim // heads,
        "d_ff": hidden,
        "ffn_multiplier": hidden / dim,
        "vocab_size": None if image else job["vocabularySize"],
        "img_size": image[1] if image else None,
        "patch_size": 16 if image else None,
        "in_channels": image[0] if image else None,
        "flops_fwd_per_token": per_token,
        "flops_train_per_seq": training,
        "flops_train_per_batch": training * job["batchSize"],
        "act_bytes_per_seq_proxy": activations,
        "arithmetic_intensity_train": training / (columns["param_bytes"] + activations),
    }


families = {"cnn": cnn, "mlp": mlp, "transformer": transformer}
print(json.dumps([families[job["family"]](job) for job in json.load(sys.stdin)]))
