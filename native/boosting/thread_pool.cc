#include "boosting/thread_pool.h"

#include <utility>

namespace orion::boosting {
namespace {

// 20 to 50 us, by the processor: more than the gap between two loops of a tree, far less than a time slice.
constexpr int spins = 1000;

void pauseBriefly() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

}  // namespace

ThreadPool::ThreadPool(std::size_t threads) {
  for (std::size_t worker = 1; worker < threads; ++worker) {
    workers_.emplace_back([this, worker] { serve(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    ++loop_;
  }
  loopRaised_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadPool::run(std::size_t count, void* callable, Call call) {
  callable_ = callable;
  call_ = call;
  count_ = count;
  nextTask_ = 0;
  busyWorkers_ = workers_.size();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++loop_;
  }
  loopRaised_.notify_all();
  takeTasks(0);
  for (int spin = 0; busyWorkers_ != 0; ++spin) {
    if (spin < spins) {
      pauseBriefly();
    } else {
      std::this_thread::yield();
    }
  }
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void ThreadPool::takeTasks(std::size_t worker) {
  try {
    for (std::size_t task = nextTask_++; task < count_; task = nextTask_++) call_(callable_, task, worker);
  } catch (...) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!failure_) failure_ = std::current_exception();
  }
}

void ThreadPool::serve(std::size_t worker) {
  std::uint64_t seen = 0;
  for (;;) {
    seen = awaitLoop(seen);
    if (stopping_) return;
    takeTasks(worker);
    --busyWorkers_;
  }
}

std::uint64_t ThreadPool::awaitLoop(std::uint64_t seen) {
  for (int spin = 0; spin < spins; ++spin) {
    if (loop_ != seen) return loop_;
    pauseBriefly();
  }
  std::unique_lock<std::mutex> lock(mutex_);
  loopRaised_.wait(lock, [&] { return loop_ != seen; });
  return loop_;
}

}  // namespace orion::boosting
