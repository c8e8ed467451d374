#include "boosting/validation.h"

#include <cmath>
#include <limits>
#include <string>

#include "base/error.h"

namespace orion::boosting {
namespace {

[[noreturn]] void reject(const std::string& sentence) { throw Error(ErrorCode::BadInput, "boosting: " + sentence); }

}  // namespace

bool areFinite(const float* values, std::size_t count) {
  // Without a way out, so that the compiler may use vectors.
  bool all = true;
  for (std::size_t i = 0; i < count; ++i) all &= std::abs(values[i]) < std::numeric_limits<float>::infinity();
  return all;
}

void requireNoInfinity(const float* features, std::size_t rows, std::size_t columns) {
  if (areFinite(features, rows * columns)) return;
  for (std::size_t i = 0; i < rows * columns; ++i) {
    if (!std::isinf(features[i])) continue;
    reject("the feature in row " + std::to_string(i / columns) + ", column " + std::to_string(i % columns) +
           " is infinite; expected a finite number, or NaN for a missing value.");
  }
}

void requireShape(std::size_t rows, std::size_t columns) {
  constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
  if (rows == 0 || columns == 0 || rows > most || columns > most) {
    reject("the features have " + std::to_string(rows) + " rows and " + std::to_string(columns) +
           " columns; expected at least one of each, and no more than 2^31 - 1.");
  }
}

void requireFiniteTargets(const float* targets, std::size_t rows) {
  for (std::size_t row = 0; row < rows; ++row) {
    if (std::isfinite(targets[row])) continue;
    reject("the target of row " + std::to_string(row) + " is " + std::to_string(targets[row]) +
           "; expected a finite number.");
  }
}

}  // namespace orion::boosting
