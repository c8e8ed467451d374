#pragma once

#include <cstddef>
#include <deque>

namespace orion::storage {

/**
 * Tells when throughput has become flat: over the last `intervals` the least-squares line rises or falls by at most
 * `percent` of their mean, from end to end (fio's `steadystate=bw_slope` has the same line, in percent per second).
 */
class SteadyState {
 public:
  SteadyState(double percent, std::size_t intervals) : percent_(percent), intervals_(intervals) {}

  /** @param bytes read in the next interval */
  void add(double bytes);
  /** False until all intervals are there, and where nothing at all was read in them. */
  bool isReached() const;

 private:
  double percent_;
  std::size_t intervals_;  // at least 2
  std::deque<double> last_;
};

}  // namespace orion::storage
