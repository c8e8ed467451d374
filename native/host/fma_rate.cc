#include "host/fma_rate.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "host/fma_kernels.h"

namespace orion::host {
namespace {

// x = x * 1 + 1 counts the steps: from a start below 2^12, 2^20 steps stay exact in the 24 bits of a float.
constexpr std::uint64_t stepsPerCheck = std::uint64_t{1} << 20;
// About 15 ms, against which the threads' meeting at both ends is nothing.
constexpr int checksPerRepeat = 8;

template <typename Real>
void runAndCheck(const FmaKernel<Real>& kernel, unsigned thread) {
  std::vector<Real> x(accumulators * kernel.vectorLanes);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<Real>(i + thread % 1024);
  kernel.run(x.data(), Real{1}, Real{1}, stepsPerCheck);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != static_cast<Real>(i + thread % 1024 + stepsPerCheck)) {
      throw Error(ErrorCode::Io, std::string("The ") + kernel.instructionSet +
                                     " multiply-adds came out wrong: suspect a faulty processor.");
    }
  }
}

template <typename Real>
Rate rateOf(unsigned threads, double durationMs) {
  const auto& kernels = fmaKernels<Real>();
  const auto kernel = std::find_if(kernels.begin(), kernels.end(), [](const auto& each) { return each.isSupported(); });
  const std::uint64_t operations = accumulators * kernel->vectorLanes * stepsPerCheck * checksPerRepeat * threads;
  const double flops = 2.0 * static_cast<double>(operations);
  Rate rate = measureRate(threads, durationMs, flops, [&](unsigned thread) {
    for (int i = 0; i < checksPerRepeat; ++i) runAndCheck(*kernel, thread);
  });
  rate.instructionSet = kernel->instructionSet;
  return rate;
}

}  // namespace

Rate fmaRate(unsigned threads, int precisionBits, double durationMs) {
  return precisionBits == 64 ? rateOf<double>(threads, durationMs) : rateOf<float>(threads, durationMs);
}

}  // namespace orion::host
