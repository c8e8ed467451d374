#include "boosting/row_order.h"

#include <algorithm>

namespace orion::boosting {

void RowOrder::reset(const std::vector<std::uint32_t>& rows, const std::vector<double>& gradients) {
  rows_ = rows;
  gradients_.resize(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) gradients_[i] = gradients[rows[i]];
  rightRows_.resize(rows.size());
  rightGradients_.resize(rows.size());
}

std::uint32_t RowOrder::part(RowRange range, const Split& split, const BinnedColumn& column) {
  return column.isNarrow() ? partBy(column.narrow.data(), range, split, column.bins)
                           : partBy(column.wide.data(), range, split, column.bins);
}

template <typename Bin>
std::uint32_t RowOrder::partBy(const Bin* binOfRow, RowRange range, const Split& split, std::uint32_t missingBin) {
  std::uint32_t left = range.begin;
  std::uint32_t right = range.begin;
  for (std::uint32_t i = range.begin; i < range.end; ++i) {
    const std::uint32_t row = rows_[i];
    const double gradient = gradients_[i];
    const std::uint32_t bin = binOfRow[row];
    const bool goesLeft = bin == missingBin ? split.missingLeft : static_cast<std::int32_t>(bin) <= split.lastLeftBin;
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
  return left;
}

}  // namespace orion::boosting
