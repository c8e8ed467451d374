// Streaming copy: one read and one write of every byte, no arithmetic.
#pragma once

#include <cstddef>

#include "gpu/buffer.h"
#include "gpu/kernels/kernel.h"

namespace orion::gpu {

class Copy : public Kernel {
 public:
  /** @param bytes to copy, rounded down to whole 16-byte words */
  explicit Copy(std::size_t bytes);

  double bytesPerLaunch() const override { return 2.0 * static_cast<double>(source_.bytes()); }
  double flopsPerLaunch() const override { return 0; }
  void launch(const Stream& stream) override;
  bool answerIsCorrect(const Stream& stream) const override;

 private:
  Buffer<uint4> source_;
  Buffer<uint4> target_;
};

}  // namespace orion::gpu
