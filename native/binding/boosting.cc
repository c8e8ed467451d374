#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/interruption.h"
#include "binding/arguments.h"
#include "binding/booster_object.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/worker.h"
#include "boosting/booster.h"
#include "boosting/training.h"

namespace orion::binding {
namespace {

using boosting::Booster;
using boosting::Parameters;
using boosting::Tree;

// The ranges below are those of a number at all; `boosting::validate` knows what each parameter may be.
constexpr double largest = std::numeric_limits<double>::max();

/** monotoneConstraints: a number per column. */
std::vector<std::int8_t> directionsOf(const Arguments& arguments, const Napi::Object& from) {
  const Napi::Value value = from.Get("monotoneConstraints");
  const char* expected = "an array of -1, 0 or 1 for each column";
  if (!value.IsArray()) arguments.reject("monotoneConstraints", expected, value);
  const auto array = value.As<Napi::Array>();
  std::vector<std::int8_t> directions;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value each = array[i];
    const double direction = each.IsNumber() ? each.As<Napi::Number>().DoubleValue() : 2;
    if (direction != -1 && direction != 0 && direction != 1) arguments.reject("monotoneConstraints", expected, each);
    directions.push_back(static_cast<std::int8_t>(direction));
  }
  return directions;
}

Parameters parametersOf(const Arguments& arguments, const Napi::Object& from) {
  const auto integer = [&](const char* name) {
    return arguments.integer(from, name, 0, std::numeric_limits<std::uint32_t>::max());
  };
  const auto number = [&](const char* name) { return arguments.number(from, name, -largest, largest); };

  Parameters parameters;
  parameters.treeMethod = arguments.oneOf(from, "treeMethod", {"exact", "hist"}) == "hist"
                              ? boosting::TreeMethod::Histogram
                              : boosting::TreeMethod::Precise;
  const std::string loss = arguments.oneOf(from, "loss", {"squared", "absolute", "quantile"});
  parameters.loss = loss == "squared"    ? boosting::LossKind::Squared
                    : loss == "absolute" ? boosting::LossKind::Absolute
                                         : boosting::LossKind::Quantile;
  parameters.quantile = number("quantileAlpha");
  parameters.monotone = directionsOf(arguments, from);
  parameters.earlyStoppingRounds = integer("earlyStoppingRounds");
  parameters.trees = integer("nEstimators");
  parameters.learningRate = number("learningRate");
  parameters.maxDepth = integer("maxDepth");
  parameters.rowShare = number("subsample");
  parameters.columnShare = number("colsampleBytree");
  parameters.lambda = number("regLambda");
  parameters.alpha = number("regAlpha");
  parameters.minChildWeight = number("minChildWeight");
  parameters.gamma = number("gamma");
  parameters.maxBins = integer("maxBin");
  parameters.seed = integer("seed");
  parameters.threads = integer("threads");
  boosting::validate(parameters);
  return parameters;
}

/** A matrix with its targets, copied. */
struct OwnedExamples {
  std::vector<float> features;
  std::size_t rows;
  std::size_t columns;
  std::vector<float> targets;

  boosting::Examples view() const { return {features.data(), rows, columns, targets.data()}; }
};

/**
 * Hands progress to JavaScript, at most every `intervalMs` and without waiting for its answer: the fit goes on until an
 * answer was `false`.
 */
class ProgressCalls {
 public:
  ProgressCalls(Napi::Env env, const Napi::Function& callback)
      : calls_(Napi::ThreadSafeFunction::New(env, callback, "boosting.train", 1, 1)) {}
  ~ProgressCalls() { calls_.Release(); }

  bool operator()(const boosting::Progress& progress) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ >= std::chrono::milliseconds(intervalMs)) {
      last_ = now;
      const auto stop = stop_;
      calls_.NonBlockingCall([progress, stop](Napi::Env env, Napi::Function callback) {
        if (*stop) return;
        const auto trees = Napi::Number::New(env, static_cast<double>(progress.trees));
        const auto error = Napi::Number::New(env, progress.evaluationError);
        const Napi::Value answer = callback.Call({trees, error});
        if (answer.IsBoolean() && !answer.As<Napi::Boolean>()) *stop = true;
      });
    }
    return !*stop_;
  }

  /** No call that is still on its way reaches JavaScript. */
  void end() { *stop_ = true; }

 private:
  static constexpr int intervalMs = 20;

  Napi::ThreadSafeFunction calls_;
  std::shared_ptr<std::atomic<bool>> stop_ = std::make_shared<std::atomic<bool>>(false);
  std::chrono::steady_clock::time_point last_{};
};

/** boosting.train(features, rows, columns, targets, parameters, evaluation, onProgress) */
Napi::Value train(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "boosting.train");
  const auto rows = static_cast<std::size_t>(arguments.integer(1, "rows", 1, mostRows));
  const auto columns = static_cast<std::size_t>(arguments.integer(2, "columns", 1, mostRows));
  const Parameters parameters = parametersOf(arguments, arguments.options(4, "parameters"));
  const auto examples = std::make_shared<const OwnedExamples>(
      OwnedExamples{copyOfFloats(arguments, info[0], "features", rows, columns), rows, columns,
                    copyOfFloats(arguments, info[3], "targets", rows, 1)});
  std::shared_ptr<const OwnedExamples> evaluation;
  if (info[5].IsObject()) {
    const Napi::Object from = arguments.options(5, "evaluation");
    const auto count = static_cast<std::size_t>(arguments.integer(from, "rows", 1, mostRows));
    evaluation = std::make_shared<const OwnedExamples>(
        OwnedExamples{copyOfFloats(arguments, from.Get("features"), "evaluation.features", count, columns), count,
                      columns, copyOfFloats(arguments, from.Get("targets"), "evaluation.targets", count, 1)});
  }
  std::shared_ptr<ProgressCalls> progress;
  if (info[6].IsFunction()) progress = std::make_shared<ProgressCalls>(info.Env(), info[6].As<Napi::Function>());

  return runAsync(
      info.Env(),
      [=]() -> SharedBooster {
        const auto onProgress = [&](const boosting::Progress& done) {
          return !isInterrupted() && (!progress || (*progress)(done));
        };
        std::optional<boosting::Examples> held;
        if (evaluation) held = evaluation->view();
        std::optional<Booster> booster = boosting::train(examples->view(), parameters, held, onProgress);
        if (progress) progress->end();
        return booster ? std::make_shared<const Booster>(std::move(*booster)) : nullptr;
      },
      wrapBooster);
}

/** boosting.load(columns, baseScore, trees) */
Napi::Value load(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "boosting.load");
  const auto columns = static_cast<std::size_t>(arguments.integer(0, "columns", 1, mostRows));
  const double baseScore = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : std::nan("");
  if (!std::isfinite(baseScore)) arguments.reject("baseScore", "a finite number", info[1]);
  std::vector<Tree> trees = treesOf(arguments, arguments.options(2, "trees"));
  return wrapBooster(info.Env(),
                     std::make_shared<const Booster>(columns, static_cast<float>(baseScore), std::move(trees)));
}

}  // namespace

Napi::Object makeBoosting(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setAsyncFunction<train>(engine, "train");
  setFunction<load>(engine, "load");
  return engine;
}

}  // namespace orion::binding
