#include <limits>

#include "base/file_lock.h"
#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/guard.h"

namespace orion::binding {
namespace {

Napi::Value lock(const Napi::CallbackInfo& info) {
  const auto descriptor = Arguments(info, "files.lock").integer(0, "descriptor", 0, std::numeric_limits<int>::max());
  return Napi::Boolean::New(info.Env(), tryLock(static_cast<int>(descriptor)));
}

}  // namespace

Napi::Object makeFiles(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<lock>(engine, "lock");
  return engine;
}

}  // namespace orion::binding
