#pragma once

#include <cstddef>
#include <vector>

#include "gpu/allocation.h"
#include "gpu/stream.h"

namespace orion::gpu {

/** Owns an array in device memory, uninitialised. */
template <typename Value>
class Buffer {
 public:
  /** Throws Io, with what was asked for and what is free, where the device's memory does not suffice. */
  explicit Buffer(std::size_t size) : size_(size) { data_ = static_cast<Value*>(allocate(bytes())); }
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
