#include <limits>

#include "check.h"
#include "gpu/roofline.h"

using namespace orion::gpu;

// 60 TFLOP/s and 3 TB/s meet at 20 FLOPs per byte.
CASE(roofline_is_bound_by_memory_then_by_arithmetic) {
  CHECK_NEAR(ridgePoint(60e12, 3e12), 20, 1e-12);
  CHECK_NEAR(attainableRate(60e12, 3e12, 0.5), 1.5e12, 1);
  CHECK_NEAR(attainableRate(60e12, 3e12, 20), 60e12, 1);
  CHECK_NEAR(attainableRate(60e12, 3e12, 128), 60e12, 1);
}

// Bandwidths of the points: 2.8, 3, 2.5 and 0.75 TB/s; the second and the last touch the roof.
CASE(roofline_fit_takes_the_lowest_roof_above_all_points) {
  const Roofline fit = fitRoofline({{0.25, 0.7e12}, {1, 3e12}, {16, 40e12}, {64, 48e12}});
  CHECK_NEAR(fit.operationsPerSecond, 48e12, 1);
  CHECK_NEAR(fit.bytesPerSecond, 3e12, 1);
  CHECK_NEAR(fit.ridgeOperationsPerByte, 16, 1e-12);
  CHECK_EQUAL(fit.shares.size(), 4u);
  CHECK_NEAR(fit.shares[0], 0.7 / 0.75, 1e-12);
  CHECK_NEAR(fit.shares[1], 1, 1e-12);
  CHECK_NEAR(fit.shares[2], 40.0 / 48, 1e-12);
  CHECK_NEAR(fit.shares[3], 1, 1e-12);
}

CASE(roofline_fit_of_one_point_touches_it) {
  const Roofline fit = fitRoofline({{4, 8e12}});
  CHECK_NEAR(fit.bytesPerSecond, 2e12, 1);
  CHECK_NEAR(fit.ridgeOperationsPerByte, 4, 1e-12);
  CHECK_NEAR(fit.shares[0], 1, 1e-12);
}

CASE(roofline_refuses_what_is_not_positive) {
  CHECK_EQUAL(SENTENCE_OF(BadInput, fitRoofline({})),
              std::string("gpu: a roofline has no points; expected one or more."));
  CHECK_EQUAL(SENTENCE_OF(BadInput, fitRoofline({{1, 2}, {-1, 2}})),
              std::string("gpu: intensity of a roofline is -1; expected a positive number."));
  CHECK_EQUAL(SENTENCE_OF(BadInput, fitRoofline({{1, 0}})),
              std::string("gpu: rate of a roofline is 0; expected a positive number."));
  SENTENCE_OF(BadInput, fitRoofline({{1, std::numeric_limits<double>::quiet_NaN()}}));
  SENTENCE_OF(BadInput, ridgePoint(1, 0));
  SENTENCE_OF(BadInput, ridgePoint(std::numeric_limits<double>::infinity(), 1));
  SENTENCE_OF(BadInput, attainableRate(-1, 1, 1));
  SENTENCE_OF(BadInput, attainableRate(1, 1, 0));
}
