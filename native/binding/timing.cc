#include "binding/arguments.h"
#include "binding/conversions.h"
#include "binding/exports.h"
#include "binding/guard.h"
#include "timing/affinity.h"
#include "timing/clock.h"

namespace orion::binding {
namespace {

constexpr int largestCpu = 1023;  // glibc's cpu_set_t

Napi::Value monotonicNs(const Napi::CallbackInfo& info) { return Napi::BigInt::New(info.Env(), timing::monotonicNs()); }

Napi::Value affinity(const Napi::CallbackInfo& info) {
  Napi::Array cpus = Napi::Array::New(info.Env());
  for (int cpu : timing::affinity()) cpus[cpus.Length()] = Napi::Number::New(info.Env(), cpu);
  return cpus;
}

Napi::Value setAffinity(const Napi::CallbackInfo& info) {
  timing::setAffinity(Arguments(info, "timing.setAffinity").integers(0, "cpus", 0, largestCpu));
  return info.Env().Undefined();
}

Napi::Value summarize(const Napi::CallbackInfo& info) {
  const auto samples = Arguments(info, "timing.summarize").float64Array(0, "samples");
  const double* first = samples.Data();
  return toObject(info.Env(), timing::summarize({first, first + samples.ElementLength()}));
}

}  // namespace

Napi::Object makeTiming(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<monotonicNs>(engine, "monotonicNs");
  setFunction<affinity>(engine, "affinity");
  setFunction<setAffinity>(engine, "setAffinity");
  setFunction<summarize>(engine, "summarize");
  return engine;
}

}  // namespace orion::binding
