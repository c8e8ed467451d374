#pragma once

#include <vector>

namespace orion::boosting {

/**
 * Rounds gradients to a grid so coarse that every sum of them is exact in double precision. Sums then don't depend on
 * their order: histograms may be subtracted, columns that order the rows alike tie exactly, and the model is the same
 * for any number of threads. The step of the grid is 2^-(50 - log2(rows)) of the largest gradient: 2^-37 of it for
 * 5,000 rows, where the largest itself is known to 2^-24.
 */
void roundToGrid(std::vector<double>& gradients);

}  // namespace orion::boosting
