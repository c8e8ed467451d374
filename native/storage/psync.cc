// pread in a pool of `depth` threads; at depth 1 in the caller's thread, without any hand-over.
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>

#include "base/error.h"
#include "storage/engine.h"

namespace orion::storage {
namespace {

Completion readNow(const Read& read) {
  const ssize_t result = pread(read.file, read.buffer, read.bytes, static_cast<off_t>(read.offset));
  return {read.slot, result < 0 ? -errno : result};
}

class CallerEngine : public Engine {
 public:
  void submit(const Read& read) override { pending_ = read; }
  void wait(std::vector<Completion>& completions) override { completions.push_back(readNow(pending_)); }

 private:
  Read pending_;
};

class PoolEngine : public Engine {
 public:
  explicit PoolEngine(unsigned depth) {
    try {
      for (unsigned i = 0; i < depth; ++i) threads_.emplace_back([this] { serve(); });
    } catch (const std::system_error& error) {
      stop();  // the threads that did start
      throw systemError("Cannot start " + std::to_string(depth) + " threads that read", error.code().value());
    }
  }

  ~PoolEngine() override { stop(); }

  void submit(const Read& read) override {
    {
      std::lock_guard lock(mutex_);
      pending_.push_back(read);
    }
    somePending_.notify_one();
  }

  void wait(std::vector<Completion>& completions) override {
    std::unique_lock lock(mutex_);
    someDone_.wait(lock, [this] { return !done_.empty(); });
    completions.insert(completions.end(), done_.begin(), done_.end());
    done_.clear();
  }

 private:
  void serve() {
    std::unique_lock lock(mutex_);
    for (;;) {
      somePending_.wait(lock, [this] { return stopping_ || !pending_.empty(); });
      if (stopping_) return;
      const Read read = pending_.front();
      pending_.pop_front();
      lock.unlock();
      const Completion completion = readNow(read);
      lock.lock();
      done_.push_back(completion);
      someDone_.notify_one();
    }
  }

  void stop() {
    {
      std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    somePending_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  std::mutex mutex_;
  std::condition_variable somePending_;
  std::condition_variable someDone_;
  std::deque<Read> pending_;
  std::vector<Completion> done_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<Engine> makePsync(unsigned depth) {
  if (depth == 1) return std::make_unique<CallerEngine>();
  return std::make_unique<PoolEngine>(depth);
}

}  // namespace orion::storage
