// Hopper's copy engine (TMA) and the barriers in shared memory that its copies report to (PTX ISA, "mbarrier" and
// "cp.async.bulk.tensor").
#pragma once

#include <cuda.h>

#include <cstdint>

namespace orion::gpu::tma {

#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900

/** A barrier's phase ends after `arrivals` and all bytes that were announced to it. */
__device__ __forceinline__ void initialise(std::uint32_t barrier, unsigned arrivals) {
  asm volatile("mbarrier.init.shared::cta.b64 [%0], %1;" ::"r"(barrier), "r"(arrivals) : "memory");
}

/** Shows initialised barriers to the copy engine; before the block's own barrier. */
__device__ __forceinline__ void publish() { asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory"); }

__device__ __forceinline__ void arrive(std::uint32_t barrier) {
  asm volatile("mbarrier.arrive.shared::cta.b64 _, [%0];" ::"r"(barrier) : "memory");
}

__device__ __forceinline__ void arriveAndExpect(std::uint32_t barrier, unsigned bytes) {
  asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier), "r"(bytes) : "memory");
}

/** Until the barrier's phase of that number (only its parity counts) has ended. */
__device__ __forceinline__ void waitFor(std::uint32_t barrier, unsigned phase) {
  unsigned ended;
  do {
    asm volatile(
        "{\n"
        ".reg .pred ended;\n"
        "mbarrier.try_wait.parity.shared::cta.b64 ended, [%1], %2;\n"
        "selp.u32 %0, 1, 0, ended;\n"
        "}"
        : "=r"(ended)
        : "r"(barrier), "r"(phase & 1)
        : "memory");
  } while (ended == 0);
}

/** Copies a box of the matrix to shared memory; reports to the barrier. */
__device__ __forceinline__ void copyBox(std::uint32_t target, const CUtensorMap* matrix, int column, int row,
                                        std::uint32_t barrier) {
  asm volatile(
      "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%0], [%1, {%2, %3}], [%4];" ::"r"(
          target),
      "l"(reinterpret_cast<std::uint64_t>(matrix)), "r"(column), "r"(row), "r"(barrier)
      : "memory");
}

#endif

}  // namespace orion::gpu::tma
