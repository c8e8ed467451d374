// A user's own kernel from a file of PTX, cubin or fatbin, with its arguments, ready to be timed like those of the
// suite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gpu/kernels/kernel.h"
#include "gpu/user_kernel/kernel_argument.h"
#include "gpu/user_kernel/launch_geometry.h"
#include "gpu/user_kernel/user_kernel_request.h"

namespace orion::gpu {

class LoadedFunction;
class DeviceMemory;

/**
 * On the current device. All waiting for the kernel is without limit but in runOnceWithin, which therefore comes first.
 * After a fault of the kernel (an illegal address) CUDA refuses every further call of this process on this device.
 */
class UserKernel : public Kernel {
 public:
  /**
   * Loads the code, allocates the buffers and fills them. Throws BadInput for what is wrong with the request, Io where
   * the device has not enough memory.
   */
  explicit UserKernel(const UserKernelRequest& request);
  ~UserKernel() override;
  UserKernel(const UserKernel&) = delete;
  UserKernel& operator=(const UserKernel&) = delete;

  /**
   * One launch on a stream of its own. Throws Io where it has not ended after the time: the kernel then runs on, the
   * buffers, the stream and the module stay behind for good (to free them would wait for it), and every later
   * UserKernel of this process is refused.
   */
  void runOnceWithin(std::int64_t timeoutMs);

  /** Fills the buffers anew; waits for the stream. */
  void reset(const Stream& stream);

  /** Reads the buffers back; waits for the stream. */
  std::vector<UserKernelOutput> outputs(const Stream& stream) const;

  /** The stream of runOnceWithin; none once that has thrown for the time. */
  const Stream& stream() const { return *stream_; }

  /** Nobody knows what it does. */
  Work work() const override { return {}; }
  void launch(const Stream& stream) override;
  /** There is nothing to compare with: only waits. */
  Answer check(const Stream& stream) override;

 private:
  void setSharedBytes();
  void requireThreads() const;
  void allocate();
  void wait(const Stream& stream) const;
  void abandon();

  std::string entry_;
  Dimensions grid_;
  Dimensions block_;
  std::size_t sharedBytes_;
  std::vector<KernelArgument> arguments_;
  std::unique_ptr<LoadedFunction> function_;
  std::unique_ptr<Stream> stream_;
  std::vector<std::unique_ptr<DeviceMemory>> buffers_;  // one per argument, null for a scalar
  std::vector<std::uint64_t> values_;                   // one per argument: the scalar or the buffer's address
  std::vector<void*> parameters_;                       // into values_, as a launch wants them
};

/** Throws Io where a kernel of this process never ended: what waits for the device (freeing memory) would never return.
 */
void requireNoEndlessKernel();

}  // namespace orion::gpu
