#include "boosting/sampling.h"

#include <algorithm>
#include <numeric>

namespace orion::boosting {

Sample Sampler::next(std::uint32_t rows, std::uint32_t columns) {
  Sample sample;
  std::mt19937 columnRandom(static_cast<std::uint32_t>(random_()));

  sample.rows.reserve(rows);
  std::bernoulli_distribution isDrawn(static_cast<float>(rowShare_));
  for (std::uint32_t row = 0; row < rows; ++row) {
    const bool drawn = rowShare_ == 1 || isDrawn(random_);
    (drawn ? sample.rows : sample.left).push_back(row);
  }

  sample.columns.resize(columns);
  std::iota(sample.columns.begin(), sample.columns.end(), 0u);
  if (columnShare_ < 1) {
    std::shuffle(sample.columns.begin(), sample.columns.end(), columnRandom);
    const auto drawn = static_cast<std::uint32_t>(static_cast<float>(columnShare_) * static_cast<float>(columns));
    sample.columns.resize(std::max(1u, drawn));
    std::sort(sample.columns.begin(), sample.columns.end());
  }
  return sample;
}

}  // namespace orion::boosting
