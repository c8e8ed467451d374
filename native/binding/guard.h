// The one place where C++ exceptions become JavaScript errors.
#pragma once

#include <napi.h>

#include <exception>
#include <new>
#include <string>

#include "base/error.h"

namespace orion::binding {

/** What is known of a caught exception: the sentence, and the code where it is one of ours (else empty). */
struct Caught {
  std::string sentence;
  std::string code;
};

/** Describes the exception in flight; call it inside a catch block only. */
inline Caught describeCurrentException() {
  try {
    throw;
  } catch (const Error& error) {
    return {error.what(), nameOf(error.code())};
  } catch (const std::bad_alloc&) {
    return {"Not enough memory.", "IO"};
  } catch (const std::exception& error) {
    return {error.what(), ""};
  } catch (...) {
    return {"An exception of an unknown kind was thrown in the addon.", ""};
  }
}

/** The JavaScript error: a TypeError for bad input, with `code` where there is one. */
inline Napi::Error toJavaScript(Napi::Env env, const Caught& caught) {
  const bool isBadInput = caught.code == nameOf(ErrorCode::BadInput);
  Napi::Error error =
      isBadInput ? Napi::Error(Napi::TypeError::New(env, caught.sentence)) : Napi::Error::New(env, caught.sentence);
  if (!caught.code.empty()) error.Set("code", Napi::String::New(env, caught.code));
  return error;
}

/** Wraps a function of the addon: `Napi::Function::New(env, guarded<measure>)`. */
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value guarded(const Napi::CallbackInfo& info) {
  try {
    return function(info);
  } catch (const Napi::Error&) {
    throw;  // already a JavaScript error, raised by a call into JavaScript
  } catch (...) {
    throw toJavaScript(info.Env(), describeCurrentException());
  }
}

/** Wraps a function that returns a promise: bad arguments reject it, as a failure later would. */
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
Napi::Value guardedAsync(const Napi::CallbackInfo& info) {
  const auto deferred = Napi::Promise::Deferred::New(info.Env());
  try {
    return function(info);
  } catch (const Napi::Error& error) {
    deferred.Reject(error.Value());
  } catch (...) {
    deferred.Reject(toJavaScript(info.Env(), describeCurrentException()).Value());
  }
  return deferred.Promise();
}

/** Sets a guarded function on an engine's object. */
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void setFunction(Napi::Object& object, const char* name) {
  object.Set(name, Napi::Function::New(object.Env(), guarded<function>, name));
}

/** The same for a function that returns a promise. */
template <Napi::Value (*function)(const Napi::CallbackInfo&)>
void setAsyncFunction(Napi::Object& object, const char* name) {
  object.Set(name, Napi::Function::New(object.Env(), guardedAsync<function>, name));
}

}  // namespace orion::binding
