// Objects of the addon whose functions share something native.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/guard.h"

namespace orion::binding {

/** Sets a guarded function on an object; `sharedOf<Shared>(info)` gives it what it shares with others, for as long as
 * it lives. */
template <Napi::Value (*function)(const Napi::CallbackInfo&), typename Shared>
void setMethod(Napi::Object& object, const char* name, const std::shared_ptr<Shared>& shared) {
  auto owned = std::make_unique<std::shared_ptr<Shared>>(shared);
  const Napi::Function method = Napi::Function::New(object.Env(), guarded<function>, name, owned.get());
  method.AddFinalizer([](Napi::Env, std::shared_ptr<Shared>* unused) { delete unused; }, owned.get());
  owned.release();
  object.Set(name, method);
}

template <typename Shared>
Shared& sharedOf(const Napi::CallbackInfo& info) {
  return **static_cast<std::shared_ptr<Shared>*>(info.Data());
}

}  // namespace orion::binding
