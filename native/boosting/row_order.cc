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
  std::uint32_t firstRightBin = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t left = range.begin;
  std::uint32_t right = range.begin;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const std::uint32_t row = rows_[i];
    const Gradient gradient = gradients_[i];
    const std::uint32_t bin = binOfRow[row];
    const bool isLow = static_cast<std::int32_t>(bin) <= parting.lastLeftBin;
    const bool goesLeft = bin == missingBin ? parting.missingLeft : isLow;
    firstRightBin = std::min(firstRightBin, isLow ? firstRightBin : bin);
    // Written to both sides and kept on one: faster than a branch that cannot be foreseen.
    rows_[left] = row;
    gradients_[left] = gradient;
    rightRows_[right] = row;
    rightGradients_[right] = gradient;
    left += goesLeft ? 1 : 0;
    right += goesLeft ? 0 : 1;
  }
  std::copy(rightRows_.begin() + range.begin, rightRows_.begin() + right, rows_.begin() + left);
  std::copy(rightGradients_.begin() + range.begin, rightGradients_.begin() + right, gradients_.begin() + left);
  return {left, firstRightBin};
}

template class RowOrder<double>;
template class RowOrder<Packed>;

}  // namespace orion::boosting
