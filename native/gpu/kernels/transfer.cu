#include <unistd.h>

#include <cstdint>

#include "gpu/buffer.h"
#include "gpu/kernels/comparison.cuh"
#include "gpu/kernels/streaming.cuh"
#include "gpu/kernels/transfer.cuh"

namespace orion::gpu {
namespace {

/** The value of 32-bit word `i`: no byte is zero. */
struct Bytes {
  __host__ __device__ unsigned operator()(std::size_t i) const {
    return (static_cast<unsigned>(i) * 2654435761u) | 0x01010101u;
  }
};

/** Host memory that the device reaches by itself. */
class PinnedMemory {
 public:
  explicit PinnedMemory(std::size_t words) : size_(words) { CUDA_CALL(cudaMallocHost(&words_, words * 4)); }
  ~PinnedMemory() { cudaFreeHost(words_); }
  PinnedMemory(const PinnedMemory&) = delete;
  PinnedMemory& operator=(const PinnedMemory&) = delete;

  unsigned* data() { return words_; }
  std::size_t size() const { return size_; }

 private:
  unsigned* words_ = nullptr;
  std::size_t size_;
};

using PageableMemory = std::vector<unsigned>;

/** A host array and one of the device; zeros where the copy has not been. */
template <typename HostMemory>
class ToDevice : public Kernel {
 public:
  explicit ToDevice(std::size_t bytes) : source_(bytes / 4), target_(bytes / 4) {
    for (std::size_t i = 0; i < source_.size(); ++i) source_.data()[i] = Bytes{}(i);
    poison(target_, 0);
  }

  Work work() const override { return {static_cast<double>(target_.bytes()), 0, 0}; }

  void launch(const Stream& stream) override {
    CUDA_CALL(cudaMemcpyAsync(target_.data(), source_.data(), target_.bytes(), cudaMemcpyHostToDevice, stream.get()));
  }

  Answer check(const Stream& stream) override { return {differences(target_, Bytes{}, stream), 0}; }

 private:
  HostMemory source_;
  Buffer<unsigned> target_;
};

template <typename HostMemory>
class ToHost : public Kernel {
 public:
  explicit ToHost(std::size_t bytes) : source_(bytes / 4), target_(bytes / 4) {
    fill(source_, Bytes{});
    std::fill(target_.data(), target_.data() + target_.size(), 0u);
  }

  Work work() const override { return {static_cast<double>(source_.bytes()), 0, 0}; }

  void launch(const Stream& stream) override {
    CUDA_CALL(cudaMemcpyAsync(target_.data(), source_.data(), source_.bytes(), cudaMemcpyDeviceToHost, stream.get()));
  }

  Answer check(const Stream& stream) override {
    stream.synchronize();
    double wrong = 0;
    for (std::size_t i = 0; i < target_.size(); ++i) wrong += target_.data()[i] == Bytes{}(i) ? 0 : 1;
    return {wrong, 0};
  }

 private:
  Buffer<unsigned> source_;
  HostMemory target_;
};

/** Owns an event that orders streams and takes no time. */
class OrderEvent {
 public:
  OrderEvent() { CUDA_CALL(cudaEventCreateWithFlags(&handle_, cudaEventDisableTiming)); }
  ~OrderEvent() { cudaEventDestroy(handle_); }
  OrderEvent(const OrderEvent&) = delete;
  OrderEvent& operator=(const OrderEvent&) = delete;

  /** What `later` is given from now on waits for what `earlier` has been given so far. */
  void order(const Stream& earlier, const Stream& later) {
    CUDA_CALL(cudaEventRecord(handle_, earlier.get()));
    CUDA_CALL(cudaStreamWaitEvent(later.get(), handle_, 0));
  }

 private:
  cudaEvent_t handle_ = nullptr;
};

/** The way to the host takes a stream of its own. */
class BothWays : public Kernel {
 public:
  explicit BothWays(std::size_t bytes) : toDevice_(bytes), toHost_(bytes) {}

  Work work() const override { return {toDevice_.work().bytes + toHost_.work().bytes, 0, 0}; }

  void launch(const Stream& stream) override {
    fork_.order(stream, back_);
    toDevice_.launch(stream);
    toHost_.launch(back_);
    join_.order(back_, stream);
  }

  Answer check(const Stream& stream) override {
    stream.synchronize();
    return {toDevice_.check(stream).error + toHost_.check(stream).error, 0};
  }

 private:
  ToDevice<PinnedMemory> toDevice_;
  ToHost<PinnedMemory> toHost_;
  Stream back_;
  OrderEvent fork_;
  OrderEvent join_;
};

std::size_t availableHostBytes() {
  const long pages = sysconf(_SC_AVPHYS_PAGES);
  const long pageBytes = sysconf(_SC_PAGESIZE);
  return pages > 0 && pageBytes > 0 ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(pageBytes) : 0;
}

template <typename Transfer>
Case transferCase(const std::string& name, const std::string& way, Mode mode, std::size_t bytes) {
  return {{name, "transfer", way + ", " + std::to_string(bytes / MiB) + " MiB", mode, "", "", true},
          [bytes] { return std::make_unique<Transfer>(bytes); }};
}

}  // namespace

std::vector<Case> transferCases(const Device& device) {
  const std::size_t room = std::max(std::min(device.freeBytes, availableHostBytes()) / 8 / MiB * MiB, MiB);
  const std::size_t pinned = std::min(256 * MiB, room);
  const std::size_t pageable = std::min(64 * MiB, room);
  return {
      transferCase<ToDevice<PinnedMemory>>("h2d-pinned", "pinned host memory to the device", Mode::Hot, pinned),
      transferCase<ToHost<PinnedMemory>>("d2h-pinned", "device to pinned host memory", Mode::Hot, pinned),
      transferCase<ToDevice<PageableMemory>>("h2d-pageable", "pageable host memory to the device", Mode::Host,
                                             pageable),
      transferCase<ToHost<PageableMemory>>("d2h-pageable", "device to pageable host memory", Mode::Host, pageable),
      transferCase<BothWays>("both-pinned", "to the device and to pinned host memory at once, each way", Mode::Hot,
                             pinned),
  };
}

}  // namespace orion::gpu
