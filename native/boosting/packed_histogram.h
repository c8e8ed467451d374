// Histograms of packed sums and the search for the best split in them, eight columns at a time.
#pragma once

#include <array>
#include <cstdint>

#include "boosting/byte_matrix.h"
#include "boosting/packed.h"
#include "boosting/row_order.h"

namespace orion::boosting {

using PackedRows = RowsOf<Packed>;

/** Sums of one block: [256 bytes, columnsPerBlock], so that a byte's sums of all columns are one vector. */
constexpr std::size_t packedSlotsPerBlock = 256 * ByteMatrix::columnsPerBlock;

/** What a split must obey, with sums in steps. */
struct PackedPenalties {
  float lambda = 0;
  float alpha = 0;
  float leastRows = 1;  // of a child
};

/** The best split of each column of a block. Gains are sums of the children's, in squared steps. */
struct BlockSplits {
  std::array<float, ByteMatrix::columnsPerBlock> gain;
  std::array<std::int32_t, ByteMatrix::columnsPerBlock> lastLeftByte;
  std::array<std::int32_t, ByteMatrix::columnsPerBlock> missingLeft;
};

/** (|G| - alpha)^2 / (n + lambda), with |G| no smaller than alpha. */
float packedGain(Packed sums, const PackedPenalties& penalties);

/** Adds the rows to a block. @param bytes [count], those of a row in the block's columns @param gradients [count] */
void addPacked(const std::uint64_t* bytes, const Packed* gradients, std::uint32_t count, Packed* block);

/** Takes the rows out of a block that holds them. */
void removePacked(const std::uint64_t* bytes, const Packed* gradients, std::uint32_t count, Packed* block);

/** A block of a node, with what is needed to search it. */
struct PackedBlock {
  Packed* sums;             // [packedSlotsPerBlock]
  std::uint32_t slots = 1;  // in use
  bool hasMissing = false;
  Packed node = 0;  // sums over all its rows
};

/** The best splits of a block of a node. */
void findPacked(const PackedBlock& block, const PackedPenalties& penalties, BlockSplits& splits);

/** Those of two siblings' blocks, where `sibling.sums` still holds the sums of their parent: takes `block` out first.
 */
void subtractAndFindPacked(const PackedBlock& block, const PackedBlock& sibling, const PackedPenalties& penalties,
                           BlockSplits& splits, BlockSplits& siblingSplits);

}  // namespace orion::boosting
