// How rows walk through groups of four trees, three levels at a time; see RankedForest.
#pragma once

#include <cstddef>
#include <cstdint>

namespace orion::boosting {

constexpr std::size_t treesPerGroup = 4;
/** Of a stage: a subtree of 7 nodes in heap order, with 8 ways out. */
constexpr std::uint32_t levelsPerStage = 3;
constexpr std::uint32_t nodesPerSubtree = 7;
constexpr std::size_t waysOut = 8;

/** Of a subtree: 8 selectors, which name columns, and 8 thresholds; the last of each is unused. */
constexpr std::size_t wordsPerSubtree = 2 * waysOut;
constexpr std::size_t bytesPerSubtree = wordsPerSubtree * sizeof(std::uint16_t);
static_assert(bytesPerSubtree == waysOut * sizeof(float), "a subtree takes the room of its leaves");

constexpr std::size_t ranksPerRegister = 32;
/** That one instruction looks up. */
constexpr std::size_t ranksOfHalf = 2 * ranksPerRegister;
/** Bit of a selector: its column is among those after the first `ranksOfHalf`. */
constexpr std::uint16_t secondHalf = 1u << 15;

/** Rows that take one stage after the other together: what a row's next stage waits for has long been done. */
constexpr std::size_t rowsPerWalk = 64;

/**
 * Adds a group's weights to rows, tree by tree.
 * @param ranks [rows, registers * ranksPerRegister], on a cache line @param rows up to `rowsPerWalk`
 * @param nodes on a cache line: of the first stage the selectors of the four trees, then their thresholds; of each
 *   later one [treesPerGroup, 8^stage, wordsPerSubtree] @param leaves [treesPerGroup, 8^stages] @param predictions
 * [rows]
 */
using AddGroup = void (*)(const std::uint16_t* ranks, std::size_t rows, const char* nodes, const char* leaves,
                          float* predictions);

/** @param registers of ranks, 2 to 4 @param stages 1 to 3. For processors with AVX-512 only. */
AddGroup addGroupOf(std::size_t registers, std::uint32_t stages);

}  // namespace orion::boosting
