// Chains of single-precision fused multiply-adds in registers: the arithmetic peak, with next to no memory traffic.
#pragma once

#include "gpu/buffer.h"
#include "gpu/kernels/kernel.h"

namespace orion::gpu {

class Fma : public Kernel {
 public:
  explicit Fma(int multiprocessors);

  /** One result per thread. */
  double bytesPerLaunch() const override { return static_cast<double>(results_.bytes()); }
  /** Two per fused multiply-add. */
  double flopsPerLaunch() const override;
  void launch(const Stream& stream) override;
  bool answerIsCorrect(const Stream& stream) const override;

 private:
  Buffer<float> results_;
};

}  // namespace orion::gpu
