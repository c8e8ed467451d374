// The empty kernel timed by plain loops of CUDA events, written apart from the engine to compare with it.
// build: nvcc -O3 -arch=native scripts/bench/gpu/event-loop.cu -o event-loop
// prints JSON, medians of one launch in ns over batches:
//   queuedNs   200 launches behind a kernel that keeps the stream busy until all are queued: compare with `empty-kernel`
//   freeNs     1000 launches on an idle stream, the device as fast as the host: compare with `launch-rate`
#include <cuda_runtime.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

__global__ void nothing() {}

__global__ void busy(long long cycles) {
  const long long start = clock64();
  while (clock64() - start < cycles) {
  }
}

static void require(cudaError_t status) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s\n", cudaGetErrorString(status));
  std::exit(1);
}

static float medianNs(cudaStream_t stream, int launches, int batches, long long busyCycles) {
  cudaEvent_t start, stop;
  require(cudaEventCreate(&start));
  require(cudaEventCreate(&stop));
  std::vector<float> ns;
  for (int batch = 0; batch < batches; ++batch) {
    if (busyCycles > 0) busy<<<1, 1, 0, stream>>>(busyCycles);
    require(cudaEventRecord(start, stream));
    for (int i = 0; i < launches; ++i) nothing<<<1, 1, 0, stream>>>();
    require(cudaEventRecord(stop, stream));
    require(cudaEventSynchronize(stop));
    float ms = 0;
    require(cudaEventElapsedTime(&ms, start, stop));
    ns.push_back(ms * 1e6f / launches);
  }
  require(cudaGetLastError());
  std::sort(ns.begin(), ns.end());
  return ns[batches / 2];
}

int main() {
  cudaStream_t stream;
  require(cudaStreamCreate(&stream));
  medianNs(stream, 1000, 3, 1000);  // warm
  const float queued = medianNs(stream, 200, 300, 8'000'000);
  const float free = medianNs(stream, 1000, 300, 0);
  std::printf("{\"queuedNs\": %.1f, \"freeNs\": %.1f}\n", queued, free);
}
