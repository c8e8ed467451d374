#include "host/fma_kernels.h"

#include <cstring>

namespace orion::host {
namespace {

// GCC's and Clang's vector types: x * f + a becomes one instruction where the function's target has it. A macro,
// because a template cannot carry the target attribute of each instance.
#define DEFINE_FMA_KERNEL(name, Real, vectorBytes, attributes)                              \
  attributes void name(Real* x, Real factor, Real addend, std::uint64_t steps) {            \
    typedef Real Vector __attribute__((vector_size(vectorBytes)));                          \
    Vector sums[accumulators];                                                              \
    std::memcpy(sums, x, sizeof sums);                                                      \
    const Vector factors = Vector{} + factor;                                               \
    const Vector addends = Vector{} + addend;                                               \
    for (std::uint64_t step = 0; step < steps; ++step) {                                    \
      for (std::size_t i = 0; i < accumulators; ++i) sums[i] = sums[i] * factors + addends; \
    }                                                                                       \
    std::memcpy(x, sums, sizeof sums);                                                      \
  }

DEFINE_FMA_KERNEL(genericFloat, float, 16, )
DEFINE_FMA_KERNEL(genericDouble, double, 16, )

bool always() { return true; }

#if defined(__x86_64__)
DEFINE_FMA_KERNEL(avx2Float, float, 32, __attribute__((target("avx2,fma"))))
DEFINE_FMA_KERNEL(avx2Double, double, 32, __attribute__((target("avx2,fma"))))
DEFINE_FMA_KERNEL(avx512Float, float, 64, __attribute__((target("avx512f"))))
DEFINE_FMA_KERNEL(avx512Double, double, 64, __attribute__((target("avx512f"))))

bool hasAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }
bool hasAvx512() { return __builtin_cpu_supports("avx512f"); }
#endif

#undef DEFINE_FMA_KERNEL

}  // namespace

template <>
const std::vector<FmaKernel<float>>& fmaKernels<float>() {
  static const std::vector<FmaKernel<float>> all = {
#if defined(__x86_64__)
    {"avx512f", hasAvx512, 16, avx512Float},
    {"avx2+fma", hasAvx2, 8, avx2Float},
#endif
    {"generic", always, 4, genericFloat},
  };
  return all;
}

template <>
const std::vector<FmaKernel<double>>& fmaKernels<double>() {
  static const std::vector<FmaKernel<double>> all = {
#if defined(__x86_64__)
    {"avx512f", hasAvx512, 8, avx512Double},
    {"avx2+fma", hasAvx2, 4, avx2Double},
#endif
    {"generic", always, 2, genericDouble},
  };
  return all;
}

}  // namespace orion::host
