// Latency of a load: one thread follows pointers, each load's address being what the last one read. A node is a 64-bit
// address at the head of a 128-byte line; the nodes form one random cycle, so that no prefetcher can guess the next.
// `latency-l1`: 4 KiB through L1; `latency-l2`: some MiB, past L1, warm; `latency-dram`: at least 4 x L2, cold, each
// launch goes on where the last one ended. Address translation is part of it: DRAM is spread over many pages (of 2 MiB
// on current devices), so its figure holds what misses of the first translation buffers cost.
#pragma once

#include <vector>

#include "gpu/case.h"

namespace orion::gpu {

std::vector<Case> latencyCases(const Device& device);

}  // namespace orion::gpu
