#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include "base/file_descriptor.h"
#include "storage/cpu_time.h"
#include "storage/engine.h"
#include "storage/pattern.h"
#include "storage/target_set.h"
#include "timing/latency_histogram.h"

namespace orion::storage {

/** What the threads of one measurement share. */
struct Session {
  static constexpr std::int64_t notYet = std::numeric_limits<std::int64_t>::max();

  const Request& request;
  const TargetSet& targets;
  const Pattern& pattern;
  std::atomic<std::int64_t> windowStartNs{notYet};  // end of the ramp
  std::atomic<std::int64_t> deadlineNs{notYet};
  std::atomic<std::uint64_t> nextItem{0};
  std::atomic<std::uint64_t> issuedBytes{0};  // since the window began, for request.maxBytes
  std::atomic<bool> stop{false};              // a thread has failed
};

/** What one thread counted between the end of the ramp and the deadline. */
struct ReaderResult {
  timing::LatencyHistogram latency;
  std::uint64_t bytes = 0;
  Series series;
  CpuTime cpu;
  std::int64_t lastCompletionNs = 0;
  bool reachedDeadline = false;
};

/** One thread's loop: keeps `depth` reads in flight until time or bytes are spent. */
class Reader {
 public:
  /** Allocates and touches the buffers, and makes the engine. */
  Reader(Session& session, const MakeEngine& makeEngine);

  /** Throws Io if a read fails, once all reads in flight have ended; result() holds what was counted until then. */
  void run();
  const ReaderResult& result() const { return result_; }
  /** Of all reads since the beginning, rounded up to the alignment; any thread may ask at any time. */
  std::uint64_t readBytes() const { return readBytes_.load(std::memory_order_relaxed); }
  const Engine& engine() const { return *engine_; }

 private:
  /** One of `depth` places: walks its item block by block. */
  struct Slot {
    Item item;
    FileDescriptor ownFile;      // where files are opened on demand
    std::uint64_t itemDone = 0;  // bytes of the item read by earlier blocks
    std::uint32_t blockBytes = 0;
    std::uint32_t blockDone = 0;  // more than 0 after a short read
    std::int64_t startNs = 0;
  };

  void fill(unsigned slot);
  void nextBlock(Slot& slot);
  void submit(unsigned slot);
  void waitForCompletions();
  void complete(const Completion& completion, std::int64_t nowNs);
  void count(const Slot& slot, std::int64_t nowNs);
  bool mayIssue(std::uint32_t bytes, std::int64_t nowNs);
  void drain();
  void countCpuTime();

  Session& session_;
  std::size_t strideBytes_;
  std::unique_ptr<char, void (*)(void*)> buffers_;
  std::unique_ptr<Engine> engine_;  // after the buffers: it goes first
  std::vector<Slot> slots_;
  std::vector<Completion> completions_;
  unsigned inFlight_ = 0;
  std::atomic<std::uint64_t> readBytes_{0};
  std::optional<CpuTime> cpuAtWindowStart_;
  ReaderResult result_;
};

}  // namespace orion::storage
