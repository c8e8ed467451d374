#include "storage/measure.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/error.h"
#include "storage/pattern.h"
#include "storage/process_io.h"
#include "storage/reader.h"
#include "storage/run.h"
#include "storage/target_set.h"

namespace orion::storage {
namespace {

constexpr std::uint64_t largestBufferBytes = std::uint64_t{8} << 30;
constexpr std::uint64_t mostThreads = 16'384;

/** The kernel's counters of bytes that were read from devices. */
struct Counters {
  std::optional<std::uint64_t> process;
  std::optional<std::uint64_t> device;
};

Counters readCounters(const TargetSet& targets) { return {processReadBytes(), targets.deviceReadBytes()}; }

std::optional<std::uint64_t> difference(std::optional<std::uint64_t> before, std::optional<std::uint64_t> after) {
  if (!before || !after) return std::nullopt;
  return *after - *before;
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
  Series series;
  CpuTime cpu;
  std::int64_t lastCompletionNs = 0;
  bool reachedDeadline = false;
};

Totals sum(const Readers& readers) {
  Totals totals;
  for (const auto& reader : readers) {
    const ReaderResult& result = reader->result();
    totals.latency.merge(result.latency);
    totals.bytes += result.bytes;
    totals.series.merge(result.series);
    totals.cpu += result.cpu;
    totals.lastCompletionNs = std::max(totals.lastCompletionNs, result.lastCompletionNs);
    totals.reachedDeadline = totals.reachedDeadline || result.reachedDeadline;
  }
  return totals;
}

/** A failure, and what was measured before it. */
std::string sentenceOf(std::string failure, const Measurement& measured) {
  if (failure.back() == '.') failure.pop_back();
  std::ostringstream sentence;
  sentence << failure << "; measured until then: " << measured.operations << " reads, " << measured.bytes << " bytes.";
  return sentence.str();
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

}  // namespace

Measurement measureWith(const Request& request, const MakeEngine& makeEngine) {
  checkBuffers(request);
  const TargetSet targets(request);
  const Pattern pattern(request.pattern, targets.sizes(), request.blockBytes, request.seed);
  Session session{request, targets, pattern};
  Readers readers;
  for (unsigned i = 0; i < request.threads; ++i) {
    readers.push_back(std::make_unique<Reader>(session, makeEngine));
  }

  const Counters before = readCounters(targets);
  const Run facts = run(readers, session);
  const Counters after = readCounters(targets);
  const Totals totals = sum(readers);
  if (totals.latency.count() == 0 && !facts.failure) {
    throw Error(ErrorCode::BadInput, "No read of " + std::to_string(request.blockBytes) + " bytes ended within the " +
                                         std::to_string(std::lround(request.durationMs)) + " ms: measure for longer.");
  }

  Measurement result;
  result.engine = request.engine;
  result.engineFeatures = readers.front()->engine().features();
  result.direct = request.direct;
  result.targetBytes = targets.bytes();
  result.alignmentBytes = targets.alignmentBytes();
  // Spent bytes and failures end the window at the last completion, spent time at the deadline.
  const bool untilDeadline = totals.reachedDeadline && !facts.failure;
  const std::int64_t endNs = untilDeadline ? session.deadlineNs.load() : totals.lastCompletionNs;
  addRates(result, totals, std::max<std::int64_t>(endNs - session.windowStartNs, 1));
  result.userCpuNs = totals.cpu.userNs;
  result.systemCpuNs = totals.cpu.systemNs + facts.ringWorkers.systemNs;
  result.rampNs = facts.rampNs;
  result.steady = facts.steady;
  result.series = totals.series;
  result.account = {readBytes(readers), difference(before.process, after.process),
                    difference(before.device, after.device)};
  if (facts.failure) result.failure = sentenceOf(*facts.failure, result);
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
