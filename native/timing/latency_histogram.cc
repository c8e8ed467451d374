#include "timing/latency_histogram.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace orion::timing {
namespace {

constexpr int subBits = 7;  // 128 buckets per power of two
constexpr std::uint64_t subBuckets = 1u << subBits;
constexpr int powers = 63 - subBits;  // a latency is a non-negative int64

/** Bucket of a value: the value itself below 128, then 128 equal steps for each power of two. */
std::size_t bucketOf(std::uint64_t value) {
  if (value < subBuckets) return value;
  const int power = 63 - __builtin_clzll(value);
  const int shift = power - subBits;
  return (static_cast<std::size_t>(shift) << subBits) + (value >> shift);
}

double middleOf(std::size_t bucket) {
  if (bucket < subBuckets) return static_cast<double>(bucket);
  const std::size_t shift = (bucket >> subBits) - 1;
  const std::uint64_t lowest = (bucket - (shift << subBits)) << shift;
  const std::uint64_t width = std::uint64_t{1} << shift;
  return static_cast<double>(lowest) + static_cast<double>(width - 1) / 2;
}

}  // namespace

LatencyHistogram::LatencyHistogram() : buckets_(subBuckets * (powers + 1)) {}

void LatencyHistogram::add(std::int64_t latencyNs) {
  const std::int64_t value = std::max<std::int64_t>(latencyNs, 0);
  ++buckets_[bucketOf(static_cast<std::uint64_t>(value))];
  ++count_;
  sumNs_ += static_cast<double>(value);
  maximumNs_ = std::max(maximumNs_, value);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  sumNs_ += other.sumNs_;
  maximumNs_ = std::max(maximumNs_, other.maximumNs_);
}

double LatencyHistogram::meanNs() const { return count_ == 0 ? 0.0 : sumNs_ / static_cast<double>(count_); }

double LatencyHistogram::quantileNs(double probability) const {
  if (count_ == 0) return 0.0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(probability * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return std::min(middleOf(i), static_cast<double>(maximumNs_));
  }
  return static_cast<double>(maximumNs_);
}

}  // namespace orion::timing
