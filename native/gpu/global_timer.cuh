#pragma once

namespace orion::gpu {

/** The device's wall clock, ns; ticks every 32 ns to 1 us, by card. */
__device__ inline unsigned long long globalTimerNs() {
  unsigned long long ns;
  asm volatile("mov.u64 %0, %%globaltimer;" : "=l"(ns));
  return ns;
}

}  // namespace orion::gpu
