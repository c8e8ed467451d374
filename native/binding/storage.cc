#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/methods.h"
#include "binding/worker.h"
#include "storage/engine.h"
#include "storage/measure.h"
#include "storage/page_cache.h"
#include "storage/sample_reader.h"
#include "storage/target.h"

namespace orion::binding {
namespace {

constexpr std::int64_t anyInteger = (std::int64_t{1} << 53) - 1;
constexpr std::int64_t largestBlockBytes = std::int64_t{1} << 30;
constexpr std::int64_t largestDepth = 4096;
constexpr std::int64_t largestThreads = 1024;
constexpr double shortestMs = 0.001;
constexpr double dayMs = 24 * 3600 * 1000;

Napi::Value textOrNull(Napi::Env env, const std::optional<std::string>& text) {
  if (!text) return env.Null();
  return Napi::String::New(env, *text);
}

Napi::Value engines(const Napi::CallbackInfo& info) {
  Napi::Array list = Napi::Array::New(info.Env());
  for (const storage::EngineEntry& entry : storage::engines()) {
    const auto obstacle = entry.obstacle();
    Napi::Object item = Napi::Object::New(info.Env());
    item["name"] = entry.name;
    item["usable"] = !obstacle.has_value();
    item["reason"] = textOrNull(info.Env(), obstacle);
    list[list.Length()] = item;
  }
  return list;
}

storage::PatternKind patternOf(const std::string& name) {
  if (name == "sequential") return storage::PatternKind::Sequential;
  if (name == "random") return storage::PatternKind::Random;
  return storage::PatternKind::Files;
}

storage::Request requestOf(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "storage.measure");
  const Napi::Object options = arguments.options(0, "request");
  storage::Request request;
  request.paths = arguments.texts(options, "paths");
  request.pattern = patternOf(arguments.oneOf(options, "pattern", {"sequential", "random", "files"}));
  request.blockBytes = static_cast<std::uint32_t>(arguments.integer(options, "blockBytes", 1, largestBlockBytes));
  request.depth = static_cast<unsigned>(arguments.integer(options, "depth", 1, largestDepth));
  request.threads = static_cast<unsigned>(arguments.integer(options, "threads", 1, largestThreads));
  request.engine = arguments.oneOf(options, "engine", {"auto", "uring", "psync", "null"});
  request.direct = arguments.boolean(options, "direct");
  request.durationMs = arguments.number(options, "durationMs", shortestMs, dayMs);
  request.rampMs = arguments.number(options, "rampMs", 0, dayMs);
  request.steadyPercent = arguments.number(options, "steadyPercent", 0, 100);
  request.maxBytes = static_cast<std::uint64_t>(arguments.integer(options, "maxBytes", 0, anyInteger));
  request.seed = static_cast<std::uint64_t>(arguments.integer(options, "seed", 0, anyInteger));
  return request;
}

Napi::Object toObject(Napi::Env env, const storage::LatencyNs& latency) {
  Napi::Object object = Napi::Object::New(env);
  object["mean"] = latency.mean;
  object["p50"] = latency.p50;
  object["p90"] = latency.p90;
  object["p99"] = latency.p99;
  object["p999"] = latency.p999;
  object["p9999"] = latency.p9999;
  object["maximum"] = latency.maximum;
  return object;
}

Napi::Value numberOrNull(Napi::Env env, const std::optional<std::uint64_t>& number) {
  if (!number) return env.Null();
  return Napi::Number::New(env, static_cast<double>(*number));
}

Napi::Array toArray(Napi::Env env, const std::vector<std::uint64_t>& numbers) {
  Napi::Array array = Napi::Array::New(env, numbers.size());
  for (std::uint32_t i = 0; i < numbers.size(); ++i) array[i] = static_cast<double>(numbers[i]);
  return array;
}

Napi::Object toObject(Napi::Env env, const storage::Series& series) {
  Napi::Object object = Napi::Object::New(env);
  object["intervalNs"] = static_cast<double>(storage::Series::intervalNs);
  object["bytes"] = toArray(env, series.bytes);
  object["operations"] = toArray(env, series.operations);
  return object;
}

Napi::Object toObject(Napi::Env env, const storage::Account& account) {
  Napi::Object object = Napi::Object::New(env);
  object["readBytes"] = static_cast<double>(account.readBytes);
  object["processBytes"] = numberOrNull(env, account.processBytes);
  object["deviceBytes"] = numberOrNull(env, account.deviceBytes);
  return object;
}

Napi::Value toObject(Napi::Env env, const storage::Measurement& measured) {
  Napi::Object object = Napi::Object::New(env);
  object["engine"] = measured.engine;
  object["engineReason"] = textOrNull(env, measured.engineReason);
  Napi::Array features = Napi::Array::New(env);
  for (const std::string& feature : measured.engineFeatures) features[features.Length()] = feature;
  object["engineFeatures"] = features;
  object["direct"] = Napi::Boolean::New(env, measured.direct);
  object["targetBytes"] = static_cast<double>(measured.targetBytes);
  object["alignmentBytes"] = static_cast<double>(measured.alignmentBytes);
  object["bytes"] = static_cast<double>(measured.bytes);
  object["operations"] = static_cast<double>(measured.operations);
  object["elapsedNs"] = static_cast<double>(measured.elapsedNs);
  object["bytesPerSecond"] = measured.bytesPerSecond;
  object["operationsPerSecond"] = measured.operationsPerSecond;
  object["latencyNs"] = toObject(env, measured.latencyNs);
  object["achievedDepth"] = measured.achievedDepth;
  object["userCpuNs"] = static_cast<double>(measured.userCpuNs);
  object["systemCpuNs"] = static_cast<double>(measured.systemCpuNs);
  object["rampNs"] = static_cast<double>(measured.rampNs);
  object["steady"] = env.Null();
  if (measured.steady) object["steady"] = Napi::Boolean::New(env, *measured.steady);
  object["series"] = toObject(env, measured.series);
  object["account"] = toObject(env, measured.account);
  object["failure"] = textOrNull(env, measured.failure);
  return object;
}

Napi::Value measure(const Napi::CallbackInfo& info) {
  return runAsync(
      info.Env(), [request = requestOf(info)] { return storage::measure(request); },
      [](Napi::Env env, const storage::Measurement& measured) { return toObject(env, measured); });
}

/** The sample that arguments from `position` on name: path, and of a range its first byte and its bytes. */
storage::Sample sampleOf(const Arguments& arguments, std::size_t position) {
  storage::Sample sample{arguments.text(position, "path"), {}};
  if (arguments.has(position + 1)) {
    sample.range = {static_cast<std::uint64_t>(arguments.integer(position + 1, "start", 0, anyInteger)),
                    static_cast<std::uint64_t>(arguments.integer(position + 2, "bytes", 0, anyInteger))};
  }
  return sample;
}

/** reader.announce(path, start?, bytes?) */
Napi::Value announce(const Napi::CallbackInfo& info) {
  sharedOf<storage::SampleReader>(info).announce(sampleOf(Arguments(info, "reader.announce"), 0));
  return info.Env().Undefined();
}

/** reader.read(target, offset, path, start?, bytes?) */
Napi::Value read(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "reader.read");
  Napi::Uint8Array target = arguments.bytes(0, "target");
  const auto room = static_cast<std::int64_t>(target.ElementLength());
  const auto offset = arguments.integer(1, "offset", 0, room);
  auto* into = reinterpret_cast<char*>(target.Data() + offset);
  const std::size_t bytes =
      sharedOf<storage::SampleReader>(info).read(sampleOf(arguments, 2), into, static_cast<std::size_t>(room - offset));
  return Napi::Number::New(info.Env(), static_cast<double>(bytes));
}

/** storage.sampleReader(policy) */
Napi::Value sampleReader(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "storage.sampleReader");
  const Napi::Object given = arguments.options(0, "policy");
  storage::ReadPolicy policy;
  policy.chunkBytes = static_cast<std::size_t>(arguments.integer(given, "chunkBytes", 1, largestBlockBytes));
  policy.readsAhead = arguments.boolean(given, "readsAhead");
  policy.exact = arguments.boolean(given, "exact");
  policy.dropsBefore = arguments.boolean(given, "dropsBefore");
  policy.dropsAfter = arguments.boolean(given, "dropsAfter");
  const auto reader = std::make_shared<storage::SampleReader>(policy);
  Napi::Object object = Napi::Object::New(info.Env());
  setMethod<announce>(object, "announce", reader);
  setMethod<read>(object, "read", reader);
  return object;
}

/** Runs work on a list of paths, which has no result. */
template <void (*work)(const std::vector<std::string>&)>
Napi::Value forPaths(const Napi::CallbackInfo& info, const char* function) {
  return runAsync(
      info.Env(),
      [paths = Arguments(info, function).texts(0, "paths")] {
        work(paths);
        return true;
      },
      [](Napi::Env env, bool) { return env.Undefined(); });
}

Napi::Value dropFromCache(const Napi::CallbackInfo& info) {
  return forPaths<storage::dropFromCache>(info, "storage.dropFromCache");
}

Napi::Value bringIntoCache(const Napi::CallbackInfo& info) {
  return forPaths<storage::bringIntoCache>(info, "storage.bringIntoCache");
}

Napi::Value deviceReadBytes(const Napi::CallbackInfo& info) {
  const auto bytes =
      storage::deviceReadBytes(storage::deviceUnder(Arguments(info, "storage.deviceReadBytes").text(0, "path")));
  if (!bytes) return info.Env().Null();
  return Napi::Number::New(info.Env(), static_cast<double>(*bytes));
}

}  // namespace

Napi::Object makeStorage(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<engines>(engine, "engines");
  setAsyncFunction<measure>(engine, "measure");
  setFunction<sampleReader>(engine, "sampleReader");
  setAsyncFunction<dropFromCache>(engine, "dropFromCache");
  setAsyncFunction<bringIntoCache>(engine, "bringIntoCache");
  setFunction<deviceReadBytes>(engine, "deviceReadBytes");
  return engine;
}

}  // namespace orion::binding
