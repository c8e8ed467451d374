// Asynchronous functions: the work runs on a thread of libuv's pool, the promise settles on the caller's thread.
#pragma once

#include <napi.h>

#include <functional>
#include <optional>
#include <utility>

#include "binding/guard.h"

namespace orion::binding {

template <typename Result>
class Worker : public Napi::AsyncWorker {
 public:
  using Work = std::function<Result()>;
  using Convert = std::function<Napi::Value(Napi::Env, Result&)>;

  Worker(Napi::Env env, Work work, Convert convert)
      : Napi::AsyncWorker(env),
        deferred_(Napi::Promise::Deferred::New(env)),
        work_(std::move(work)),
        convert_(std::move(convert)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      result_.emplace(work_());
    } catch (...) {
      caught_ = describeCurrentException();
      SetError(caught_.sentence);
    }
  }

  void OnOK() override {
    Napi::HandleScope scope(Env());
    try {
      deferred_.Resolve(convert_(Env(), *result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    } catch (...) {
      deferred_.Reject(toJavaScript(Env(), describeCurrentException()).Value());
    }
  }

  void OnError(const Napi::Error&) override {
    Napi::HandleScope scope(Env());
    deferred_.Reject(toJavaScript(Env(), caught_).Value());
  }

 private:
  Napi::Promise::Deferred deferred_;
  Work work_;
  Convert convert_;
  std::optional<Result> result_;
  Caught caught_;
};

/**
 * Runs `work` off the JavaScript thread; the promise resolves to `convert(env, result)`, or rejects with the error's
 * sentence and code. `work` must not touch any Napi value.
 */
template <typename Work, typename Convert>
Napi::Value runAsync(Napi::Env env, Work work, Convert convert) {
  using Result = decltype(work());
  auto* worker = new Worker<Result>(env, std::move(work), std::move(convert));
  const Napi::Promise promise = worker->promise();
  worker->Queue();  // deletes itself when settled
  return promise;
}

}  // namespace orion::binding
