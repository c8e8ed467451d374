#include "boosting/histogram.h"

#include <algorithm>

namespace orion::boosting {
namespace {

template <typename Bin>
void addTo(const Bin* binOfRow, const NodeRows& node, Sums* histogram) {
  for (std::uint32_t i = 0; i < node.count; ++i) histogram[binOfRow[node.rows[i]]] += Sums{node.gradients[i], 1};
}

template <typename Bin>
void takeFrom(const Bin* binOfRow, const NodeRows& node, Sums* histogram) {
  for (std::uint32_t i = 0; i < node.count; ++i) histogram[binOfRow[node.rows[i]]] -= Sums{node.gradients[i], 1};
}

template <typename Bin>
void addAndMark(const Bin* binOfRow, const NodeRows& node, Sums* slots, std::uint64_t* marks) {
  for (std::uint32_t i = 0; i < node.count; ++i) {
    const std::uint32_t bin = binOfRow[node.rows[i]];
    slots[bin] += Sums{node.gradients[i], 1};
    marks[bin / 64] |= std::uint64_t{1} << (bin % 64);
  }
}

}  // namespace

void buildHistogram(const BinnedColumn& column, const NodeRows& node, Sums* histogram) {
  std::fill_n(histogram, column.slots(), Sums{});
  if (column.isNarrow()) {
    addTo(column.narrow.data(), node, histogram);
  } else {
    addTo(column.wide.data(), node, histogram);
  }
}

void removeRows(const BinnedColumn& column, const NodeRows& node, Sums* histogram) {
  if (column.isNarrow()) {
    takeFrom(column.narrow.data(), node, histogram);
  } else {
    takeFrom(column.wide.data(), node, histogram);
  }
}

void subtractHistogram(std::uint32_t slots, const Sums* other, Sums* histogram) {
  for (std::uint32_t slot = 0; slot < slots; ++slot) histogram[slot] -= other[slot];
}

OccupiedBins::OccupiedBins(std::uint32_t slots)
    : bins_(slots + 2), gradients_(slots + 2), counts_(slots + 2), slots_(slots + 1), marks_(slots / 64 + 1) {}

void OccupiedBins::collect(const BinnedColumn& column, const Sums* histogram) {
  Sums sums;
  std::uint32_t next = 1;
  for (std::uint32_t bin = column.bins; bin-- > 0;) {
    sums += histogram[bin];
    // Written always, kept only if occupied: faster than a branch that cannot be foreseen.
    bins_[next] = bin;
    gradients_[next] = sums.gradient;
    counts_[next] = sums.count;
    next += histogram[bin].count > 0 ? 1 : 0;
  }
  size_ = next - 1;
}

void OccupiedBins::collect(const BinnedColumn& column, const NodeRows& node) {
  if (column.isNarrow()) {
    addAndMark(column.narrow.data(), node, slots_.data(), marks_.data());
  } else {
    addAndMark(column.wide.data(), node, slots_.data(), marks_.data());
  }
  if (column.hasMissing) {
    slots_[column.bins] = Sums{};
    marks_[column.bins / 64] &= ~(std::uint64_t{1} << (column.bins % 64));
  }

  Sums sums;
  std::uint32_t next = 1;
  for (std::uint32_t word = column.slots() / 64 + 1; word-- > 0;) {
    for (std::uint64_t marks = marks_[word]; marks != 0;) {
      const int highest = 63 - __builtin_clzll(marks);
      marks ^= std::uint64_t{1} << highest;
      const std::uint32_t bin = word * 64 + static_cast<std::uint32_t>(highest);
      sums += slots_[bin];
      slots_[bin] = Sums{};
      bins_[next] = bin;
      gradients_[next] = sums.gradient;
      counts_[next] = sums.count;
      ++next;
    }
    marks_[word] = 0;
  }
  size_ = next - 1;
}

}  // namespace orion::boosting
