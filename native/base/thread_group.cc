#include "base/thread_group.h"

#include <string>
#include <system_error>
#include <utility>

#include "base/error.h"

namespace orion {

ThreadGroup::ThreadGroup(std::size_t count, std::function<void(std::size_t)> work)
    : work_(std::move(work)), failures_(count) {
  try {
    for (std::size_t i = 0; i < count; ++i) threads_.emplace_back([this, i] { run(i); });
  } catch (const std::system_error& error) {
    setGate(Gate::Cancelled);
    waitForAll();
    throw systemError("Cannot start " + std::to_string(count) + " threads", error.code().value());
  }
  setGate(Gate::Open);
}

ThreadGroup::~ThreadGroup() { waitForAll(); }

void ThreadGroup::join() {
  waitForAll();
  for (const std::exception_ptr& failure : failures_) {
    if (failure) std::rethrow_exception(failure);
  }
}

void ThreadGroup::run(std::size_t index) {
  {
    std::unique_lock lock(mutex_);
    gateMoved_.wait(lock, [this] { return gate_ != Gate::Closed; });
    if (gate_ == Gate::Cancelled) return;
  }
  try {
    work_(index);
  } catch (...) {
    failures_[index] = std::current_exception();
  }
}

void ThreadGroup::setGate(Gate gate) {
  {
    std::lock_guard lock(mutex_);
    gate_ = gate;
  }
  gateMoved_.notify_all();
}

void ThreadGroup::waitForAll() {
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Barrier::arriveAndWait() {
  std::unique_lock lock(mutex_);
  const std::size_t round = round_;
  if (++arrived_ == count_) {
    arrived_ = 0;
    ++round_;
    allHere_.notify_all();
    return;
  }
  allHere_.wait(lock, [this, round] { return round_ != round; });
}

}  // namespace orion
