// When a kernel is warm. Fed with numbers, as the stopping rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace orion::timing {

struct WarmUpOptions {
  /** Warm once the mean of the last `window` times is no more than this share below that of the `window` before. */
  double flatTolerance = 0.01;
  std::size_t window = 5;
  /** Launches and wall clock after which it counts as warm whatever the times do. */
  std::size_t maximumCount = 1000;
  std::int64_t maximumWallNs = 1'000'000'000;
};

class WarmUpRule {
 public:
  explicit WarmUpRule(const WarmUpOptions& options) : options_(options) {}

  /** @param timeNs of one more launch; @param wallNs since the first began. Returns whether it is warm. */
  bool add(double timeNs, std::int64_t wallNs);

  std::size_t count() const { return count_; }

 private:
  bool isFlat() const;

  WarmUpOptions options_;
  std::deque<double> recent_;
  std::size_t count_ = 0;
};

}  // namespace orion::timing
