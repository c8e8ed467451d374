#include "boosting/row_order.h"

#include <algorithm>

#include "boosting/packed.h"

namespace orion::boosting {

template <typename Gradient>
void RowOrder<Gradient>::reset(const std::vector<std::uint32_t>& rows, const std::vector<Gradient>& gradients) {
  rows_ = rows;
  gradients_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) gradients_[i] = gradients[rows[i]];
  rightRows_.resize(rows.size());
  rightGradients_.resize(rows.size());
}

template <typename Gradient>
Parted RowOrder<Gradient>::part(RowRange range, Parting parting, const BinnedColumn& column) {
  return column.isNarrow() ? partBy(column.narrow.data(), range, parting, column.bins)
                           : partBy(column.wide.data(), range, parting, column.bins);
}

template <typename Gradient>
template <typename Bin>
Parted RowOrder<Gradient>::partBy(const Bin* binOfRow, RowRange range, Parting parting, std::uint32_t missingBin) {
  std::uint32_t* const rows = rows_.data() + range.begin;
  Gradient* const gradients = gradients_.data() + range.begin;
  std::uint32_t* const rightRows = rightRows_.data() + range.begin;
  Gradient* const rightGradients = rightGradients_.data() + range.begin;
  const auto lowBins = static_cast<std::uint32_t>(parting.lastLeftBin + 1);
  constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  const std::uint32_t leftToo = parting.missingLeft ? missingBin : none;

  std::uint32_t leastAbove = none;  // bin - lowBins: that of a low bin wraps to a number beyond all others
  std::uint32_t left = 0;
  for (std::uint32_t i = 0; i < range.size(); ++i) {
    const std::uint32_t row = rows[i];
    const Gradient gradient = gradients[i];
    const std::uint32_t bin = binOfRow[row];
    leastAbove = std::min(leastAbove, bin - lowBins);
    // Written to both sides and kept on one: faster than a branch that cannot be foreseen.
    rows[left] = row;
    gradients[left] = gradient;
    rightRows[i - left] = row;
    rightGradients[i - left] = gradient;
    left += static_cast<std::uint32_t>(bin < lowBins) | static_cast<std::uint32_t>(bin == leftToo);
  }
  std::copy_n(rightRows, range.size() - left, rows + left);
  std::copy_n(rightGradients, range.size() - left, gradients + left);
  return {range.begin + left, leastAbove < none - lowBins ? leastAbove + lowBins : none};
}

template class RowOrder<double>;
template class RowOrder<Packed>;

}  // namespace orion::boosting
