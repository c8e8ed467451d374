#include <memory>
#include <string>
#include <vector>

#include "gpu/kernels/gemm.cuh"
#include "gpu/kernels/gemm_mma.cuh"
#include "gpu/kernels/gemm_problem.cuh"
#include "gpu/kernels/gemm_wgmma.cuh"
#include "gpu/kernels/precision.h"

namespace orion::gpu {
namespace {

std::unique_ptr<Kernel> prepareGemm(const GemmShape& shape, Precision precision, bool mayUseWgmma) {
  if (mayUseWgmma && GemmWgmma::suits(shape, precision)) return std::make_unique<GemmWgmma>(shape, precision);
  return std::make_unique<GemmMma>(shape, precision);
}

CaseInfo gemmInfo(const GemmShape& shape, Precision precision) {
  CaseInfo info;
  info.name = "gemm-" + gemmName(shape, precision);
  info.group = "training";
  info.description = "matrix product C[M, N] = A[M, K] x B[K, N], named MxNxK, accumulated in fp32";
  info.mode = Mode::Cold;
  info.precision = precisionName(precision);
  return info;
}

}  // namespace

std::vector<Case> gemmCases(const Device& device) {
  std::vector<Case> cases;
  for (const Precision precision : {Precision::Fp16, Precision::Bf16, Precision::Tf32}) {
    if (!hasMma(precision, device.capability)) continue;
    for (const GemmShape& shape : gemmShapes()) {
      CaseInfo info = gemmInfo(shape, precision);
      info.quick = cases.empty() || cases.back().info.precision != info.precision;  // the first shape of each precision
      cases.push_back({info, [=] { return prepareGemm(shape, precision, true); }});
    }
    if (device.capability == 90) {
      CaseInfo info = gemmInfo(gemmShapes().front(), precision);
      info.name += "-mma";
      info.description += ", by mma.sync instead of wgmma";
      cases.push_back({info, [=] { return prepareGemm(gemmShapes().front(), precision, false); }});
    }
  }
  return cases;
}

}  // namespace orion::gpu
