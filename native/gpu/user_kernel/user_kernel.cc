#include "gpu/user_kernel/user_kernel.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <optional>
#include <thread>

#include "base/error.h"
#include "gpu/user_kernel/buffer_contents.h"
#include "gpu/user_kernel/code_image.h"
#include "gpu/user_kernel/device_memory.h"
#include "gpu/user_kernel/driver_api.h"
#include "gpu/user_kernel/kernel_failure.h"
#include "gpu/user_kernel/loaded_function.h"
#include "timing/clock.h"

namespace orion::gpu {
namespace {

/** Buffers go to the device and back in pieces of this size. */
constexpr std::size_t pieceBytes = std::size_t{16} << 20;

/** The first kernel of this process that never ended. */
class EndlessKernel {
 public:
  void set(const std::string& entry) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (entry_.empty()) entry_ = entry;
  }
  std::string entry() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return entry_;
  }

 private:
  mutable std::mutex mutex_;
  std::string entry_;
};

EndlessKernel& endlessKernel() {
  static EndlessKernel kernel;
  return kernel;
}

/** Creates the context of the current device, which driver calls need. */
void requireContext() { CUDA_CALL(cudaFree(nullptr)); }

int currentDeviceAttribute(cudaDeviceAttr attribute) {
  int device = 0;
  int value = 0;
  CUDA_CALL(cudaGetDevice(&device));
  CUDA_CALL(cudaDeviceGetAttribute(&value, attribute, device));
  return value;
}

[[noreturn]] void refuse(const std::string& entry, const std::string& what) {
  throw Error(ErrorCode::BadInput, "gpu: kernel '" + entry + "' " + what + ".");
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string placeOf(const std::vector<KernelArgument>& arguments, std::size_t index) {
  return "argument " + std::to_string(index + 1) + " of the kernel, '" + arguments[index].text + "',";
}

/**
 * A large buffer is handled piece by piece.
 * @param piece made as large as the largest; @param work callable: (first element, elements, their bytes)
 */
template <typename Work>
void forEachPiece(const KernelArgument& argument, std::vector<unsigned char>& piece, Work&& work) {
  const std::size_t elementBytes = bytesOf(argument.type);
  const std::size_t pieceCount = pieceBytes / elementBytes;
  piece.resize(std::min(pieceBytes, argument.bytes()));
  for (std::size_t first = 0; first < argument.count; first += pieceCount) {
    const std::size_t count = std::min(pieceCount, argument.count - first);
    work(first, count, count * elementBytes);
  }
}

/** Compares with what the kernel takes, where the driver tells. */
void requireArguments(const std::string& entry, const LoadedFunction& function,
                      const std::vector<KernelArgument>& arguments) {
  const std::optional<std::vector<std::size_t>> wanted = function.parameterBytes();
  if (!wanted) return;
  if (wanted->size() != arguments.size()) {
    refuse(entry, "takes " + counted(wanted->size(), "argument") + " and " + std::to_string(arguments.size()) +
                      (arguments.size() == 1 ? " was given" : " were given"));
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::size_t bytes = arguments[i].isBuffer ? sizeof(void*) : bytesOf(arguments[i].type);
    if (bytes == (*wanted)[i]) continue;
    throw Error(ErrorCode::BadInput, "gpu: " + placeOf(arguments, i) + " has " + counted(bytes, "byte") + " and '" +
                                         entry + "' takes " + std::to_string((*wanted)[i]) +
                                         " there; expected e.g. f32:1.5 for 4, u64:1 or a buffer for 8.");
  }
}

}  // namespace

void requireNoEndlessKernel() {
  const std::string entry = endlessKernel().entry();
  if (entry.empty()) return;
  throw Error(ErrorCode::Io,
              "gpu: kernel '" + entry + "' still runs and blocks the device; measure again in a new process.");
}

UserKernel::UserKernel(const UserKernelRequest& request)
    : entry_(request.entry),
      grid_(request.grid),
      block_(request.block),
      sharedBytes_(request.sharedBytes),
      arguments_(parseKernelArguments(request.arguments)) {
  requireWithinLimits(grid_, Extent::Grid);
  requireWithinLimits(block_, Extent::Block);
  const CodeImage image = readCodeImage(request.file);
  requireNoEndlessKernel();
  requireContext();
  function_ = std::make_unique<LoadedFunction>(image, entry_);
  requireArguments(entry_, *function_, arguments_);
  requireThreads();
  setSharedBytes();
  stream_ = std::make_unique<Stream>();
  allocate();
  reset(*stream_);
}

UserKernel::~UserKernel() = default;

void UserKernel::requireThreads() const {
  const int most = function_->attribute(CU_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK);
  if (block_[0] * block_[1] * block_[2] <= most) return;
  refuse(entry_, "takes at most " + std::to_string(most) + " threads per block with its " +
                     std::to_string(function_->attribute(CU_FUNC_ATTRIBUTE_NUM_REGS)) + " registers; block is " +
                     textOf(block_));
}

void UserKernel::setSharedBytes() {
  const auto fixed = static_cast<std::size_t>(function_->attribute(CU_FUNC_ATTRIBUTE_SHARED_SIZE_BYTES));
  const auto most = static_cast<std::size_t>(currentDeviceAttribute(cudaDevAttrMaxSharedMemoryPerBlockOptin));
  const auto unasked = static_cast<std::size_t>(currentDeviceAttribute(cudaDevAttrMaxSharedMemoryPerBlock));
  if (sharedBytes_ > most || fixed > most - sharedBytes_) {
    refuse(entry_, "would have " + std::to_string(sharedBytes_) + " bytes of shared memory per block besides its own " +
                       std::to_string(fixed) + "; this device allows " + std::to_string(most) + " in all");
  }
  if (fixed + sharedBytes_ <= unasked) return;
  DRIVER_CALL(driver().funcSetAttribute(function_->get(), CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
                                        static_cast<int>(sharedBytes_)));
}

void UserKernel::allocate() {
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    const KernelArgument& argument = arguments_[i];
    std::uint64_t value = 0;
    std::memcpy(&value, argument.value.data(), sizeof value);
    buffers_.push_back(argument.isBuffer ? std::make_unique<DeviceMemory>(argument.bytes(), placeOf(arguments_, i))
                                         : nullptr);
    values_.push_back(argument.isBuffer ? reinterpret_cast<std::uintptr_t>(buffers_.back()->data()) : value);
  }
  for (std::uint64_t& value : values_) parameters_.push_back(&value);
}

void UserKernel::reset(const Stream& stream) {
  wait(stream);
  std::vector<unsigned char> piece;
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    if (!buffers_[i]) continue;
    forEachPiece(arguments_[i], piece, [&](std::size_t first, std::size_t count, std::size_t bytes) {
      fillElements(arguments_[i], first, count, piece.data());
      unsigned char* target = buffers_[i]->data() + first * bytesOf(arguments_[i].type);
      CUDA_CALL(cudaMemcpyAsync(target, piece.data(), bytes, cudaMemcpyHostToDevice, stream.get()));
      stream.synchronize();
    });
  }
}

std::vector<UserKernelOutput> UserKernel::outputs(const Stream& stream) const {
  wait(stream);
  std::vector<UserKernelOutput> outputs;
  std::vector<unsigned char> piece;
  for (std::size_t i = 0; i < arguments_.size(); ++i) {
    if (!buffers_[i]) continue;
    const KernelArgument& argument = arguments_[i];
    BufferSummary summary(argument.type);
    forEachPiece(argument, piece, [&](std::size_t first, std::size_t count, std::size_t bytes) {
      const unsigned char* source = buffers_[i]->data() + first * bytesOf(argument.type);
      CUDA_CALL(cudaMemcpyAsync(piece.data(), source, bytes, cudaMemcpyDeviceToHost, stream.get()));
      stream.synchronize();
      summary.add(piece.data(), count);
    });
    outputs.push_back({i, argument.type, argument.count, summary.sum(), summary.nanCount(), summary.hash()});
  }
  return outputs;
}

void UserKernel::launch(const Stream& stream) {
  const auto size = [](std::int64_t value) { return static_cast<unsigned>(value); };
  const CUresult status = driver().launchKernel(
      function_->get(), size(grid_[0]), size(grid_[1]), size(grid_[2]), size(block_[0]), size(block_[1]),
      size(block_[2]), static_cast<unsigned>(sharedBytes_), stream.get(), parameters_.data(), nullptr);
  // The runtime's errors have the numbers of the driver's (driver_types.h), and names that users know.
  if (status != CUDA_SUCCESS) throwKernelFailure(entry_, static_cast<cudaError_t>(status));
}

Answer UserKernel::check(const Stream& stream) {
  wait(stream);
  return {};
}

void UserKernel::wait(const Stream& stream) const {
  const cudaError_t status = cudaStreamSynchronize(stream.get());
  if (status != cudaSuccess) throwKernelFailure(entry_, status);
}

void UserKernel::runOnceWithin(std::int64_t timeoutMs) {
  constexpr std::chrono::microseconds longestPause{5000};
  std::chrono::microseconds pause{50};
  const std::int64_t start = timing::monotonicNs();
  launch(*stream_);
  for (;;) {
    const cudaError_t status = cudaStreamQuery(stream_->get());
    if (status == cudaSuccess) return;
    if (status != cudaErrorNotReady) throwKernelFailure(entry_, status);
    if ((timing::monotonicNs() - start) / 1'000'000 >= timeoutMs) break;
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, longestPause);
  }
  cudaGetLastError();  // some versions keep "not ready" as the last error
  abandon();
  throw Error(ErrorCode::Io, "gpu: kernel '" + entry_ + "' did not end within " + std::to_string(timeoutMs) +
                                 " ms and still runs; allow it more time, or look for a loop that never ends.");
}

void UserKernel::abandon() {
  endlessKernel().set(entry_);
  function_->abandon();
  for (const std::unique_ptr<DeviceMemory>& buffer : buffers_) {
    if (buffer) buffer->abandon();
  }
  static_cast<void>(stream_.release());  // the kernel still runs on it
}

}  // namespace orion::gpu
