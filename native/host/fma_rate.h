#pragma once

#include "host/rate.h"

namespace orion::host {

/**
 * Fused multiply-adds from registers at the widest vectors of this CPU, FLOP/s (an FMA counts 2).
 * @param precisionBits 32 or 64
 * Throws Io if the arithmetic comes out wrong.
 */
Rate fmaRate(unsigned threads, int precisionBits, double durationMs);

}  // namespace orion::host
