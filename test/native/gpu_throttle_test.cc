#include <limits>
#include <string>
#include <vector>

#include "check.h"
#include "gpu/sensors/nvml.h"
#include "gpu/throttle.h"

using namespace orion::gpu;

namespace {

using Indices = std::vector<std::size_t>;
using Samples = std::vector<double>;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double highestHz = 1980e6;  // of an H100 SXM

}  // namespace

// 0.75 x 1980 MHz = 1485 MHz.
CASE(throttled_samples_are_left_out) {
  const ThrottleVerdict verdict = judgeThrottling({100, 110, 150, 101}, {1980e6, 1485e6, 1484e6, 1755e6}, highestHz);
  CHECK(verdict.throttled == Indices{2});
  CHECK(!verdict.all);
  CHECK(verdict.kept == (Samples{100, 110, 101}));
}

CASE(all_throttled_samples_are_kept) {
  const ThrottleVerdict verdict = judgeThrottling({150, 160}, {1000e6, 900e6}, highestHz);
  CHECK(verdict.throttled == (Indices{0, 1}));
  CHECK(verdict.all);
  CHECK(verdict.kept == (Samples{150, 160}));
}

CASE(unknown_clocks_are_never_flagged) {
  const ThrottleVerdict none = judgeThrottling({1, 2}, {unknown, unknown}, highestHz);
  CHECK(none.throttled.empty());
  CHECK(!none.all);
  CHECK(none.kept == (Samples{1, 2}));

  const ThrottleVerdict some = judgeThrottling({1, 2, 3}, {1980e6, unknown, 100e6}, highestHz);
  CHECK(some.throttled == Indices{2});
  CHECK(!some.all);
  CHECK(some.kept == (Samples{1, 2}));
}

// One sample of unknown clock is no reason to trust it alone.
CASE(all_known_clocks_throttled_keeps_all) {
  const ThrottleVerdict verdict = judgeThrottling({1, 2, 3}, {unknown, 100e6, 200e6}, highestHz);
  CHECK(verdict.throttled == (Indices{1, 2}));
  CHECK(verdict.all);
  CHECK(verdict.kept == (Samples{1, 2, 3}));
}

CASE(an_unknown_highest_clock_flags_nothing) {
  const ThrottleVerdict verdict = judgeThrottling({1, 2}, {1, 1}, 0);
  CHECK(verdict.throttled.empty());
  CHECK(!verdict.all);
  CHECK_EQUAL(verdict.kept.size(), 2u);
}

CASE(the_share_of_the_highest_clock_can_be_chosen) {
  CHECK(judgeThrottling({1, 2}, {900, 899}, 1000, 0.9).throttled == Indices{1});
  CHECK(judgeThrottling({1, 2}, {900, 899}, 1000, 0.5).throttled.empty());
}

CASE(samples_without_clocks_and_no_samples) {
  CHECK(judgeThrottling({1, 2}, {}, highestHz).kept == (Samples{1, 2}));
  const ThrottleVerdict verdict = judgeThrottling({}, {}, highestHz);
  CHECK(verdict.kept.empty());
  CHECK(!verdict.all);
}

CASE(throttle_reasons_have_names) {
  CHECK(throttleReasonsIn(0).empty());
  CHECK(throttleReasonsIn(0x103).empty());  // idle, application clocks, display clocks
  CHECK(throttleReasonsIn(0x4 | 0x20) == (std::vector<std::string>{"power cap", "software thermal"}));
  CHECK_EQUAL(throttleReasonsIn(~0ull).size(), 6u);
}

CASE(no_card_has_no_sensors) {
  CHECK(!sensorsOf("", "").has_value());
  CHECK(!linkOf("GPU-00000000-0000-0000-0000-000000000000", "").has_value());
  CHECK(!migModeOf("", "ffff:ff:1f.7").has_value());
}
