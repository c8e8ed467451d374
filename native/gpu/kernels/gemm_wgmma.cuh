// Matrix product for sm_90: tiles of 128 x 256 by two warpgroups with wgmma, fed by one warp that has the copy engine
// fill four stages of shared memory ahead of them. One block per multiprocessor works through its tiles; while the
// output of one is written, the operands of the next arrive.
#pragma once

#include <cuda.h>

#include "gpu/kernels/gemm_problem.cuh"

namespace orion::gpu {

class GemmWgmma : public Kernel {
 public:
  /** fp16, bf16 and tf32 where the current device runs this kernel; M a multiple of 128, N of 256, K of 128 bytes. */
  static bool suits(const GemmShape& shape, Precision precision);

  GemmWgmma(const GemmShape& shape, Precision precision);

  Work work() const override { return problem_.work(); }
  void launch(const Stream& stream) override;
  Answer check(const Stream& stream) override { return problem_.check(stream); }

 private:
  GemmProblem problem_;
  CUtensorMap a_;
  CUtensorMap b_;
  unsigned blocks_;
};

}  // namespace orion::gpu
