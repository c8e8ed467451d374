#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/worker.h"
#include "boosting/booster.h"

namespace orion::binding {
namespace {

using boosting::Booster;
using boosting::Parameters;

constexpr std::int64_t mostRows = std::numeric_limits<std::int32_t>::max();

// The ranges below are those of a number at all; `boosting::validate` knows what each parameter may be.
constexpr double largest = std::numeric_limits<double>::max();

Parameters parametersOf(const Arguments& arguments, const Napi::Object& from) {
  const auto integer = [&](const char* name) {
    return arguments.integer(from, name, 0, std::numeric_limits<std::uint32_t>::max());
  };
  const auto number = [&](const char* name) { return arguments.number(from, name, -largest, largest); };

  Parameters parameters;
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

/** A copy, so that JavaScript may change or free the array meanwhile. Checks that it is [rows, columns]. */
std::vector<float> copyOf(const Arguments& arguments, std::size_t position, const char* name, std::size_t rows,
                          std::size_t columns) {
  const Napi::Float32Array array = arguments.float32Array(position, name);
  if (array.ElementLength() != rows * columns) {
    arguments.reject(name, "a Float32Array of " + std::to_string(rows) + " x " + std::to_string(columns) + " values",
                     Napi::Number::New(array.Env(), static_cast<double>(array.ElementLength())));
  }
  return {array.Data(), array.Data() + array.ElementLength()};
}

/** booster.predict(features, rows); the model is the function's data. */
Napi::Value predict(const Napi::CallbackInfo& info) {
  const auto& booster = *static_cast<const Booster*>(info.Data());
  const Arguments arguments(info, "booster.predict");
  const auto rows = static_cast<std::size_t>(arguments.integer(1, "rows", 0, mostRows));
  const std::vector<float> features = copyOf(arguments, 0, "features", rows, booster.columns());
  const std::vector<float> predictions = booster.predict(features.data(), rows);

  Napi::Float32Array result = Napi::Float32Array::New(info.Env(), rows);
  std::copy(predictions.begin(), predictions.end(), result.Data());
  return result;
}

/** `NativeBooster` of src/base/native.ts. The function `predict` owns the model. */
Napi::Value wrap(Napi::Env env, std::unique_ptr<Booster>& booster) {
  Napi::Object object = Napi::Object::New(env);
  object["columns"] = static_cast<double>(booster->columns());
  object["trees"] = static_cast<double>(booster->trees());

  Booster* model = booster.release();
  const Napi::Function function = Napi::Function::New(env, guarded<predict>, "predict", model);
  function.AddFinalizer([](Napi::Env, Booster* unused) { delete unused; }, model);
  object["predict"] = function;
  return object;
}

/** boosting.train(features, rows, columns, targets, parameters) */
Napi::Value train(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "boosting.train");
  const auto rows = static_cast<std::size_t>(arguments.integer(1, "rows", 1, mostRows));
  const auto columns = static_cast<std::size_t>(arguments.integer(2, "columns", 1, mostRows));
  const Parameters parameters = parametersOf(arguments, arguments.options(4, "parameters"));
  std::vector<float> features = copyOf(arguments, 0, "features", rows, columns);
  std::vector<float> targets = copyOf(arguments, 3, "targets", rows, 1);

  return runAsync(
      info.Env(),
      [features = std::move(features), rows, columns, targets = std::move(targets), parameters] {
        return std::make_unique<Booster>(boosting::train(features.data(), rows, columns, targets.data(), parameters));
      },
      wrap);
}

}  // namespace

Napi::Object makeBoosting(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<train>(engine, "train");
  return engine;
}

}  // namespace orion::binding
