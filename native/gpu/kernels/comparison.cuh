// Every element of a large output against what it must be: all of them on the device, a sample on the host as well.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "gpu/buffer.h"

namespace orion::gpu {

__host__ __device__ inline bool isEqual(float a, float b) { return a == b; }
__host__ __device__ inline bool isEqual(unsigned a, unsigned b) { return a == b; }
__host__ __device__ inline bool isEqual(const uint4& a, const uint4& b) {
  return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
}
__host__ __device__ inline bool isEqual(const float4& a, const float4& b) {
  return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
}

/** @param valueOf gives element `i`, on device and host */
template <typename Value, typename ValueOf>
__global__ void fillElements(Value* values, std::size_t size, ValueOf valueOf) {
  const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < size; i += threads) {
    values[i] = valueOf(i);
  }
}

/** @param isWrong says whether the value of element `i` is not what it must be */
template <typename Value, typename IsWrong>
__global__ void countWrongElements(const Value* values, std::size_t size, IsWrong isWrong, unsigned long long* count) {
  const std::size_t threads = static_cast<std::size_t>(gridDim.x) * blockDim.x;
  unsigned long long wrong = 0;
  for (std::size_t i = static_cast<std::size_t>(blockIdx.x) * blockDim.x + threadIdx.x; i < size; i += threads) {
    if (isWrong(values[i], i)) ++wrong;
  }
  if (wrong > 0) atomicAdd(count, wrong);
}

template <typename ValueOf>
struct DiffersFrom {
  ValueOf valueOf;
  template <typename Value>
  __host__ __device__ bool operator()(const Value& value, std::size_t i) const {
    return !isEqual(value, valueOf(i));
  }
};

constexpr unsigned elementThreads = 256;

inline unsigned elementBlocks(std::size_t size) {
  return static_cast<unsigned>(std::clamp<std::size_t>(size / (4 * elementThreads), 1, 1u << 16));
}

/** Waits for the device. */
template <typename Value, typename ValueOf>
void fill(const Buffer<Value>& values, ValueOf valueOf) {
  fillElements<<<elementBlocks(values.size()), elementThreads>>>(values.data(), values.size(), valueOf);
  CUDA_CALL(cudaGetLastError());
  CUDA_CALL(cudaDeviceSynchronize());
}

/** Fills with one byte that no right answer consists of. Waits for the device. */
template <typename Value>
void poison(const Buffer<Value>& values, int byte = 0xA5) {
  CUDA_CALL(cudaMemset(values.data(), byte, values.bytes()));
  CUDA_CALL(cudaDeviceSynchronize());
}

/** How many elements are wrong, counted on the device. */
template <typename Value, typename IsWrong>
double wrongOnDevice(const Buffer<Value>& values, IsWrong isWrong, const Stream& stream) {
  const Buffer<unsigned long long> count(1);
  CUDA_CALL(cudaMemsetAsync(count.data(), 0, count.bytes(), stream.get()));
  countWrongElements<<<elementBlocks(values.size()), elementThreads, 0, stream.get()>>>(values.data(), values.size(),
                                                                                        isWrong, count.data());
  CUDA_CALL(cudaGetLastError());
  return static_cast<double>(count.read(stream)[0]);
}

/** Elements [start, start + count), on the host. Waits for the stream. */
template <typename Value>
std::vector<Value> readRange(const Buffer<Value>& values, std::size_t start, std::size_t count, const Stream& stream) {
  std::vector<Value> range(count);
  CUDA_CALL(cudaMemcpyAsync(range.data(), values.data() + start, count * sizeof(Value), cudaMemcpyDeviceToHost,
                            stream.get()));
  stream.synchronize();
  return range;
}

/** How many elements of 64 ranges from the first to the last element are wrong, found by the host. */
template <typename Value, typename IsWrong>
double wrongOnHost(const Buffer<Value>& values, IsWrong isWrong, const Stream& stream) {
  constexpr std::size_t ranges = 64;
  const std::size_t length = std::min<std::size_t>(values.size(), 1024);
  double wrong = 0;
  for (std::size_t range = 0; range < ranges; ++range) {
    const std::size_t start = (values.size() - length) / (ranges - 1) * range;
    const std::size_t first = range == ranges - 1 ? values.size() - length : start;
    const std::vector<Value> words = readRange(values, first, length, stream);
    for (std::size_t i = 0; i < length; ++i) wrong += isWrong(words[i], first + i) ? 1 : 0;
  }
  return wrong;
}

/** How many elements differ from `valueOf(i)`: an error that must be 0. */
template <typename Value, typename ValueOf>
double differences(const Buffer<Value>& values, ValueOf valueOf, const Stream& stream) {
  const DiffersFrom<ValueOf> differs{valueOf};
  return wrongOnDevice(values, differs, stream) + wrongOnHost(values, differs, stream);
}

}  // namespace orion::gpu
