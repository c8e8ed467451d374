#include <algorithm>
#include <atomic>
#include <limits>
#include <thread>
#include <vector>

#include "check.h"
#include "timing/affinity.h"
#include "timing/clock.h"
#include "timing/latency_histogram.h"
#include "timing/median_interval.h"
#include "timing/sample_loop.h"
#include "timing/statistics.h"
#include "timing/stopping_rule.h"
#include "timing/warm_up_rule.h"

using namespace orion::timing;

// Expected values: numpy.quantile, numpy.std(ddof=1).
CASE(summary_of_ten_to_one) {
  const SampleSummary summary = summarize({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  CHECK_EQUAL(summary.count, 10u);
  CHECK_NEAR(summary.mean, 5.5, 1e-12);
  CHECK_NEAR(summary.median, 5.5, 1e-12);
  CHECK_NEAR(summary.p25, 3.25, 1e-12);
  CHECK_NEAR(summary.p75, 7.75, 1e-12);
  CHECK_NEAR(summary.p90, 9.1, 1e-12);
  CHECK_NEAR(summary.p99, 9.91, 1e-12);
  CHECK_EQUAL(summary.minimum, 1);
  CHECK_EQUAL(summary.maximum, 10);
  CHECK_NEAR(summary.standardDeviation, 3.0276503540974917, 1e-12);
  CHECK_NEAR(summary.relativeStandardDeviation, 3.0276503540974917 / 5.5, 1e-12);
}

CASE(summary_of_one_sample) {
  const SampleSummary summary = summarize({7});
  CHECK_EQUAL(summary.median, 7);
  CHECK_EQUAL(summary.p99, 7);
  CHECK_EQUAL(summary.standardDeviation, 0);
}

CASE(summary_refuses_nothing_and_nan) {
  SENTENCE_OF(BadInput, summarize({}));
  SENTENCE_OF(BadInput, summarize({1, std::numeric_limits<double>::quiet_NaN()}));
}

// Large offset, small spread: the sum of squares would lose every digit.
CASE(running_moments_are_stable) {
  RunningMoments moments;
  for (double value : {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16}) moments.add(value);
  CHECK_NEAR(moments.mean(), 1e9 + 10, 1e-6);
  CHECK_NEAR(moments.standardDeviation(), 5.477225575051661, 1e-6);
}

CASE(histogram_is_within_one_percent) {
  LatencyHistogram histogram;
  std::vector<double> values;
  std::uint64_t state = 1;
  for (int i = 0; i < 100'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    // 100 ns to about 1.6 s, log-uniform
    const double value = std::floor(100 * std::exp2(24.0 * static_cast<double>(state >> 11) / 9007199254740992.0));
    values.push_back(value);
    histogram.add(static_cast<std::int64_t>(value));
  }
  std::sort(values.begin(), values.end());
  for (double probability : {0.001, 0.1, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(probability * 100'000)) - 1;
    CHECK_NEAR(histogram.quantileNs(probability) / values[rank], 1.0, 0.01);
  }
  double sum = 0;
  for (double value : values) sum += value;
  CHECK_NEAR(histogram.meanNs(), sum / 100'000, 1e-6 * histogram.meanNs());
  CHECK_EQUAL(static_cast<double>(histogram.maximumNs()), values.back());
}

CASE(histogram_is_exact_below_128_ns) {
  LatencyHistogram histogram;
  for (int value = 0; value < 128; ++value) histogram.add(value);
  CHECK_EQUAL(histogram.quantileNs(0.5), 63);
  CHECK_EQUAL(histogram.quantileNs(1), 127);
}

CASE(histogram_takes_any_latency) {
  LatencyHistogram histogram;
  CHECK_EQUAL(histogram.quantileNs(0.5), 0);
  histogram.add(-5);
  histogram.add(std::numeric_limits<std::int64_t>::max());
  CHECK_EQUAL(histogram.quantileNs(0.5), 0);
  CHECK_NEAR(histogram.quantileNs(1) / 9.223372036854775807e18, 1.0, 0.01);
}

CASE(histograms_merge) {
  LatencyHistogram first;
  LatencyHistogram second;
  first.add(10);
  second.add(20);
  second.add(30);
  first.merge(second);
  CHECK_EQUAL(first.count(), 3u);
  CHECK_EQUAL(first.quantileNs(0.5), 20);
  CHECK_EQUAL(first.maximumNs(), 30);
  CHECK_NEAR(first.meanNs(), 20, 1e-12);
}

CASE(rule_stops_when_converged_and_not_before_the_minimum) {
  StoppingOptions options;
  options.minimumSampledNs = 1000;
  StoppingRule rule(options);
  for (int i = 1; i < 20; ++i) CHECK(!rule.add(50, 50 * i));
  CHECK(rule.add(50, 1000) == StopReason::Converged);
}

CASE(rule_wants_a_minimum_number_of_samples) {
  StoppingOptions options;
  options.minimumSampledNs = 1;
  options.minimumSamples = 3;
  StoppingRule rule(options);
  CHECK(!rule.add(50, 50));
  CHECK(!rule.add(50, 100));
  CHECK(rule.add(50, 150) == StopReason::Converged);
}

// Samples that alternate between 90 and 110: 10 % noise for ever, which settles at once.
CASE(rule_stops_when_the_noise_has_levelled_off) {
  StoppingOptions options;
  options.minimumSampledNs = 0;
  options.levelWindow = 16;
  StoppingRule rule(options);
  std::optional<StopReason> reason;
  int samples = 0;
  while (!reason && samples < 1000) {
    reason = rule.add(samples % 2 == 0 ? 90 : 110, 0);
    ++samples;
  }
  CHECK(reason == StopReason::NoiseLevelledOff);
  CHECK(samples >= 16 && samples < 100);
}

// Ever larger samples: the noise neither falls nor settles.
CASE(rule_stops_at_the_time_limit) {
  StoppingOptions options;
  options.minimumSampledNs = 0;
  options.maximumWallNs = 5000;
  options.levelTolerance = 0;
  StoppingRule rule(options);
  double sample = 1;
  for (std::int64_t wallNs = 100; wallNs < 5000; wallNs += 100) CHECK(!rule.add(sample *= 1.5, wallNs));
  CHECK(rule.add(sample, 5000) == StopReason::TimeLimit);
}

CASE(sample_loop_with_a_made_up_clock) {
  std::int64_t now = 0;
  const auto clock = [&now] { return now; };
  int calls = 0;
  const auto work = [&] {
    ++calls;
    now += 100;
  };
  StoppingOptions options;
  options.minimumSampledNs = 1500;
  const SampleRun run = collectSamples(options, clock, timedBy(clock, work));
  CHECK(run.reason == StopReason::Converged);
  CHECK_EQUAL(calls, 15);
  CHECK(run.samplesNs == std::vector<double>(15, 100.0));
}

CASE(clock_moves_forward) {
  const std::int64_t before = monotonicNs();
  std::this_thread::yield();
  CHECK(before > 0);
  CHECK(monotonicNs() >= before);
}

CASE(affinity_reaches_every_thread) {
  const std::vector<int> allowed = affinity();
  if (allowed.size() < 2) check::skip("this machine allows one CPU only");
  std::vector<int> seenByOther;
  std::atomic<int> stage{0};
  std::thread other([&] {
    stage = 1;
    while (stage != 2) std::this_thread::yield();
    seenByOther = affinity();
  });
  while (stage != 1) std::this_thread::yield();
  setAffinity({allowed.back()});
  stage = 2;
  other.join();
  CHECK(seenByOther == std::vector<int>{allowed.back()});
  CHECK(affinity() == std::vector<int>{allowed.back()});
  setAffinity(allowed);
  CHECK(affinity() == allowed);
}

CASE(affinity_refuses_cpus_that_are_not_there) {
  const std::vector<int> before = affinity();
  SENTENCE_OF(BadInput, setAffinity({}));
  SENTENCE_OF(BadInput, setAffinity({-1}));
  SENTENCE_OF(BadInput, setAffinity({before.front(), 1023}));
  CHECK(affinity() == before);
}

// P(middle of 5 draws is the smallest value) = P(Bin(5, 1/5) >= 3) = 0.0579; up to the second: P(Bin(5, 2/5) >= 3) =
// 0.3174; the fourth: P(Bin(5, 4/5) >= 3) = 0.9421.
CASE(interval_of_the_median_of_five) {
  const std::vector<double> sorted{10, 20, 30, 40, 50};
  CHECK_EQUAL(medianInterval(sorted, 0.95).first, 10);
  CHECK_EQUAL(medianInterval(sorted, 0.95).second, 50);
  CHECK_EQUAL(medianInterval(sorted, 0.88).first, 20);   // tail 0.06 > 0.0579
  CHECK_EQUAL(medianInterval(sorted, 0.88).second, 40);  // 0.94 < 0.9421
  CHECK_EQUAL(medianInterval({7}, 0.95).first, 7);
  CHECK_EQUAL(medianInterval({7}, 0.95).second, 7);
}

// numpy: percentiles 2.5 and 97.5 of the medians of 200,000 resamples of arange(101) are 40 and 60; the shares up to
// 39, 40, 59 and 60 are 0.0170, 0.0274, 0.9726 and 0.9833.
CASE(interval_of_the_median_agrees_with_resampling) {
  std::vector<double> sorted;
  for (int i = 0; i < 101; ++i) sorted.push_back(i);
  const auto [low, high] = medianInterval(sorted, 0.95);
  CHECK_EQUAL(low, 40);
  CHECK_EQUAL(high, 60);
}

CASE(interval_of_the_median_of_many_is_narrow_and_of_none_an_error) {
  std::vector<double> sorted;
  for (int i = 0; i < 20'000; ++i) sorted.push_back(i);
  const auto [low, high] = medianInterval(sorted, 0.95);
  // Normal limit: 10000 -+ 1.96 * sqrt(20000) / 2 = 139.
  CHECK_NEAR(low, 10'000 - 139, 2);
  CHECK_NEAR(high, 10'000 + 139, 2);
  SENTENCE_OF(BadInput, medianInterval({}, 0.95));
}

CASE(warm_up_ends_when_times_are_flat) {
  WarmUpOptions options;
  options.window = 3;
  options.flatTolerance = 0.01;
  WarmUpRule rule(options);
  for (double timeNs : {400, 300, 200, 110, 103, 101, 101, 101}) CHECK(!rule.add(timeNs, 0));
  CHECK(!rule.add(101, 0));  // three took 303, the three before them 314
  CHECK(rule.add(101, 0));   // 303 after 305: less than 1 % lower
  CHECK_EQUAL(rule.count(), 10u);
}

CASE(warm_up_ends_at_its_limits) {
  WarmUpOptions options;
  options.maximumCount = 4;
  options.maximumWallNs = 1000;
  WarmUpRule byCount(options);
  for (int i = 0; i < 3; ++i) CHECK(!byCount.add(1000.0 / (i + 1), 0));
  CHECK(byCount.add(1, 0));
  WarmUpRule byWall(options);
  CHECK(!byWall.add(100, 999));
  CHECK(byWall.add(50, 1000));
}

CASE(stopping_rule_ends_at_its_number_of_samples) {
  StoppingOptions options;
  options.maximumSamples = 3;
  StoppingRule rule(options);
  CHECK(!rule.add(1, 1));
  CHECK(!rule.add(100, 2));
  CHECK_EQUAL(nameOf(*rule.add(1, 3)), std::string("sample limit"));
}

// Ten equal samples of 10 launches of 6 ms each: 600 ms have been sampled, though the samples add up to 60.
CASE(stopping_rule_counts_every_repeat_of_a_sample) {
  StoppingOptions options;
  StoppingRule rule(options);
  for (int i = 0; i < 9; ++i) CHECK(!rule.add(6e6, 0, 10));
  CHECK_EQUAL(nameOf(*rule.add(6e6, 0, 10)), std::string("converged"));
}
