#pragma once

#include <cstddef>
#include <vector>

#include "gpu/stream.h"

namespace orion::gpu {

/** Owns an array in device memory, uninitialised. */
template <typename Value>
class Buffer {
 public:
  explicit Buffer(std::size_t size) : size_(size) { CUDA_CALL(cudaMalloc(&data_, bytes())); }
  ~Buffer() { cudaFree(data_); }
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;

  Value* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::size_t bytes() const { return size_ * sizeof(Value); }

  /** Copies to the host; waits for the stream. */
  std::vector<Value> read(const Stream& stream) const {
    std::vector<Value> values(size_);
    CUDA_CALL(cudaMemcpyAsync(values.data(), data_, bytes(), cudaMemcpyDeviceToHost, stream.get()));
    stream.synchronize();
    return values;
  }

 private:
  Value* data_ = nullptr;
  std::size_t size_;
};

}  // namespace orion::gpu
