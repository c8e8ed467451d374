#include <vector>

#include "check.h"
#include "timing/statistics.h"

using namespace orion::timing;

CASE(summary_of_one_to_ten) {
  const SampleSummary summary = summarize({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  CHECK_EQUAL(summary.count, 10u);
  CHECK_NEAR(summary.mean, 5.5, 1e-12);
  CHECK_NEAR(summary.median, 5.5, 1e-12);
  CHECK_NEAR(summary.p90, 9.1, 1e-12);
  CHECK_NEAR(summary.p99, 9.91, 1e-12);
  CHECK_NEAR(summary.standardDeviation, 3.0276503540974917, 1e-12);
}
