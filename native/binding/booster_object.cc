#include "binding/booster_object.h"

#include <algorithm>
#include <string>

#include "binding/guard.h"

namespace orion::binding {
namespace {

using boosting::Booster;
using boosting::Tree;
using boosting::TreeNode;

template <typename JsArray, typename Value>
JsArray toArray(Napi::Env env, const std::vector<Value>& values) {
  JsArray result = JsArray::New(env, values.size());
  std::copy(values.begin(), values.end(), result.Data());
  return result;
}

/** The arguments of both kinds of prediction: (features, rows, threads). */
struct Question {
  Question(const Napi::CallbackInfo& info, const char* function, const Booster& booster) {
    const Arguments arguments(info, function);
    rows = static_cast<std::size_t>(arguments.integer(1, "rows", 0, mostRows));
    features = copyOfFloats(arguments, info[0], "features", rows, booster.columns());
    threads = static_cast<std::size_t>(arguments.integer(2, "threads", 1, 1024));
  }

  std::size_t rows;
  std::vector<float> features;
  std::size_t threads;
};

const Booster& boosterOf(const Napi::CallbackInfo& info) { return **static_cast<SharedBooster*>(info.Data()); }

/** booster.predict(features, rows, threads) */
Napi::Value predict(const Napi::CallbackInfo& info) {
  const Booster& booster = boosterOf(info);
  const Question question(info, "booster.predict", booster);
  return toArray<Napi::Float32Array>(info.Env(),
                                     booster.predict(question.features.data(), question.rows, question.threads));
}

/** booster.contributions(features, rows, threads) */
Napi::Value contributions(const Napi::CallbackInfo& info) {
  const Booster& booster = boosterOf(info);
  const Question question(info, "booster.contributions", booster);
  return toArray<Napi::Float64Array>(info.Env(),
                                     booster.contributions(question.features.data(), question.rows, question.threads));
}

/** booster.dump(): `BoosterTrees` of src/base/native.ts. */
Napi::Value dump(const Napi::CallbackInfo& info) {
  const Booster& booster = boosterOf(info);
  std::vector<std::uint32_t> nodes, column;
  std::vector<std::int32_t> leftChild;
  std::vector<float> threshold, gain, weight, cover;
  std::vector<std::uint8_t> missingLeft;
  for (const Tree& tree : booster.trees()) {
    nodes.push_back(static_cast<std::uint32_t>(tree.size()));
    for (const TreeNode& node : tree) {
      leftChild.push_back(node.leftChild);
      column.push_back(node.column);
      threshold.push_back(node.threshold);
      missingLeft.push_back(node.missingLeft);
      gain.push_back(node.gain);
      weight.push_back(node.weight);
      cover.push_back(node.cover);
    }
  }
  const Napi::Env env = info.Env();
  Napi::Object trees = Napi::Object::New(env);
  trees["nodes"] = toArray<Napi::Uint32Array>(env, nodes);
  trees["leftChild"] = toArray<Napi::Int32Array>(env, leftChild);
  trees["column"] = toArray<Napi::Uint32Array>(env, column);
  trees["threshold"] = toArray<Napi::Float32Array>(env, threshold);
  trees["missingLeft"] = toArray<Napi::Uint8Array>(env, missingLeft);
  trees["gain"] = toArray<Napi::Float32Array>(env, gain);
  trees["weight"] = toArray<Napi::Float32Array>(env, weight);
  trees["cover"] = toArray<Napi::Float32Array>(env, cover);
  return trees;
}

template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void setMethod(Napi::Object& object, const char* name, const SharedBooster& booster) {
  auto* owner = new SharedBooster(booster);
  const Napi::Function method = Napi::Function::New(object.Env(), guarded<function>, name, owner);
  method.AddFinalizer([](Napi::Env, SharedBooster* unused) { delete unused; }, owner);
  object[name] = method;
}

/** A typed array of the properties of `BoosterTrees`. */
template <typename JsArray>
JsArray arrayOf(const Arguments& arguments, const Napi::Object& from, const char* name, napi_typedarray_type type,
                std::size_t length) {
  const Napi::Value value = from.Get(name);
  const bool fits = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == type &&
                    value.As<Napi::TypedArray>().ElementLength() == length;
  if (!fits) arguments.reject(name, "a typed array of its kind with " + std::to_string(length) + " values", value);
  return value.As<JsArray>();
}

}  // namespace

std::vector<float> copyOfFloats(const Arguments& arguments, const Napi::Value& value, const char* name,
                                std::size_t rows, std::size_t columns) {
  const std::string expected =
      "a Float32Array of " + std::to_string(rows) + " x " + std::to_string(columns) + " values";
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    arguments.reject(name, expected, value);
  }
  const auto array = value.As<Napi::Float32Array>();
  if (array.ElementLength() != rows * columns) {
    arguments.reject(name, expected, Napi::Number::New(value.Env(), static_cast<double>(array.ElementLength())));
  }
  return {array.Data(), array.Data() + array.ElementLength()};
}

Napi::Value wrapBooster(Napi::Env env, const SharedBooster& booster) {
  if (!booster) return env.Null();
  Napi::Object object = Napi::Object::New(env);
  object["columns"] = static_cast<double>(booster->columns());
  object["trees"] = static_cast<double>(booster->trees().size());
  object["baseScore"] = booster->baseScore();
  setMethod<predict>(object, "predict", booster);
  setMethod<contributions>(object, "contributions", booster);
  setMethod<dump>(object, "dump", booster);
  return object;
}

std::vector<Tree> treesOf(const Arguments& arguments, const Napi::Object& from) {
  const Napi::Value nodesValue = from.Get("nodes");
  if (!nodesValue.IsTypedArray()) arguments.reject("nodes", "a Uint32Array", nodesValue);
  const auto trees = nodesValue.As<Napi::TypedArray>().ElementLength();
  const auto nodes = arrayOf<Napi::Uint32Array>(arguments, from, "nodes", napi_uint32_array, trees);
  std::size_t total = 0;
  for (std::size_t i = 0; i < trees; ++i) total += nodes[i];
  const auto left = arrayOf<Napi::Int32Array>(arguments, from, "leftChild", napi_int32_array, total);
  const auto column = arrayOf<Napi::Uint32Array>(arguments, from, "column", napi_uint32_array, total);
  const auto threshold = arrayOf<Napi::Float32Array>(arguments, from, "threshold", napi_float32_array, total);
  const auto missingLeft = arrayOf<Napi::Uint8Array>(arguments, from, "missingLeft", napi_uint8_array, total);
  const auto gain = arrayOf<Napi::Float32Array>(arguments, from, "gain", napi_float32_array, total);
  const auto weight = arrayOf<Napi::Float32Array>(arguments, from, "weight", napi_float32_array, total);
  const auto cover = arrayOf<Napi::Float32Array>(arguments, from, "cover", napi_float32_array, total);

  std::vector<Tree> read(trees);
  std::size_t at = 0;
  for (std::size_t i = 0; i < trees; ++i) {
    for (std::uint32_t node = 0; node < nodes[i]; ++node, ++at) {
      read[i].push_back({left[at], column[at], threshold[at], missingLeft[at] != 0, gain[at], weight[at], cover[at]});
    }
  }
  return read;
}

}  // namespace orion::binding
