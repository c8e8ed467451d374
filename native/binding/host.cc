#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/worker.h"
#include "host/copy_bandwidth.h"
#include "host/fma_rate.h"

namespace orion::binding {
namespace {

constexpr std::int64_t largestThreads = 4096;
constexpr std::int64_t largestBytes = std::int64_t{1} << 40;
constexpr double hourMs = 3600 * 1000;

Napi::Value toObject(Napi::Env env, const host::Rate& rate) {
  Napi::Object object = Napi::Object::New(env);
  object["perSecond"] = rate.perSecond;
  object["repeats"] = static_cast<double>(rate.repeats);
  object["relativeStandardDeviation"] = rate.relativeStandardDeviation;
  object["instructionSet"] = env.Null();
  if (!rate.instructionSet.empty()) object["instructionSet"] = rate.instructionSet;
  return object;
}

Napi::Value copyBandwidth(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "host.copyBandwidth");
  const Napi::Object options = arguments.options(0);
  const auto threads = static_cast<unsigned>(arguments.integer(options, "threads", 1, largestThreads));
  const auto bytes = static_cast<std::size_t>(arguments.integer(options, "bytes", 8, largestBytes));
  const auto durationMs = arguments.number(options, "durationMs", 1, hourMs);
  return runAsync(
      info.Env(), [=] { return host::copyBandwidth(threads, bytes, durationMs); }, toObject);
}

Napi::Value fmaRate(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "host.fmaRate");
  const Napi::Object options = arguments.options(0);
  const auto threads = static_cast<unsigned>(arguments.integer(options, "threads", 1, largestThreads));
  const auto precision = static_cast<int>(arguments.integer(options, "precision", 32, 64));
  if (precision != 32 && precision != 64) arguments.reject("precision", "32 or 64", options.Get("precision"));
  const auto durationMs = arguments.number(options, "durationMs", 1, hourMs);
  return runAsync(
      info.Env(), [=] { return host::fmaRate(threads, precision, durationMs); }, toObject);
}

}  // namespace

Napi::Object makeHost(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setAsyncFunction<copyBandwidth>(engine, "copyBandwidth");
  setAsyncFunction<fmaRate>(engine, "fmaRate");
  return engine;
}

}  // namespace orion::binding
