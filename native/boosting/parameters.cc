#include "boosting/parameters.h"

#include <cmath>
#include <limits>
#include <sstream>

#include "base/error.h"

namespace orion::boosting {
namespace {

template <typename Number>
void require(bool holds, const char* name, Number value, const char* expected) {
  if (holds) return;
  std::ostringstream sentence;
  sentence << "boosting: " << name << " is " << value << "; expected " << expected << ".";
  throw Error(ErrorCode::BadInput, sentence.str());
}

void requireCount(const char* name, std::int64_t value, std::int64_t least, std::int64_t most) {
  std::ostringstream expected;
  expected << "an integer from " << least << " to " << most;
  require(value >= least && value <= most, name, value, expected.str().c_str());
}

void requireShare(const char* name, double value) {
  require(value > 0 && value <= 1, name, value, "a share in (0, 1]");
}

void requireNonNegative(const char* name, double value) {
  require(std::isfinite(value) && value >= 0, name, value, "a finite number, 0 or more");
}

}  // namespace

void validate(const Parameters& parameters) {
  requireCount("nEstimators", parameters.trees, 1, 1'000'000);
  require(std::isfinite(parameters.learningRate) && parameters.learningRate > 0, "learningRate",
          parameters.learningRate, "a finite number above 0");
  requireCount("maxDepth", parameters.maxDepth, 1, 30);
  requireShare("subsample", parameters.rowShare);
  requireShare("colsampleBytree", parameters.columnShare);
  requireNonNegative("regLambda", parameters.lambda);
  requireNonNegative("regAlpha", parameters.alpha);
  requireNonNegative("minChildWeight", parameters.minChildWeight);
  requireNonNegative("gamma", parameters.gamma);
  requireCount("maxBin", parameters.maxBins, 2, 65535);
  require(parameters.quantile > 0 && parameters.quantile < 1, "quantileAlpha", parameters.quantile,
          "a number between 0 and 1");
  requireCount("earlyStoppingRounds", parameters.earlyStoppingRounds, 0, 1'000'000);
  for (const int direction : parameters.monotone) {
    require(direction >= -1 && direction <= 1, "monotoneConstraints", direction, "-1, 0 or 1 for each column");
  }
  require(parameters.monotone.empty() || parameters.loss == LossKind::Squared, "monotoneConstraints", "given",
          "none with the absolute or quantile loss, whose leaves are set after the tree has grown");
  requireCount("seed", parameters.seed, 0, std::numeric_limits<std::uint32_t>::max());
  requireCount("threads", parameters.threads, 1, 1024);
}

}  // namespace orion::boosting
