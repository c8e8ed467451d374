// Trees worked by hand: gain = G^2/(n + lambda), weight = -G/(n + lambda), gradients G = 0.5 - target in the first
// tree.
#include "boosting/training.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "boosting/bins.h"
#include "boosting/column_classes.h"
#include "boosting/gradients.h"
#include "boosting/packed.h"
#include "boosting/sampling.h"
#include "boosting/thread_pool.h"
#include "check.h"

namespace {

using orion::boosting::Booster;
using orion::boosting::Parameters;
using orion::boosting::train;
using orion::boosting::TreeMethod;

constexpr float missing = std::numeric_limits<float>::quiet_NaN();

/** One tree of one level, learning rate 1, lambda 1. */
Parameters stump() {
  Parameters parameters;
  parameters.trees = 1;
  parameters.maxDepth = 1;
  parameters.learningRate = 1;
  return parameters;
}

/** Trained on one column. */
Booster fitColumn(const std::vector<float>& values, const std::vector<float>& targets, const Parameters& parameters) {
  return train(values.data(), values.size(), 1, targets.data(), parameters);
}

float predictOne(const Booster& booster, float value) { return booster.predict(&value, 1)[0]; }

struct Table {
  std::size_t rows;
  std::size_t columns;
  std::vector<float> features;
  std::vector<float> targets;
};

/** Continuous, coarse and partly missing columns. */
Table randomTable(std::size_t rows) {
  Table table{rows, 6, {}, {}};
  std::mt19937 random(7);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (std::size_t row = 0; row < rows; ++row) {
    float x[6];
    for (float& value : x) value = uniform(random);
    x[2] = std::round(x[2] * 3);
    x[3] = x[3] > 0;
    if (uniform(random) > 0.6f) x[4] = missing;
    table.targets.push_back(4 * x[0] + x[1] * x[2] + 2 * x[3] + (std::isnan(x[4]) ? 1 : x[4]) + 0.1f * uniform(random));
    table.features.insert(table.features.end(), x, x + 6);
  }
  return table;
}

std::vector<float> fitAndPredict(const Table& table, const Parameters& parameters) {
  const Booster booster = train(table.features.data(), table.rows, table.columns, table.targets.data(), parameters);
  return booster.predict(table.features.data(), table.rows);
}

bool sameBits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

// Gradients -1, -1, -4, -5. Gains over the node's 121/5: 1.3 after the first row, 4.13 after the second, less after the
// third.
const std::vector<float> fourValues{1, 2, 3, 4};
const std::vector<float> fourTargets{1.5, 1.5, 4.5, 5.5};

}  // namespace

CASE(split_and_leaf_weights_of_a_tree_worked_by_hand) {
  const Booster booster = fitColumn(fourValues, fourTargets, stump());
  CHECK_EQUAL(booster.columns(), 1u);
  CHECK_EQUAL(booster.trees().size(), 1u);
  CHECK_NEAR(predictOne(booster, 2), 0.5 + 2.0 / 3, 1e-6);
  CHECK_NEAR(predictOne(booster, 3), 0.5 + 9.0 / 3, 1e-6);
}

CASE(threshold_is_midway_and_belongs_to_the_right) {
  const Booster booster = fitColumn(fourValues, fourTargets, stump());
  CHECK_EQUAL(predictOne(booster, std::nextafter(2.5f, 0.0f)), predictOne(booster, 1));
  CHECK_EQUAL(predictOne(booster, 2.5f), predictOne(booster, 4));
}

CASE(second_level_splits_what_the_first_one_left) {
  Parameters parameters = stump();
  parameters.maxDepth = 2;
  parameters.lambda = 0;
  // Without a penalty: 1 | 2 stay together (equal targets, no gain), 3 and 4 part and are met exactly.
  const Booster booster = fitColumn(fourValues, fourTargets, parameters);
  CHECK_EQUAL(predictOne(booster, 1), 1.5f);
  CHECK_EQUAL(predictOne(booster, 3), 4.5f);
  CHECK_EQUAL(predictOne(booster, 4), 5.5f);
}

CASE(alpha_shrinks_sums_towards_zero) {
  Parameters parameters = stump();
  parameters.alpha = 1;
  const Booster booster = fitColumn(fourValues, fourTargets, parameters);
  CHECK_NEAR(predictOne(booster, 1), 0.5 + (2.0 - 1) / 3, 1e-6);
  CHECK_NEAR(predictOne(booster, 4), 0.5 + (9.0 - 1) / 3, 1e-6);
}

CASE(gamma_above_the_gain_prunes_the_split) {
  Parameters parameters = stump();
  parameters.gamma = 4.2;
  const Booster booster = fitColumn(fourValues, fourTargets, parameters);
  CHECK_NEAR(predictOne(booster, 1), 0.5 + 11.0 / 5, 1e-6);
  CHECK_NEAR(predictOne(booster, 4), 0.5 + 11.0 / 5, 1e-6);
}

CASE(min_child_weight_forbids_small_children) {
  Parameters parameters = stump();
  parameters.minChildWeight = 3;
  CHECK_NEAR(predictOne(fitColumn(fourValues, fourTargets, parameters), 1), 0.5 + 11.0 / 5, 1e-6);
}

CASE(missing_values_learn_to_go_right) {
  const Booster booster = fitColumn({1, 2, missing, missing}, {0.5, 3.5, 3.5, 3.5}, stump());
  CHECK_EQUAL(predictOne(booster, 1), 0.5f);
  CHECK_NEAR(predictOne(booster, missing), 0.5 + 9.0 / 4, 1e-6);
  CHECK_NEAR(predictOne(booster, 2), 0.5 + 9.0 / 4, 1e-6);
}

CASE(missing_values_learn_to_go_left) {
  const Booster booster = fitColumn({1, 2, missing, missing}, {3.5, 0.5, 3.5, 3.5}, stump());
  CHECK_NEAR(predictOne(booster, 1), 0.5 + 9.0 / 4, 1e-6);
  CHECK_NEAR(predictOne(booster, missing), 0.5 + 9.0 / 4, 1e-6);
  CHECK_EQUAL(predictOne(booster, 2), 0.5f);
}

CASE(missing_values_part_from_all_others) {
  const Booster booster = fitColumn({1, 2, missing, missing}, {0.5, 0.5, 3.5, 3.5}, stump());
  CHECK_EQUAL(predictOne(booster, 1), 0.5f);
  CHECK_EQUAL(predictOne(booster, 2), 0.5f);
  CHECK_NEAR(predictOne(booster, missing), 0.5 + 6.0 / 3, 1e-6);
}

CASE(constant_or_empty_column_gives_one_leaf) {
  CHECK_NEAR(predictOne(fitColumn({5, 5, 5}, {1.5, 2.5, 3.5}, stump()), 9), 0.5 + 6.0 / 4, 1e-6);
  CHECK_NEAR(predictOne(fitColumn({missing, missing}, {1.5, 2.5}, stump()), 9), 0.5 + 3.0 / 3, 1e-6);
}

CASE(one_row_gives_one_leaf) { CHECK_NEAR(predictOne(fitColumn({5}, {2.5}, stump()), 5), 0.5 + 2.0 / 2, 1e-6); }

CASE(of_equal_columns_the_lower_one_splits) {
  // Both order the rows alike; only the first column's threshold, 2.5, tells which one was taken.
  const std::vector<float> features{1, 10, 2, 20, 3, 30, 4, 40};
  const Booster booster = train(features.data(), 4, 2, fourTargets.data(), stump());
  const float lowThenHigh[]{1, 40};
  CHECK_NEAR(booster.predict(lowThenHigh, 1)[0], 0.5 + 2.0 / 3, 1e-6);
}

CASE(model_is_the_same_for_any_number_of_threads) {
  // Large enough for nodes of all kinds: searched together, from histograms, their differences, and few rows.
  const Table table = randomTable(6000);
  for (const TreeMethod method : {TreeMethod::Precise, TreeMethod::Histogram}) {
    Parameters parameters;
    parameters.treeMethod = method;
    parameters.trees = 10;
    parameters.maxDepth = 8;
    parameters.rowShare = 0.8;
    parameters.columnShare = 0.7;
    const std::vector<float> one = fitAndPredict(table, parameters);
    for (const std::int64_t threads : {2, 3, 7}) {
      parameters.threads = threads;
      CHECK(sameBits(fitAndPredict(table, parameters), one));
    }
  }
}

CASE(histogram_method_agrees_with_the_precise_one) {
  // Few distinct values: both methods have the same candidates, and differ by the rounding of packed sums and by the
  // thresholds of values that no training row of a node has.
  Table table = randomTable(3000);
  for (float& value : table.features) value = std::round(value * 20) / 20;
  for (const double alpha : {0.0, 3.0}) {
    Parameters parameters;
    parameters.trees = 30;
    parameters.alpha = alpha;
    parameters.minChildWeight = 4;
    const std::vector<float> precise = fitAndPredict(table, parameters);
    parameters.treeMethod = TreeMethod::Histogram;
    const std::vector<float> histogram = fitAndPredict(table, parameters);
    std::size_t different = 0;
    for (std::size_t row = 0; row < table.rows; ++row) different += std::abs(precise[row] - histogram[row]) > 1e-3f;
    CHECK(different < table.rows / 100);
  }
}

CASE(histogram_method_splits_as_worked_by_hand) {
  Parameters parameters = stump();
  parameters.treeMethod = TreeMethod::Histogram;
  const Booster booster = fitColumn(fourValues, fourTargets, parameters);
  CHECK_NEAR(predictOne(booster, 2), 0.5 + 2.0 / 3, 1e-6);
  CHECK_NEAR(predictOne(booster, 3), 0.5 + 9.0 / 3, 1e-6);
  CHECK_EQUAL(predictOne(booster, 2.5f), predictOne(booster, 4));
  const Booster right = fitColumn({1, 2, missing, missing}, {0.5, 3.5, 3.5, 3.5}, parameters);
  CHECK_NEAR(predictOne(right, missing), 0.5 + 9.0 / 4, 1e-6);
  const Booster left = fitColumn({1, 2, missing, missing}, {3.5, 0.5, 3.5, 3.5}, parameters);
  CHECK_NEAR(predictOne(left, missing), 0.5 + 9.0 / 4, 1e-6);
  const Booster apart = fitColumn({1, 2, missing, missing}, {0.5, 0.5, 3.5, 3.5}, parameters);
  CHECK_NEAR(predictOne(apart, missing), 0.5 + 6.0 / 3, 1e-6);
  CHECK_EQUAL(predictOne(apart, 1), 0.5f);
}

CASE(packed_sums_are_exact_over_all_rows) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> uniform(-1, 1);
  std::vector<double> gradients(20000);
  for (double& gradient : gradients) gradient = uniform(random);
  gradients[0] = 1;
  for (std::size_t row = 1; row < 9000; ++row) gradients[row] = 1;  // a sum near the limit
  orion::boosting::PackedGradients packed;
  orion::boosting::packGradients(gradients, packed);
  orion::boosting::Packed all = 0;
  double sum = 0;
  for (std::size_t row = 0; row < gradients.size(); ++row) {
    all += packed.values[row];
    sum += gradients[row];
  }
  CHECK_EQUAL(orion::boosting::countOf(all), 20000);
  CHECK_NEAR(static_cast<double>(orion::boosting::gradientOf(all)) * packed.step, sum, 20000 * packed.step);
  CHECK(packed.step < 1e-6);
}

CASE(more_columns_than_rows_and_duplicate_columns) {
  const Table wide = [] {
    Table table{3, 40, {}, {1, 2, 4}};
    for (int row = 0; row < 3; ++row) table.features.insert(table.features.end(), 40, static_cast<float>(row));
    return table;
  }();
  for (const TreeMethod method : {TreeMethod::Precise, TreeMethod::Histogram}) {
    Parameters parameters;
    parameters.treeMethod = method;
    parameters.trees = 200;
    parameters.lambda = 0;
    const Booster booster = train(wide.features.data(), 3, 40, wide.targets.data(), parameters);
    const std::vector<float> predictions = booster.predict(wide.features.data(), 3);
    for (std::size_t row = 0; row < 3; ++row) CHECK_NEAR(predictions[row], wide.targets[row], 2e-3);
    // All columns say the same: the first one is taken.
    for (const auto& node : booster.trees()[0]) CHECK_EQUAL(node.column, 0u);
  }
}

CASE(columns_that_part_the_rows_alike_are_one_class) {
  const std::vector<float> features = {
      1, -1, 5, 1, 7,        //
      2, -2, 6, 1, missing,  //
      3, -3, 6, 1, 8,        //
      1, -1, 5, 1, 7,
  };
  orion::boosting::ThreadPool pool(1);
  const std::vector<orion::boosting::BinnedColumn> columns =
      orion::boosting::binColumns(features.data(), 4, 5, 255, pool);
  const std::vector<std::uint32_t> classes = orion::boosting::columnClasses(columns, 4);
  CHECK((classes == std::vector<std::uint32_t>{0, 0, 2, 3, 4}));
  CHECK((orion::boosting::distinctColumns({0, 1, 2, 3, 4}, classes, columns) == std::vector<std::uint32_t>{0, 2, 4}));
  CHECK((orion::boosting::distinctColumns({1, 4}, classes, columns) == std::vector<std::uint32_t>{1, 4}));
}

CASE(few_rows_are_parted_as_column_by_column) {
  // A column of missing values alone splits nothing, and has every other column searched on its own.
  const Table table = randomTable(60);
  const auto widened = [&](float last) {
    std::vector<float> features;
    for (std::size_t row = 0; row < table.rows; ++row) {
      for (std::size_t column : {0, 1, 2}) {
        const float value = table.features[row * table.columns + column];
        features.push_back(std::isnan(value) ? 0 : value);
      }
      features.push_back(last);
    }
    return features;
  };
  Parameters parameters;
  parameters.trees = 30;
  parameters.maxDepth = 9;
  const std::vector<float> complete = widened(0);
  const std::vector<float> gap = widened(missing);
  const Booster together = train(complete.data(), table.rows, 4, table.targets.data(), parameters);
  const Booster apart = train(gap.data(), table.rows, 4, table.targets.data(), parameters);
  const std::vector<float> ours = together.predict(complete.data(), table.rows);
  const std::vector<float> others = apart.predict(complete.data(), table.rows);
  std::size_t equal = 0;
  for (std::size_t row = 0; row < table.rows; ++row) equal += ours[row] == others[row] ? 1 : 0;
  CHECK_EQUAL(equal, table.rows);
}

CASE(a_single_row_gives_its_target_by_either_method) {
  Parameters parameters = stump();
  parameters.treeMethod = TreeMethod::Histogram;
  CHECK_NEAR(predictOne(fitColumn({5}, {2.5}, parameters), 5), 0.5 + 2.0 / 2, 1e-6);
  CHECK_NEAR(predictOne(fitColumn({missing, missing}, {1.5, 2.5}, parameters), 9), 0.5 + 3.0 / 3, 1e-6);
}

CASE(extreme_finite_values_split) {
  const float most = std::numeric_limits<float>::max();
  for (const TreeMethod method : {TreeMethod::Precise, TreeMethod::Histogram}) {
    Parameters parameters = stump();
    parameters.treeMethod = method;
    const Booster booster = fitColumn({-most, most}, {0.5, 3.5}, parameters);
    CHECK_EQUAL(predictOne(booster, -most), 0.5f);
    CHECK_NEAR(predictOne(booster, most), 0.5 + 3.0 / 2, 1e-6);
  }
}

CASE(as_many_distinct_values_as_a_float_counts) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  check::skip("under a sanitizer it takes longer than a test may");
#endif
  // 2^24 rows, all different: more than packed sums can count, and than there can be bins, which hold 257 rows or less.
  const std::size_t rows = std::size_t{1} << 24;
  std::vector<float> values(rows);
  std::vector<float> targets(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    values[row] = static_cast<float>(row);
    targets[row] = row < rows / 4 ? 1.0f : 3.0f;
  }
  Parameters parameters = stump();
  parameters.maxBins = 65535;
  parameters.threads = 2;
  const Booster booster = train(values.data(), rows, 1, targets.data(), parameters);
  const float change = static_cast<float>(rows / 4);
  CHECK_NEAR(predictOne(booster, 0), 1, 2e-4);
  CHECK_NEAR(predictOne(booster, change - 257), 1, 2e-4);
  CHECK_NEAR(predictOne(booster, change + 257), 3, 2e-4);
  CHECK_NEAR(predictOne(booster, static_cast<float>(rows - 1)), 3, 2e-4);
}

namespace {

/** Of any shape up to `levels`, thresholds among `grid` values of -1 to 1. */
orion::boosting::Tree randomTree(std::mt19937& random, int levels, std::uint32_t columns, int grid) {
  orion::boosting::Tree tree(1);
  std::vector<int> depths{0};
  for (std::size_t i = 0; i < tree.size(); ++i) {
    tree[i].weight = static_cast<float>(random() % 2000) / 1000 - 1;
    if (depths[i] == levels || (depths[i] > 0 && random() % 4 == 0)) continue;
    tree[i].leftChild = static_cast<std::int32_t>(tree.size());
    tree[i].column = random() % columns;
    tree[i].threshold = static_cast<float>(random() % grid) / static_cast<float>(grid) * 2 - 1;
    tree[i].missingLeft = random() % 2 == 0;
    tree.resize(tree.size() + 2);
    depths.resize(tree.size(), depths[i] + 1);
  }
  return tree;
}

}  // namespace

CASE(many_rows_are_predicted_as_each_one_alone) {
  struct Shape {
    std::size_t trees;
    int levels;
    std::uint32_t columns;
    int grid;
  };
  // Up to four registers of ranks, up to four levels of thresholds, and beyond what is walked by ranks.
  const std::vector<Shape> shapes{{1, 1, 1, 8},    {5, 3, 2, 10},      {6, 4, 33, 500},   {30, 6, 64, 40},
                                  {12, 9, 65, 9},  {40, 9, 97, 300},   {40, 9, 128, 300}, {40, 9, 129, 300},
                                  {4, 10, 20, 50}, {300, 9, 2, 100000}};
  std::mt19937 random(11);
  for (const auto& [count, levels, columns, grid] : shapes) {
    std::vector<orion::boosting::Tree> trees;
    for (std::size_t i = 0; i < count; ++i) trees.push_back(randomTree(random, levels, columns, grid));
    const Booster booster(columns, 0.25f, trees);
    // Not a multiple of what is predicted together, and many values that are thresholds.
    const std::size_t rows = 10'333;
    std::vector<float> features(rows * columns);
    for (float& value : features) value = static_cast<float>(random() % (2 * grid)) / static_cast<float>(grid) * 2 - 2;
    features[5'000 * columns] = missing;
    features[7'000 * columns] = -0.0f;
    const std::vector<float> predictions = booster.predict(features.data(), rows, 2);
    bool asOneByOne = true;
    for (std::size_t row = 0; row < rows; ++row) {
      const float* its = features.data() + row * columns;
      float sum = 0.25f;
      for (const auto& tree : booster.trees()) sum += orion::boosting::leafOf(tree, its).weight;
      asOneByOne &= sum == predictions[row];
    }
    CHECK(asOneByOne);
    features[9'001 * columns] = std::numeric_limits<float>::infinity();
    CHECK_EQUAL(SENTENCE_OF(BadInput, booster.predict(features.data(), rows, 2)),
                "boosting: the feature in row 9001, column 0 is infinite; expected a finite number, or NaN for a "
                "missing value.");
  }
}

CASE(contributions_of_a_tree_worked_by_hand) {
  // x0 and x1 by turns: leaves 1, 2 | 5 with 1, 1 and 2 rows. Means: all 3.25; x0 left 1.5; x1 known to be low: 0.5 * 1
  // + 0.5 * 5 = 3. Shapley values of (low, low): x0 = ((1.5 - 3.25) + (1 - 3)) / 2, x1 = ((3 - 3.25) + (1 - 1.5)) / 2.
  orion::boosting::Tree tree(5);
  tree[0] = {1, 0, 0.5f, true, 1, 0, 4};
  tree[1] = {3, 1, 0.5f, true, 1, 0, 2};
  tree[2] = {-1, 0, 0, true, 0, 5, 2};
  tree[3] = {-1, 0, 0, true, 0, 1, 1};
  tree[4] = {-1, 0, 0, true, 0, 2, 1};
  const Booster booster(2, 0, {tree});
  const float low[]{0, 0};
  const std::vector<double> contributions = booster.contributions(low, 1);
  CHECK_NEAR(contributions[0], -1.875, 1e-12);
  CHECK_NEAR(contributions[1], -0.375, 1e-12);
  CHECK_NEAR(contributions[2], 3.25, 1e-12);
}

CASE(model_depends_on_the_seed_alone) {
  const Table table = randomTable(400);
  Parameters parameters;
  parameters.trees = 5;
  parameters.rowShare = 0.5;
  const std::vector<float> first = fitAndPredict(table, parameters);
  CHECK(sameBits(fitAndPredict(table, parameters), first));
  parameters.seed = 1;
  CHECK(!sameBits(fitAndPredict(table, parameters), first));
}

CASE(training_rows_are_met_with_enough_trees) {
  const Table table = randomTable(500);
  Parameters parameters;
  parameters.trees = 400;
  parameters.lambda = 0;
  const std::vector<float> predictions = fitAndPredict(table, parameters);
  for (std::size_t row = 0; row < table.rows; ++row) CHECK_NEAR(predictions[row], table.targets[row], 0.01);
}

orion::boosting::BinnedColumn binned(const std::vector<float>& values, std::uint32_t maxBins) {
  orion::boosting::ThreadPool pool(1);
  return orion::boosting::binColumns(values.data(), static_cast<std::uint32_t>(values.size()), 1, maxBins, pool)[0];
}

CASE(bins_of_few_distinct_values_are_single_values) {
  const std::vector<float> values{3, 1, missing, 1, 2};
  const auto column = binned(values, 3);
  CHECK_EQUAL(column.bins, 3u);
  CHECK(column.hasMissing);
  CHECK(column.smallest == column.largest);
  const std::vector<std::uint32_t> expected{2, 0, 3, 0, 1};
  for (std::uint32_t row = 0; row < 5; ++row) CHECK_EQUAL(column.binOf(row), expected[row]);
  CHECK_EQUAL(column.thresholdBetween(0, 2), 2.0f);
}

CASE(bins_of_many_values_hold_equal_shares) {
  std::vector<float> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>((i * 7) % 1000);
  const auto column = binned(values, 10);
  CHECK_EQUAL(column.bins, 10u);
  for (std::uint32_t bin = 0; bin < 10; ++bin) {
    CHECK_EQUAL(column.smallest[bin], 100.0f * static_cast<float>(bin));
    CHECK_EQUAL(column.largest[bin], 100.0f * static_cast<float>(bin) + 99);
  }
}

CASE(equal_values_share_a_bin) {
  std::vector<float> values(100, 7.0f);
  for (std::size_t i = 0; i < 10; ++i) values[i] = static_cast<float>(i) * 2;
  const auto column = binned(values, 4);
  CHECK(column.bins <= 4);
  for (std::uint32_t row = 11; row < 100; ++row) CHECK_EQUAL(column.binOf(row), column.binOf(10));
}

CASE(bins_ascend_as_their_values_do) {
  constexpr float infinitesimal = std::numeric_limits<float>::denorm_min();
  const std::vector<float> ascending{-3e38f, -2, -1e-30f, -infinitesimal, 0, infinitesimal, 1e-30f, 2, 3e38f};
  const std::vector<std::uint32_t> places{4, 0, 8, 2, 6, 1, 3, 7, 5};
  std::vector<float> values;
  for (const std::uint32_t place : places) values.push_back(ascending[place]);
  values.push_back(-0.0f);
  const auto column = binned(values, 255);
  CHECK(column.smallest == ascending);
  for (std::uint32_t row = 0; row < places.size(); ++row) CHECK_EQUAL(column.binOf(row), places[row]);
  CHECK_EQUAL(column.binOf(9), 4u);
}

CASE(columns_are_binned_alike_alone_and_together) {
  constexpr std::uint32_t rows = 300;
  constexpr std::uint32_t columns = 11;
  std::mt19937 random(5);
  std::normal_distribution<float> normal;
  std::vector<float> values(rows * columns);
  for (float& value : values) value = random() % 7 == 0 ? missing : normal(random);
  for (const std::size_t threads : {1, 3}) {
    orion::boosting::ThreadPool pool(threads);
    const auto together = orion::boosting::binColumns(values.data(), rows, columns, 20, pool);
    for (std::uint32_t column = 0; column < columns; ++column) {
      std::vector<float> its;
      for (std::uint32_t row = 0; row < rows; ++row) its.push_back(values[row * columns + column]);
      const auto alone = binned(its, 20);
      CHECK(together[column].narrow == alone.narrow);
      CHECK(together[column].largest == alone.largest);
      for (std::uint32_t row = 0; row < rows; ++row) {
        const auto least = std::lower_bound(alone.largest.begin(), alone.largest.end(), its[row]);
        const auto expected = std::isnan(its[row]) ? 20 : least - alone.largest.begin();
        CHECK_EQUAL(static_cast<std::ptrdiff_t>(alone.binOf(row)), static_cast<std::ptrdiff_t>(expected));
      }
    }
  }
}

CASE(threshold_parts_neighbouring_floats) {
  const float below = 1.0f;
  const float above = std::nextafter(below, 2.0f);
  const std::vector<float> values{below, above};
  const float threshold = binned(values, 2).thresholdBetween(0, 1);
  CHECK(below < threshold);
  CHECK(!(above < threshold));
}

CASE(gradient_sums_do_not_depend_on_the_order) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<double> exact(10000);
  for (double& gradient : exact) gradient = 0.5 + std::exp(2 * normal(random));
  std::vector<double> gradients = exact;
  orion::boosting::roundToGrid(gradients);
  double forward = 0;
  double backward = 0;
  for (std::size_t i = 0; i < gradients.size(); ++i) forward += gradients[i];
  for (std::size_t i = gradients.size(); i-- > 0;) backward += gradients[i];
  CHECK_EQUAL(forward, backward);
  const double largest = *std::max_element(gradients.begin(), gradients.end());
  for (std::size_t i = 0; i < gradients.size(); ++i) CHECK_NEAR(gradients[i], exact[i], 1e-10 * largest);
}

CASE(sample_has_the_share_that_was_asked_for) {
  orion::boosting::Sampler sampler(42, 0.9, 0.25);
  const auto sample = sampler.next(10000, 10);
  CHECK_NEAR(static_cast<double>(sample.rows.size()), 9000, 150);  // 5 standard deviations
  CHECK_EQUAL(sample.rows.size() + sample.left.size(), 10000u);
  CHECK_EQUAL(sample.columns.size(), 2u);
  CHECK(sampler.next(10000, 10).rows != sample.rows);
}

CASE(pool_runs_every_task_once_and_passes_exceptions_on) {
  orion::boosting::ThreadPool pool(4);
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::vector<int> calls(37, 0);
    pool.forEach(calls.size(), [&](std::size_t index, std::size_t) { ++calls[index]; });
    for (const int count : calls) CHECK_EQUAL(count, 1);
  }
  SENTENCE_OF(BadInput, pool.forEach(9, [](std::size_t index, std::size_t) {
    if (index == 5) throw orion::Error(orion::ErrorCode::BadInput, "five");
  }));
}

CASE(bad_input_gets_a_sentence) {
  const float infinity = std::numeric_limits<float>::infinity();
  CHECK_EQUAL(
      SENTENCE_OF(BadInput, fitColumn({1, infinity}, {1, 2}, stump())),
      "boosting: the feature in row 1, column 0 is infinite; expected a finite number, or NaN for a missing value.");
  CHECK_EQUAL(SENTENCE_OF(BadInput, fitColumn({1, 2}, {1, infinity}, stump())),
              "boosting: the target of row 1 is inf; expected a finite number.");
  CHECK_EQUAL(
      SENTENCE_OF(BadInput, fitColumn({}, {}, stump())),
      "boosting: the features have 0 rows and 1 columns; expected at least one of each, and no more than 2^31 - 1.");
  SENTENCE_OF(BadInput, predictOne(fitColumn({1}, {1}, stump()), infinity));
}

CASE(bad_parameters_are_named) {
  const auto sentenceWith = [](auto change) {
    Parameters parameters = stump();
    change(parameters);
    return SENTENCE_OF(BadInput, fitColumn({1}, {1}, parameters));
  };
  CHECK_EQUAL(sentenceWith([](Parameters& p) { p.rowShare = 0; }),
              "boosting: subsample is 0; expected a share in (0, 1].");
  CHECK_EQUAL(sentenceWith([](Parameters& p) { p.maxBins = 1; }),
              "boosting: maxBin is 1; expected an integer from 2 to 65535.");
  CHECK_EQUAL(sentenceWith([](Parameters& p) { p.lambda = -1; }),
              "boosting: regLambda is -1; expected a finite number, 0 or more.");
  CHECK_EQUAL(sentenceWith([](Parameters& p) { p.threads = 0; }),
              "boosting: threads is 0; expected an integer from 1 to 1024.");
}
