#include <string>
#include <vector>

#include "check.h"
#include "host/copy_bandwidth.h"
#include "host/fma_kernels.h"
#include "host/fma_rate.h"

using namespace orion::host;

namespace {

/** Small integers: every step is exact, fused or not. */
template <typename Real>
void compareWithPlainLoop(const FmaKernel<Real>& kernel) {
  constexpr std::uint64_t steps = 5;
  std::vector<Real> x(accumulators * kernel.vectorLanes);
  std::vector<Real> expected(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    x[i] = static_cast<Real>(i);
    expected[i] = x[i];
    for (std::uint64_t step = 0; step < steps; ++step) expected[i] = expected[i] * 3 + 7;
  }
  kernel.run(x.data(), Real{3}, Real{7}, steps);
  for (std::size_t i = 0; i < x.size(); ++i) CHECK_EQUAL(x[i], expected[i]);
}

template <typename Real>
void compareAll(const char* instructionSet) {
  for (const FmaKernel<Real>& kernel : fmaKernels<Real>()) {
    if (std::string(kernel.instructionSet) != instructionSet) continue;
    if (!kernel.isSupported()) check::skip(std::string("this processor has no ") + instructionSet);
    compareWithPlainLoop(kernel);
    return;
  }
  check::skip(std::string("no kernel for ") + instructionSet + " on this architecture");
}

}  // namespace

CASE(avx512f_multiply_adds_equal_a_plain_loop) {
  compareAll<float>("avx512f");
  compareAll<double>("avx512f");
}

CASE(avx2_multiply_adds_equal_a_plain_loop) {
  compareAll<float>("avx2+fma");
  compareAll<double>("avx2+fma");
}

CASE(generic_multiply_adds_equal_a_plain_loop) {
  compareAll<float>("generic");
  compareAll<double>("generic");
}

CASE(fma_rate_names_its_instruction_set) {
  for (int precisionBits : {32, 64}) {
    const Rate rate = fmaRate(2, precisionBits, 1);
    CHECK(rate.perSecond > 0);
    CHECK(rate.repeats >= 3);
    CHECK(!rate.instructionSet.empty());
  }
}

CASE(rate_counts_all_threads_and_repeats) {
  std::vector<int> calls(3);
  const Rate rate = measureRate(3, 0, 1.0, [&calls](unsigned thread) { ++calls[thread]; });
  CHECK_EQUAL(rate.repeats, 3u);
  for (int count : calls) CHECK_EQUAL(count, 4);  // one more to warm up
}

CASE(rate_passes_on_a_threads_failure) {
  const auto failing = [](unsigned thread) {
    if (thread == 1) throw orion::Error(orion::ErrorCode::Io, "thread 1");
  };
  CHECK_EQUAL(SENTENCE_OF(Io, measureRate(2, 0, 1.0, failing)), "thread 1");
}

CASE(copy_of_odd_sizes_is_correct) {
  for (std::size_t bytes : {std::size_t{24}, std::size_t{1'000'003}}) {
    const Rate rate = copyBandwidth(3, bytes, 1);
    CHECK(rate.perSecond > 0);
    CHECK(rate.repeats >= 3);
  }
  SENTENCE_OF(BadInput, copyBandwidth(3, 23, 1));
}
