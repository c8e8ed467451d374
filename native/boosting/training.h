#pragma once

#include <cstddef>
#include <functional>
#include <optional>

#include "boosting/booster.h"
#include "boosting/parameters.h"

namespace orion::boosting {

/** Rows with their targets. */
struct Examples {
  const float* features;  // [rows, columns] row-major, NaN = missing
  std::size_t rows;
  std::size_t columns;
  const float* targets;  // [rows]
};

/** What is known after each tree. */
struct Progress {
  std::int64_t trees = 0;
  double evaluationError = 0;  // see Loss::error; NaN without evaluation rows
};

/** Returns false to end the training, which then has no result. */
using OnProgress = std::function<bool(const Progress&)>;

/**
 * Fits a model. It depends on the seed, not on the number of threads. With evaluation rows and early stopping it ends
 * with the tree after which their error was least.
 * Throws BadInput on no rows, no columns, an infinite feature, a target that is not finite, or a bad parameter.
 */
std::optional<Booster> train(const Examples& examples, const Parameters& parameters,
                             const std::optional<Examples>& evaluation, const OnProgress& onProgress);

/** The same without evaluation rows. */
Booster train(const float* features, std::size_t rows, std::size_t columns, const float* targets,
              const Parameters& parameters);

}  // namespace orion::boosting
