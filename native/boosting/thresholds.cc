#include "boosting/thresholds.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/avx512.h"

namespace orion::boosting {
namespace {

constexpr std::size_t perChunk = 16;

}  // namespace

Thresholds::Thresholds(const std::vector<float>& ascending) {
  // Every level ends with a place for the values beyond all others.
  constexpr float beyond = std::numeric_limits<float>::infinity();
  std::vector<float> level = ascending;
  for (;;) {
    std::vector<Chunk> chunks(level.size() / perChunk + 1);
    level.resize(chunks.size() * perChunk, beyond);
    for (std::size_t i = 0; i < level.size(); ++i) chunks[i / perChunk].values[i % perChunk] = level[i];
    std::vector<float> lasts;
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i) lasts.push_back(chunks[i].values[perChunk - 1]);
    levels_.push_back(std::move(chunks));
    if (lasts.empty()) break;
    level = std::move(lasts);
  }
  std::reverse(levels_.begin(), levels_.end());
}

#ifdef ORION_HAS_AVX512

namespace {

constexpr std::size_t mostDepth = 4;  // 16^4 thresholds and more

template <std::size_t depth>
ORION_AVX512 void rankBy(const float* const* levels, const float* values, std::size_t valueStride, std::size_t rows,
                         std::uint16_t* ranks, std::size_t rankStride) {
  for (std::size_t row = 0; row < rows; ++row) {
    const __m512 value = _mm512_set1_ps(values[row * valueStride]);
    std::size_t rank = 0;
#pragma GCC unroll 4
    for (std::size_t level = 0; level < depth; ++level) {
      const __m512 chunk = _mm512_load_ps(levels[level] + rank * perChunk);
      const __mmask16 below = _mm512_cmp_ps_mask(chunk, value, _CMP_LE_OQ);
      rank = rank * perChunk + static_cast<std::size_t>(__builtin_popcount(below));
    }
    ranks[row * rankStride] = static_cast<std::uint16_t>(rank);
  }
}

}  // namespace

void Thresholds::rank(const float* values, std::size_t valueStride, std::size_t rows, std::uint16_t* ranks,
                      std::size_t rankStride) const {
  constexpr decltype(&rankBy<1>) byDepth[mostDepth] = {rankBy<1>, rankBy<2>, rankBy<3>, rankBy<4>};
  const float* levels[mostDepth];
  for (std::size_t level = 0; level < levels_.size(); ++level) levels[level] = levels_[level].data()->values;
  byDepth[levels_.size() - 1](levels, values, valueStride, rows, ranks, rankStride);
}

#else

void Thresholds::rank(const float*, std::size_t, std::size_t, std::uint16_t*, std::size_t) const {}

#endif

}  // namespace orion::boosting
