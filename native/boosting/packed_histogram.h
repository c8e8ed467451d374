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

/** Sets the blocks [first, last) of `histogram` ([blocks, packedSlotsPerBlock]) to the sums over the rows. */
void buildPacked(const ByteMatrix& matrix, std::uint32_t first, std::uint32_t last, const PackedRows& rows,
                 Packed* histogram);

/** Takes the rows out of the blocks [first, last) of a histogram that holds them. */
void removePacked(const ByteMatrix& matrix, std::uint32_t first, std::uint32_t last, const PackedRows& rows,
                  Packed* histogram);

/** The best splits of a block of a node. @param block [packedSlotsPerBlock] @param node sums over all its rows */
void findPacked(const Packed* block, std::uint32_t slots, bool hasMissing, Packed node,
                const PackedPenalties& penalties, BlockSplits& splits);

/** The same after block -= other. */
void subtractAndFindPacked(const Packed* other, Packed* block, std::uint32_t slots, bool hasMissing, Packed node,
                           const PackedPenalties& penalties, BlockSplits& splits);

}  // namespace orion::boosting
