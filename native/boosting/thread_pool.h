// Threads that stay alive between the thousands of short parallel loops of a training.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

namespace orion::boosting {

class ThreadPool {
 public:
  /** @param threads workers, the calling thread included */
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t threads() const { return workers_.size() + 1; }

  /**
   * Calls `task(index, worker)` for every index below `count`, each once, in no fixed order; returns when all are done.
   * `worker` in [0, threads) tells scratch space apart. Rethrows the first exception of a task.
   */
  template <typename Task>
  void forEach(std::size_t count, Task&& task) {
    if (workers_.empty() || count < 2) {
      for (std::size_t index = 0; index < count; ++index) task(index, std::size_t{0});
      return;
    }
    run(count, &task, [](void* callable, std::size_t index, std::size_t worker) {
      (*static_cast<std::remove_reference_t<Task>*>(callable))(index, worker);
    });
  }

 private:
  using Call = void (*)(void* callable, std::size_t index, std::size_t worker);

  void run(std::size_t count, void* callable, Call call);
  void takeTasks(std::size_t worker);
  void serve(std::size_t worker);
  /** Waits for a loop newer than `seen`, first spinning, then asleep; returns its number. */
  std::uint64_t awaitLoop(std::uint64_t seen);

  std::vector<std::thread> workers_;

  // The loop being run: written before `loop_` is raised, read by workers after they saw it raised.
  void* callable_ = nullptr;
  Call call_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> nextTask_{0};
  std::atomic<std::size_t> busyWorkers_{0};
  std::atomic<std::uint64_t> loop_{0};
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable loopRaised_;
  std::exception_ptr failure_;
};

}  // namespace orion::boosting
