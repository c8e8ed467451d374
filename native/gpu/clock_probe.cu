#include <cmath>
#include <limits>

#include "gpu/clock_probe.h"
#include "gpu/global_timer.cuh"

namespace orion::gpu {
namespace {

/** The global timer ticks once per microsecond on some cards: 2 % of this. */
constexpr unsigned long long shortestSpanNs = 50'000;

__device__ void stampTo(ClockStamp* stamp) {
  unsigned multiprocessor;
  asm volatile("mov.u32 %0, %%smid;" : "=r"(multiprocessor));
  stamp->multiprocessor = multiprocessor;
  stamp->timeNs = globalTimerNs();
  stamp->cycles = clock64();
}

__global__ void stampBegin(ClockStamp* stamps) { stampTo(&stamps[0]); }

__global__ void stampEnd(ClockStamp* stamps) {
  const unsigned long long begun = stamps[0].timeNs;
  while (globalTimerNs() - begun < shortestSpanNs) {
  }
  stampTo(&stamps[1]);
}

}  // namespace

ClockProbe::ClockProbe() {
  CUDA_CALL(cudaHostAlloc(&stamps_, 2 * sizeof(ClockStamp), cudaHostAllocMapped));
  stamps_[0] = stamps_[1] = {};
  CUDA_CALL(cudaHostGetDevicePointer(&deviceStamps_, stamps_, 0));
}

ClockProbe::~ClockProbe() { cudaFreeHost(stamps_); }

void ClockProbe::begin(const Stream& stream) {
  stampBegin<<<1, 1, 0, stream.get()>>>(deviceStamps_);
  CUDA_CALL(cudaGetLastError());
}

void ClockProbe::end(const Stream& stream) {
  stampEnd<<<1, 1, 0, stream.get()>>>(deviceStamps_);
  CUDA_CALL(cudaGetLastError());
}

double ClockProbe::hz() const {
  const volatile ClockStamp* stamps = stamps_;
  const unsigned long long ns = stamps[1].timeNs - stamps[0].timeNs;
  if (stamps[0].multiprocessor != stamps[1].multiprocessor || ns == 0) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::round(static_cast<double>(stamps[1].cycles - stamps[0].cycles) / static_cast<double>(ns) * 1e9);
}

}  // namespace orion::gpu
