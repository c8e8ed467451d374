// Gradient-boosted regression trees, squared error (Friedman 2001; Chen and Guestrin 2016).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "boosting/parameters.h"
#include "boosting/prediction.h"

namespace orion::boosting {

/** A fitted model; read-only, so it may predict in several threads at once. */
class Booster {
 public:
  std::size_t columns() const { return columns_; }
  std::size_t trees() const { return forest_.trees(); }

  /** @param features [rows, columns] row-major, NaN = missing. Throws BadInput on an infinite value. */
  std::vector<float> predict(const float* features, std::size_t rows) const;

 private:
  friend Booster train(const float*, std::size_t, std::size_t, const float*, const Parameters&);

  std::size_t columns_ = 0;
  Forest forest_;
};

/**
 * Fits a model. It depends on the seed, not on the number of threads.
 * @param features [rows, columns] row-major, NaN = missing
 * @param targets [rows]
 * Throws BadInput on no rows, no columns, an infinite feature, a target that is not finite, or a bad parameter.
 */
Booster train(const float* features, std::size_t rows, std::size_t columns, const float* targets,
              const Parameters& parameters);

}  // namespace orion::boosting
