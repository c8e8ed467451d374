"""The same work through PyTorch, to compare the engine with: JSON on stdout.

usage: python3 scripts/bench/gpu/peer.py [SECONDS per case]
Needs PyTorch with CUDA. Rates: medians over repeats, timed by CUDA events around one call, L2 flushed by a memset before.
"""

import json
import statistics
import sys
import time

import torch

seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
torch.manual_seed(0)
device = torch.device("cuda")
flush = torch.empty(torch.cuda.get_device_properties(0).L2_cache_size, dtype=torch.uint8, device=device)


def median_ms(work):
    for _ in range(5):
        work()
    torch.cuda.synchronize()
    times = []
    end = time.monotonic() + seconds
    while time.monotonic() < end or len(times) < 10:
        flush.zero_()
        torch.cuda._sleep(200_000)  # so that the launch is queued before the work begins
        start, stop = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        start.record()
        work()
        stop.record()
        stop.synchronize()
        times.append(start.elapsed_time(stop))
    return statistics.median(times)


result = {"torch": torch.__version__, "device": torch.cuda.get_device_name(0)}
for gib in (0.25, 1, 4):
    words = int(gib * 2**30 / 4)
    source = torch.randn(words, device=device)
    target = torch.empty_like(source)
    result[f"copy-{gib}GiB-GBps"] = 2 * 4 * words / median_ms(lambda: target.copy_(source)) / 1e6
    del source, target

for name, dtype, shapes in (
    ("fp16", torch.float16, [(8192, 8192, 8192), (4096, 4096, 4096), (8192, 1024, 1024), (512, 512, 2048)]),
    ("bf16", torch.bfloat16, [(8192, 8192, 8192), (4096, 4096, 4096)]),
    ("tf32", torch.float32, [(8192, 8192, 8192)]),
    ("fp32", torch.float32, [(4096, 4096, 4096)]),
):
    torch.backends.cuda.matmul.allow_tf32 = name == "tf32"
    for m, n, k in shapes:
        a = torch.randn(m, k, device=device).to(dtype)
        b = torch.randn(k, n, device=device).to(dtype)
        out = torch.empty(m, n, device=device, dtype=dtype)
        result[f"matmul-{m}x{n}x{k}-{name}-TFLOPs"] = 2 * m * n * k / median_ms(lambda: torch.matmul(a, b, out=out)) / 1e9
        del a, b, out

a = torch.randint(-8, 8, (8192, 8192), dtype=torch.int8, device=device)
b = torch.randint(-8, 8, (8192, 8192), dtype=torch.int8, device=device).t()
result["matmul-8192x8192x8192-int8-TOPs"] = 2 * 8192**3 / median_ms(lambda: torch._int_mm(a, b)) / 1e9
del a, b

for rows, columns in ((16384, 1024), (8192, 4096), (32, 50257)):
    x = torch.randn(rows, columns, device=device)
    ms = median_ms(lambda: torch.softmax(x, 1))
    result[f"softmax-{rows}x{columns}-fp32-us"] = ms * 1e3
for rows, columns in ((16384, 768), (8192, 4096)):
    x = torch.randn(rows, columns, device=device)
    g, b = torch.randn(columns, device=device), torch.randn(columns, device=device)
    result[f"layernorm-{rows}x{columns}-fp32-us"] = median_ms(lambda: torch.layer_norm(x, (columns,), g, b)) * 1e3
print(json.dumps(result, indent=1))
