#include "gpu/gpu.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "binding/arguments.h"
#include "binding/conversions.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "binding/worker.h"

namespace orion::binding {
namespace {

Napi::Object describe(Napi::Env env, const gpu::Device& device) {
  Napi::Object object = Napi::Object::New(env);
  object["index"] = device.index;
  object["name"] = device.name;
  object["uuid"] = device.uuid;
  object["computeCapability"] = device.computeCapability;
  object["multiprocessors"] = device.multiprocessors;
  object["memoryBytes"] = static_cast<double>(device.memoryBytes);
  object["l2Bytes"] = static_cast<double>(device.l2Bytes);
  object["memoryBusBits"] = device.memoryBusBits;
  object["clockKHz"] = device.clockKHz;
  object["memoryClockKHz"] = device.memoryClockKHz;
  object["theoreticalBytesPerSecond"] = device.theoreticalBytesPerSecond;
  return object;
}

Napi::Value inventory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const gpu::Inventory found = gpu::inventory();
  Napi::Array devices = Napi::Array::New(env);
  for (const gpu::Device& device : found.devices) devices[devices.Length()] = describe(env, device);

  Napi::Object object = Napi::Object::New(env);
  object["devices"] = devices;
  object["reason"] = found.reason.empty() ? env.Null() : Napi::Value(Napi::String::New(env, found.reason));
  object["driverVersion"] = found.driverVersion;
  object["runtimeVersion"] = found.runtimeVersion;
  return object;
}

Napi::Value describe(Napi::Env env, const std::string& kernel, const gpu::Measurement& measurement) {
  Napi::Float64Array samples = Napi::Float64Array::New(env, measurement.samplesNs.size());
  std::copy(measurement.samplesNs.begin(), measurement.samplesNs.end(), samples.Data());

  Napi::Object object = Napi::Object::New(env);
  object["kernel"] = kernel;
  object["timeNs"] = toObject(env, measurement.timeNs);
  object["samplesNs"] = samples;
  object["bytesPerLaunch"] = measurement.bytesPerLaunch;
  object["flopsPerLaunch"] = measurement.flopsPerLaunch;
  object["bytesPerSecond"] = measurement.bytesPerSecond();
  object["flopsPerSecond"] = measurement.flopsPerSecond();
  object["emptyEventNs"] = measurement.emptyEventNs;
  object["answerCorrect"] = measurement.answerCorrect;
  object["stoppedBecause"] = measurement.stoppedBecause;
  return object;
}

/** gpu.measure({ device, kernel, maximumMs }) */
Napi::Value measure(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "gpu.measure");
  const Napi::Object request = arguments.options(0, "request");
  const auto device =
      static_cast<int>(arguments.integer(request, "device", 0, std::numeric_limits<std::int32_t>::max()));
  const std::string kernel = arguments.oneOf(request, "kernel", gpu::kernelNames());
  const std::int64_t maximumMs = arguments.integer(request, "maximumMs", 1, 3'600'000);
  return runAsync(
      info.Env(), [=] { return gpu::measure(device, kernel, maximumMs); },
      [kernel](Napi::Env env, gpu::Measurement& measurement) { return describe(env, kernel, measurement); });
}

}  // namespace

Napi::Object makeGpu(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<inventory>(engine, "inventory");
  setFunction<measure>(engine, "measure");
  return engine;
}

}  // namespace orion::binding
