#include "boosting/ranked_walk.h"

#include <algorithm>
#include <array>

#include "base/avx512.h"

#ifdef ORION_HAS_AVX512

namespace orion::boosting {
namespace {

/** The way out of a subtree that its seven decisions (bit set: right) lead to. */
std::array<std::uint8_t, 128> waysOutByDecisions() {
  std::array<std::uint8_t, 128> ways{};
  for (std::uint32_t decisions = 0; decisions < ways.size(); ++decisions) {
    std::uint32_t at = 0;
    while (at < nodesPerSubtree) at = 2 * at + 1 + ((decisions >> at) & 1);
    ways[decisions] = static_cast<std::uint8_t>(at - nodesPerSubtree);
  }
  return ways;
}

const std::array<std::uint8_t, 128> wayOut = waysOutByDecisions();

/** Nodes of the four trees: eight each. */
struct Nodes {
  __m512i selectors;
  __m512i thresholds;
};

ORION_INLINED_AVX512 Nodes nodesAt(const char* base, const std::uint16_t* offsets) {
  const auto load = [=](int tree) __attribute__((always_inline)) ORION_AVX512 {
    return _mm256_load_si256(reinterpret_cast<const __m256i*>(base + offsets[tree]));
  };
  // Selectors and thresholds by turns, of two trees each; then all selectors, all thresholds.
  constexpr __mmask8 upperHalf = 0xf0;
  const __m512i firstTwo = _mm512_mask_broadcast_i64x4(_mm512_castsi256_si512(load(0)), upperHalf, load(1));
  const __m512i lastTwo = _mm512_mask_broadcast_i64x4(_mm512_castsi256_si512(load(2)), upperHalf, load(3));
  return {_mm512_shuffle_i64x2(firstTwo, lastTwo, 0b10'00'10'00),
          _mm512_shuffle_i64x2(firstTwo, lastTwo, 0b11'01'11'01)};
}

/** What nodes decide about a row (bit set: right). @param registers that the row's ranks fill */
template <int registers>
ORION_INLINED_AVX512 __mmask32 decide(const std::uint16_t* ranks, const Nodes& nodes) {
  const auto load = [ranks](std::size_t part) __attribute__((always_inline)) ORION_AVX512 {
    return _mm512_load_si512(ranks + part * ranksPerRegister);
  };
  __m512i its = _mm512_permutex2var_epi16(load(0), nodes.selectors, load(1));
  if (registers > 2) {
    const __mmask32 isSecond = _mm512_movepi16_mask(nodes.selectors);
    its = registers == 3
              ? _mm512_mask_permutexvar_epi16(its, isSecond, nodes.selectors, load(2))
              : _mm512_mask_mov_epi16(its, isSecond, _mm512_permutex2var_epi16(load(2), nodes.selectors, load(3)));
  }
  return _mm512_cmpgt_epu16_mask(its, nodes.thresholds);
}

/** What rows have decided in the trees of a group, [rows, treesPerGroup]. */
struct alignas(64) Walks {
  __mmask32 decisions[rowsPerWalk];  // a byte for each tree
  // To the subtree, in bytes from the stage's first one. A stage's subtrees lie by tree, then by the way there; with 8
  // ways out of each, and as much room for a subtree as for its leaves, the next stage's offset is 8 times a leaf's.
  std::uint16_t offsets[rowsPerWalk * treesPerGroup];
};

/** Moves all offsets to the leaves that the decisions lead to, or (`down`) to the subtrees of the next stage. */
template <bool down>
ORION_INLINED_AVX512 void follow(Walks& walks) {
  const __m512i waysBelow64 = _mm512_loadu_si512(wayOut.data());
  const __m512i waysFrom64 = _mm512_loadu_si512(wayOut.data() + 64);
  const char* decisions = reinterpret_cast<const char*>(walks.decisions);
  constexpr std::size_t perRegister = 32;
  for (std::size_t i = 0; i < rowsPerWalk * treesPerGroup; i += perRegister) {
    // A decision's byte becomes a word, whose upper byte looks up that no decision goes right: 0.
    const __m512i its = _mm512_cvtepu8_epi16(_mm256_load_si256(reinterpret_cast<const __m256i*>(decisions + i)));
    const __m512i ways = _mm512_permutex2var_epi8(waysBelow64, its, waysFrom64);
    const __m512i leaf = _mm512_add_epi16(_mm512_load_si512(walks.offsets + i), _mm512_slli_epi16(ways, 2));
    _mm512_store_si512(walks.offsets + i, down ? _mm512_slli_epi16(leaf, 3) : leaf);
  }
}

template <int registers, int stages>
ORION_AVX512 void addGroup(const std::uint16_t* ranks, std::size_t rows, const char* nodes, const char* leaves,
                           float* predictions) {
  constexpr std::size_t ranksPerRow = registers * ranksPerRegister;
  Walks walks;
  std::fill(walks.decisions + rows, walks.decisions + rowsPerWalk, __mmask32{0});
  const Nodes top{_mm512_load_si512(nodes), _mm512_load_si512(nodes + treesPerGroup * bytesPerSubtree / 2)};
  for (std::size_t row = 0; row < rows; ++row) {
    walks.decisions[row] = decide<registers>(ranks + row * ranksPerRow, top);
  }
  for (std::size_t i = 0; i < rowsPerWalk * treesPerGroup; ++i) {
    walks.offsets[i] = static_cast<std::uint16_t>(i % treesPerGroup * bytesPerSubtree);
  }
  nodes += treesPerGroup * bytesPerSubtree;
  std::size_t bytesOfStage = treesPerGroup * bytesPerSubtree;
  for (int stage = 1; stage < stages; ++stage) {
    follow<true>(walks);
    bytesOfStage *= waysOut;
    for (std::size_t row = 0; row < rows; ++row) {
      walks.decisions[row] =
          decide<registers>(ranks + row * ranksPerRow, nodesAt(nodes, walks.offsets + row * treesPerGroup));
    }
    nodes += bytesOfStage;
  }
  follow<false>(walks);
  for (std::size_t row = 0; row < rows; ++row) {
    float sum = predictions[row];
    for (std::size_t tree = 0; tree < treesPerGroup; ++tree) {
      sum += *reinterpret_cast<const float*>(leaves + walks.offsets[row * treesPerGroup + tree]);
    }
    predictions[row] = sum;
  }
}

template <int registers>
AddGroup addGroupOfStages(std::uint32_t stages) {
  return stages == 1 ? addGroup<registers, 1> : stages == 2 ? addGroup<registers, 2> : addGroup<registers, 3>;
}

}  // namespace

AddGroup addGroupOf(std::size_t registers, std::uint32_t stages) {
  return registers == 2   ? addGroupOfStages<2>(stages)
         : registers == 3 ? addGroupOfStages<3>(stages)
                          : addGroupOfStages<4>(stages);
}

}  // namespace orion::boosting

#else

namespace orion::boosting {

AddGroup addGroupOf(std::size_t, std::uint32_t) { return nullptr; }

}  // namespace orion::boosting

#endif
