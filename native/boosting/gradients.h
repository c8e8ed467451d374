#pragma once

#include <vector>

namespace orion::boosting {

/**
 * Gradients of squared error (prediction - target), rounded to a grid so coarse that every sum of them is exact in
 * double precision. Sums then don't depend on their order: histograms may be subtracted, columns that order the rows
 * alike tie exactly, and the model is the same for any number of threads. The grid is 2^-(51 - log2(rows)) of the
 * largest gradient, finer than the rounding of the gradients themselves.
 */
void computeGradients(const std::vector<float>& predictions, const float* targets, std::vector<double>& gradients);

}  // namespace orion::boosting
