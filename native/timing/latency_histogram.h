#pragma once

#include <cstdint>
#include <vector>

namespace orion::timing {

/**
 * Counts of latencies in buckets of 1/128 of a power of two (as HdrHistogram: log-linear), so that a quantile read from
 * it is within 0.4 % of the value. Values below 128 ns are exact, as are mean and maximum.
 */
class LatencyHistogram {
 public:
  LatencyHistogram();

  void add(std::int64_t latencyNs);
  void merge(const LatencyHistogram& other);

  std::uint64_t count() const { return count_; }
  /** 0 where nothing was counted, as the two below. */
  double meanNs() const;
  std::int64_t maximumNs() const { return maximumNs_; }
  /** Smallest bucket (its middle) at or below which a share `probability` of the values lies. */
  double quantileNs(double probability) const;

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  double sumNs_ = 0;
  std::int64_t maximumNs_ = 0;
};

}  // namespace orion::timing
