#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace orion {

/** Runs `work(index)` on `count` threads, which begin together once all of them exist. */
class ThreadGroup {
 public:
  /** Throws Io, without having called `work`, if the system does not grant so many threads. */
  ThreadGroup(std::size_t count, std::function<void(std::size_t)> work);
  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;
  /** Waits for the threads. */
  ~ThreadGroup();

  /** Waits for all threads, then rethrows the exception of the first one (by index) that threw. */
  void join();

 private:
  enum class Gate { Closed, Open, Cancelled };

  void run(std::size_t index);
  void setGate(Gate gate);
  void waitForAll();

  std::function<void(std::size_t)> work_;
  std::vector<std::exception_ptr> failures_;
  std::mutex mutex_;
  std::condition_variable gateMoved_;
  Gate gate_ = Gate::Closed;
  std::vector<std::thread> threads_;
};

/** Lets `count` threads meet: arriveAndWait() returns in each once all have come. Usable again and again. */
class Barrier {
 public:
  explicit Barrier(std::size_t count) : count_(count) {}
  void arriveAndWait();

 private:
  const std::size_t count_;
  std::size_t arrived_ = 0;
  std::size_t round_ = 0;
  std::mutex mutex_;
  std::condition_variable allHere_;
};

}  // namespace orion
