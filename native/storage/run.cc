#include "storage/run.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#include "base/error.h"
#include "base/interruption.h"
#include "base/thread_group.h"
#include "storage/steady_state.h"
#include "timing/clock.h"

namespace orion::storage {
namespace {

/** The steady state is one second long, and waited for at most so many times as long as the window. */
constexpr std::size_t steadyIntervals = 10;
constexpr double longestWait = 10;

std::int64_t nanoseconds(double milliseconds) { return static_cast<std::int64_t>(milliseconds * 1e6); }

void sleepUntil(std::int64_t timeNs, const std::atomic<bool>& stop) {
  constexpr std::int64_t sliceNs = 10'000'000;  // an interruption or a failure is noticed after so long
  for (std::int64_t left = timeNs - timing::monotonicNs(); left > 0 && !stop && !isInterrupted();
       left = timeNs - timing::monotonicNs()) {
    std::this_thread::sleep_for(std::chrono::nanoseconds(std::min(left, sliceNs)));
  }
}

/** Lets the readers read until their throughput is flat; false where it was not in the time allowed. */
bool awaitSteadyState(const Readers& readers, const Session& session) {
  SteadyState throughput(session.request.steadyPercent, steadyIntervals);
  std::int64_t now = timing::monotonicNs();
  const std::int64_t latest = now + nanoseconds(session.request.durationMs * longestWait);
  std::uint64_t before = readBytes(readers);
  while (!throughput.isReached()) {
    if (now >= latest || session.stop || isInterrupted()) return false;
    now += Series::intervalNs;
    sleepUntil(now, session.stop);
    const std::uint64_t after = readBytes(readers);
    throughput.add(static_cast<double>(after - before));
    before = after;
  }
  return true;
}

}  // namespace

Run run(const Readers& readers, Session& session) {
  const Request& request = session.request;
  Run run;
  const std::int64_t start = timing::monotonicNs();
  const auto openWindow = [&](std::int64_t at) {
    run.rampNs = at - start;
    session.deadlineNs = at + nanoseconds(request.durationMs);
    session.windowStartNs = at;
  };
  // A ramp of a known length ends on time, even where this thread comes late.
  if (request.steadyPercent == 0) openWindow(start + nanoseconds(request.rampMs));
  ThreadGroup threads(readers.size(), [&readers](std::size_t index) { readers[index]->run(); });
  if (request.rampMs > 0) sleepUntil(start + nanoseconds(request.rampMs), session.stop);
  if (request.steadyPercent > 0) {
    run.steady = awaitSteadyState(readers, session);
    openWindow(timing::monotonicNs());
  }
  const CpuTime workersBefore = ringWorkersCpuTime();
  try {
    threads.join();
  } catch (const Error& error) {
    run.failure = error.what();
  }
  run.ringWorkers.systemNs = std::max<std::int64_t>((ringWorkersCpuTime() - workersBefore).systemNs, 0);
  return run;
}

std::uint64_t readBytes(const Readers& readers) {
  std::uint64_t bytes = 0;
  for (const auto& reader : readers) bytes += reader->readBytes();
  return bytes;
}

}  // namespace orion::storage
