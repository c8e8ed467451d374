#include "storage/measure.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <sstream>
#include <thread>

#include "base/error.h"
#include "base/interruption.h"
#include "base/thread_group.h"
#include "storage/pattern.h"
#include "storage/reader.h"
#include "storage/target_set.h"
#include "timing/clock.h"

namespace orion::storage {
namespace {

constexpr std::uint64_t largestBufferBytes = std::uint64_t{8} << 30;
constexpr std::uint64_t mostThreads = 16'384;

/** Counters that are read before and after the window. */
struct Counters {
  std::int64_t userCpuNs = 0;
  std::int64_t systemCpuNs = 0;
  std::optional<std::uint64_t> deviceBytes;
};

std::int64_t nanoseconds(double milliseconds) { return static_cast<std::int64_t>(milliseconds * 1e6); }

std::int64_t nanoseconds(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_usec} * 1'000;
}

Counters readCounters(const TargetSet& targets) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);  // the whole process: the kernel's io_uring workers count there alone
  return {nanoseconds(usage.ru_utime), nanoseconds(usage.ru_stime), targets.deviceReadBytes()};
}

void checkBuffers(const Request& request) {
  const std::uint64_t bytes = std::uint64_t{request.blockBytes} * request.depth * request.threads;
  if (bytes > largestBufferBytes) {
    throw Error(ErrorCode::BadInput, "blockBytes x depth x threads is " + std::to_string(bytes) +
                                         " bytes of buffers, more than the " + std::to_string(largestBufferBytes) +
                                         " allowed: lower one of them.");
  }
}

struct Totals {
  timing::LatencyHistogram latency;
  std::uint64_t bytes = 0;
  std::int64_t lastCompletionNs = 0;
  bool reachedDeadline = false;
};

Totals sum(const std::vector<std::unique_ptr<Reader>>& readers) {
  Totals totals;
  for (const auto& reader : readers) {
    const ReaderResult& result = reader->result();
    totals.latency.merge(result.latency);
    totals.bytes += result.bytes;
    totals.lastCompletionNs = std::max(totals.lastCompletionNs, result.lastCompletionNs);
    totals.reachedDeadline = totals.reachedDeadline || result.reachedDeadline;
  }
  return totals;
}

/** Rethrows the exception in flight, with what was measured before it at the end of the sentence. */
[[noreturn]] void rethrowWith(const Totals& totals) {
  try {
    throw;
  } catch (const Error& error) {
    std::ostringstream sentence;
    sentence << error.what() << "; until then " << totals.latency.count() << " reads brought " << totals.bytes
             << " bytes.";
    throw Error(error.code(), sentence.str());
  }
}

LatencyNs summarize(const timing::LatencyHistogram& latency) {
  LatencyNs summary;
  summary.mean = latency.meanNs();
  summary.p50 = latency.quantileNs(0.5);
  summary.p90 = latency.quantileNs(0.9);
  summary.p99 = latency.quantileNs(0.99);
  summary.p999 = latency.quantileNs(0.999);
  summary.p9999 = latency.quantileNs(0.9999);
  summary.maximum = static_cast<double>(latency.maximumNs());
  return summary;
}

void addRates(Measurement& result, const Totals& totals, std::int64_t elapsedNs) {
  const double seconds = static_cast<double>(elapsedNs) * 1e-9;
  result.bytes = totals.bytes;
  result.operations = totals.latency.count();
  result.elapsedNs = elapsedNs;
  result.bytesPerSecond = static_cast<double>(result.bytes) / seconds;
  result.operationsPerSecond = static_cast<double>(result.operations) / seconds;
  result.latencyNs = summarize(totals.latency);
  // Little's law: mean number in flight = rate x mean latency.
  result.achievedDepth = result.operationsPerSecond * result.latencyNs.mean * 1e-9;
}

void addCounters(Measurement& result, const Counters& before, const Counters& after) {
  result.userCpuNs = after.userCpuNs - before.userCpuNs;
  result.systemCpuNs = after.systemCpuNs - before.systemCpuNs;
  if (before.deviceBytes && after.deviceBytes) result.deviceBytes = *after.deviceBytes - *before.deviceBytes;
}

void sleepUntil(std::int64_t timeNs) {
  constexpr std::int64_t sliceNs = 10'000'000;  // an interruption is noticed after so long
  for (std::int64_t left = timeNs - timing::monotonicNs(); left > 0 && !isInterrupted();
       left = timeNs - timing::monotonicNs()) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left, sliceNs)));
  }
}

/** Runs the readers; returns the counters as they were when the ramp ended. */
Counters run(std::vector<std::unique_ptr<Reader>>& readers, Session& session) {
  Counters atWindowStart = readCounters(session.targets);
  session.windowStartNs = timing::monotonicNs() + nanoseconds(session.request.rampMs);
  session.deadlineNs = session.windowStartNs + nanoseconds(session.request.durationMs);
  ThreadGroup threads(readers.size(), [&readers](std::size_t index) { readers[index]->run(); });
  if (session.request.rampMs > 0) {
    sleepUntil(session.windowStartNs);
    atWindowStart = readCounters(session.targets);
  }
  threads.join();
  return atWindowStart;
}

}  // namespace

Measurement measureWith(const Request& request, const MakeEngine& makeEngine) {
  checkBuffers(request);
  const TargetSet targets(request);
  const Pattern pattern(request.pattern, targets.sizes(), request.blockBytes, request.seed);
  Session session{request, targets, pattern};
  std::vector<std::unique_ptr<Reader>> readers;
  for (unsigned i = 0; i < request.threads; ++i) {
    readers.push_back(std::make_unique<Reader>(session, makeEngine));
  }

  Counters before;
  try {
    before = run(readers, session);
  } catch (const Error&) {
    rethrowWith(sum(readers));
  }
  const Counters after = readCounters(targets);
  const Totals totals = sum(readers);
  if (totals.latency.count() == 0) {
    throw Error(ErrorCode::BadInput, "No read of " + std::to_string(request.blockBytes) + " bytes ended within the " +
                                         std::to_string(std::lround(request.durationMs)) + " ms: measure for longer.");
  }

  Measurement result;
  result.engine = request.engine;
  result.engineFeatures = readers.front()->engine().features();
  result.direct = request.direct;
  result.targetBytes = targets.bytes();
  result.alignmentBytes = targets.alignmentBytes();
  // Spent bytes end the window at the last completion, spent time at the deadline.
  const std::int64_t endNs = totals.reachedDeadline ? session.deadlineNs : totals.lastCompletionNs;
  addRates(result, totals, std::max<std::int64_t>(endNs - session.windowStartNs, 1));
  addCounters(result, before, after);
  return result;
}

namespace {

/** The request with its depth made of threads, where the engine has no other. */
Request asServedBy(const EngineEntry& engine, Request request) {
  if (!engine.isSynchronous) return request;
  const std::uint64_t threads = std::uint64_t{request.threads} * request.depth;
  if (threads > mostThreads) {
    throw Error(ErrorCode::BadInput, "threads x depth is " + std::to_string(threads) + ", and engine " + engine.name +
                                         " makes a thread of each, more than the " + std::to_string(mostThreads) +
                                         " allowed: lower one of them.");
  }
  request.threads = static_cast<unsigned>(threads);
  request.depth = 1;
  return request;
}

}  // namespace

Measurement measure(const Request& request) {
  const EngineEntry& engine = chooseEngine(request.engine);
  Measurement result = measureWith(asServedBy(engine, request), engine.make);
  result.engine = engine.name;
  const EngineEntry& preferred = engines().front();
  if (request.engine == "auto" && engine.name != preferred.name) result.engineReason = preferred.obstacle();
  return result;
}

}  // namespace orion::storage
