#include "gpu/gpu.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/worker.h"
#include "gpu/json.h"
#include "gpu/user_kernel/launch_geometry.h"

namespace orion::binding {
namespace {

constexpr std::int64_t longestMs = 3'600'000;

/** The engine's own description of a result, as the plain executable gives it too. */
template <typename Result>
Napi::Value toText(Napi::Env env, const Result& result) {
  JsonWriter json;
  gpu::writeJson(json, result);
  return Napi::String::New(env, json.text());
}

template <typename Result>
Napi::Value toValue(Napi::Env env, const Result& result) {
  const auto parse = env.Global().Get("JSON").As<Napi::Object>().Get("parse").As<Napi::Function>();
  return parse.Call({toText(env, result)});
}

template <typename Result>
Napi::Array toArray(Napi::Env env, const std::vector<Result>& results) {
  Napi::Array array = Napi::Array::New(env);
  for (const Result& result : results) array[array.Length()] = toValue(env, result);
  return array;
}

int deviceOf(const Arguments& arguments, const Napi::Object& request) {
  return static_cast<int>(arguments.integer(request, "device", 0, std::numeric_limits<std::int32_t>::max()));
}

gpu::MeasureOptions limitsOf(const Arguments& arguments, const Napi::Object& request) {
  gpu::MeasureOptions options;
  options.maximumMs = arguments.integer(request, "maximumMs", 1, longestMs);
  options.minimumSampledMs = std::min(options.minimumSampledMs, options.maximumMs);
  if (!request.Get("mode").IsUndefined()) {
    options.mode = gpu::modeNamed(arguments.oneOf(request, "mode", {"cold", "hot", "graph", "host"}));
  }
  return options;
}

Napi::Value inventory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const gpu::Inventory found = gpu::inventory();
  Napi::Object object = Napi::Object::New(env);
  object["devices"] = toArray(env, found.devices);
  object["reason"] = found.reason.empty() ? env.Null() : Napi::Value(Napi::String::New(env, found.reason));
  object["driver"] = found.driver;
  object["driverVersion"] = found.driverVersion;
  object["runtimeVersion"] = found.runtimeVersion;
  return object;
}

/** gpu.cases({ device }) */
Napi::Value cases(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "gpu.cases");
  return toArray(info.Env(), gpu::cases(deviceOf(arguments, arguments.options(0, "request"))));
}

/** gpu.measure({ device, case, maximumMs, mode? }): JSON text */
Napi::Value measure(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "gpu.measure");
  const Napi::Object request = arguments.options(0, "request");
  const int device = deviceOf(arguments, request);
  const std::string name = arguments.text(request, "case");
  const gpu::MeasureOptions options = limitsOf(arguments, request);
  return runAsync(
      info.Env(), [=] { return gpu::measure(device, name, options); },
      [](Napi::Env env, const gpu::Measurement& measurement) { return toText(env, measurement); });
}

/** gpu.measureUserKernel({ device, file, entry, grid, block, sharedBytes, arguments, maximumMs, timeoutMs, mode? }) */
Napi::Value measureUserKernel(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "gpu.measureUserKernel");
  const Napi::Object request = arguments.options(0, "request");
  const int device = deviceOf(arguments, request);
  gpu::UserKernelRequest kernel;
  kernel.file = arguments.text(request, "file");
  kernel.entry = arguments.text(request, "entry");
  kernel.grid = gpu::parseDimensions(arguments.text(request, "grid"), gpu::Extent::Grid);
  kernel.block = gpu::parseDimensions(arguments.text(request, "block"), gpu::Extent::Block);
  kernel.sharedBytes = gpu::parseSharedBytes(arguments.text(request, "shared"));
  kernel.arguments = arguments.texts(request, "arguments", 0);
  const gpu::MeasureOptions options = limitsOf(arguments, request);
  const std::int64_t timeoutMs = arguments.integer(request, "timeoutMs", 1, longestMs);
  return runAsync(
      info.Env(), [=] { return gpu::measureUserKernel(device, kernel, options, timeoutMs); },
      [](Napi::Env env, const gpu::UserMeasurement& measurement) { return toText(env, measurement); });
}

}  // namespace

Napi::Object makeGpu(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<inventory>(engine, "inventory");
  setFunction<cases>(engine, "cases");
  setFunction<measure>(engine, "measure");
  setFunction<measureUserKernel>(engine, "measureUserKernel");
  return engine;
}

}  // namespace orion::binding
