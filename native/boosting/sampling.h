// Which rows and columns a tree sees. Draws in the order of XGBoost 1.7's exact tree method with libstdc++'s
// distributions, so that the same seed picks the same rows and columns.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace orion::boosting {

struct Sample {
  std::vector<std::uint32_t> rows;     // drawn, ascending
  std::vector<std::uint32_t> left;     // not drawn, ascending
  std::vector<std::uint32_t> columns;  // drawn, ascending
};

class Sampler {
 public:
  /** @param rowShare chance of each row, drawn on its own; @param columnShare share of the columns, at least one */
  Sampler(std::uint32_t seed, double rowShare, double columnShare)
      : random_(seed), rowShare_(rowShare), columnShare_(columnShare) {}

  /** The sample of the next tree. */
  Sample next(std::uint32_t rows, std::uint32_t columns);

 private:
  std::mt19937 random_;
  double rowShare_;
  double columnShare_;
};

}  // namespace orion::boosting
