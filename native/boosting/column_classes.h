// Columns that part the rows alike: recipes derive many columns that rise or fall with one another.
#pragma once

#include <cstdint>
#include <vector>

#include "boosting/bins.h"

namespace orion::boosting {

/**
 * Of each column the lowest one that orders the rows alike, or, where neither has missing values, the other way round.
 * Columns of a class offer the same splits with the same gains, so only the lowest of them can be chosen.
 */
std::vector<std::uint32_t> columnClasses(const std::vector<BinnedColumn>& columns, std::uint32_t rows);

/** The lowest of each class among `drawn` (ascending), without those that are constant. */
std::vector<std::uint32_t> distinctColumns(const std::vector<std::uint32_t>& drawn,
                                           const std::vector<std::uint32_t>& classes,
                                           const std::vector<BinnedColumn>& columns);

}  // namespace orion::boosting
