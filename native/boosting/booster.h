// Gradient-boosted regression trees (Friedman 2001; Chen and Guestrin 2016).
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "boosting/parameters.h"
#include "boosting/prediction.h"
#include "boosting/ranked_forest.h"
#include "boosting/tree.h"

namespace orion::boosting {

/** A fitted model; read-only, so it may predict in several threads at once. */
class Booster {
 public:
  /**
   * @param trees as `compact` returns them
   * Throws BadInput on a tree that is none: no node, a child that does not follow its parent, a column out of range.
   */
  Booster(std::size_t columns, float baseScore, std::vector<Tree> trees);

  std::size_t columns() const { return columns_; }
  float baseScore() const { return baseScore_; }
  const std::vector<Tree>& trees() const { return trees_; }

  /**
   * The same for any number of threads. @param features [rows, columns] row-major, NaN = missing
   * Throws BadInput on an infinite value.
   */
  std::vector<float> predict(const float* features, std::size_t rows, std::size_t threads = 1) const;

  /** What each column adds to each prediction (see shap.h), the constant part last: [rows, columns + 1]. */
  std::vector<double> contributions(const float* features, std::size_t rows, std::size_t threads = 1) const;

 private:
  /** The trees laid out anew, once enough rows repay it. */
  struct LaidOut {
    std::once_flag done;
    std::optional<RankedForest> forest;
  };

  const RankedForest* rankedFor(std::size_t rows) const;

  std::size_t columns_;
  float baseScore_;
  std::vector<Tree> trees_;
  Forest forest_;
  std::unique_ptr<LaidOut> laidOut_;
};

}  // namespace orion::boosting
