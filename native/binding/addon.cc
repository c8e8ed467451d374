#include "binding/exports.h"

#include <sstream>
#include <string>

#include "base/interruption.h"
#include "binding/guard.h"

#ifndef ORION_CUDA_ARCHITECTURES
#define ORION_CUDA_ARCHITECTURES ""
#endif

namespace orion::binding {
namespace {

struct Export {
  const char* name;
  Napi::Object (*make)(Napi::Env);
};

Napi::Object makeBuild(Napi::Env env) {
  Napi::Array architectures = Napi::Array::New(env);
  std::istringstream names(ORION_CUDA_ARCHITECTURES);
  for (std::string name; std::getline(names, name, ',');) architectures[architectures.Length()] = name;

  Napi::Object build = Napi::Object::New(env);
  build["cuda"] = architectures.Length() > 0;
  build["cudaArchitectures"] = architectures;
#ifdef __clang__
  build["compiler"] = "clang " __clang_version__;
#else
  build["compiler"] = "gcc " __VERSION__;
#endif
  return build;
}

const Export exportsList[] = {
    {"build", makeBuild}, {"timing", makeTiming}, {"host", makeHost},         {"storage", makeStorage},
    {"image", makeImage}, {"gpu", makeGpu},       {"boosting", makeBoosting}, {"files", makeFiles},
};

Napi::Value interruptAll(const Napi::CallbackInfo& info) {
  interrupt();
  return info.Env().Undefined();
}

// Runs once per thread that loads the addon; nothing here is kept in globals, so worker threads can load it too.
Napi::Object initialize(Napi::Env env, Napi::Object exports) {
  for (const Export& each : exportsList) exports[each.name] = each.make(env);
  setFunction<interruptAll>(exports, "interrupt");
  return exports;
}

}  // namespace

NODE_API_MODULE(orion, initialize)

}  // namespace orion::binding
