// Matrix product for every GPU with tensor cores: tiles of 128 x 128 by eight warps, operands copied to shared memory
// four steps ahead (cp.async; by ordinary loads on sm_75), taken up by ldmatrix and multiplied by mma.sync.
#pragma once

#include "gpu/kernels/gemm_problem.cuh"

namespace orion::gpu {

/** For fp16, bf16 and tf32; M and N multiples of 128, K of 32 (tf32: 16). */
class GemmMma : public Kernel {
 public:
  GemmMma(const GemmShape& shape, Precision precision);

  Work work() const override { return problem_.work(); }
  void launch(const Stream& stream) override;
  Answer check(const Stream& stream) override { return problem_.check(stream); }

 private:
  using Function = void (*)(const void* a, const void* b, void* c, int m, int n, int rowBytes);
  static Function kernelFor(Precision precision);

  GemmProblem problem_;
  Function kernel_;
};

}  // namespace orion::gpu
