// What a matrix of features must be: one sentence for what it is not.
#pragma once

#include <cstddef>

namespace orion::boosting {

void requireShape(std::size_t rows, std::size_t columns);
/** Neither NaN nor infinite. */
bool areFinite(const float* values, std::size_t count);
void requireNoInfinity(const float* features, std::size_t rows, std::size_t columns);
void requireFiniteTargets(const float* targets, std::size_t rows);

}  // namespace orion::boosting
