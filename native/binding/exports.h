// The engines' objects, one file each: addon.cc lists them, `src/base/native.ts` types them.
#pragma once

#include <napi.h>

namespace orion::binding {

Napi::Object makeBoosting(Napi::Env env);
Napi::Object makeFiles(Napi::Env env);
Napi::Object makeGpu(Napi::Env env);
Napi::Object makeHost(Napi::Env env);
Napi::Object makeImage(Napi::Env env);
Napi::Object makeStorage(Napi::Env env);
Napi::Object makeTiming(Napi::Env env);

}  // namespace orion::binding
