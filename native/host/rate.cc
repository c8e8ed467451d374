#include "host/rate.h"

#include <atomic>
#include <cstdint>
#include <exception>

#include "base/error.h"
#include "base/interruption.h"
#include "base/thread_group.h"
#include "timing/clock.h"
#include "timing/statistics.h"

namespace orion::host {
namespace {

constexpr std::size_t fewestRepeats = 3;

}  // namespace

Rate measureRate(unsigned threads, double durationMs, double amountPerRepeat,
                 const std::function<void(unsigned)>& work) {
  Barrier barrier(threads);
  std::vector<double> rates;
  std::atomic<bool> more{true};
  std::atomic<bool> failed{false};
  std::vector<std::exception_ptr> failures(threads);

  // Thread 0 keeps the time; a failure of any thread lets all of them leave at the same barrier.
  ThreadGroup group(threads, [&](std::size_t thread) {
    const std::int64_t begin = timing::monotonicNs();
    for (std::size_t repeat = 0; more; ++repeat) {
      barrier.arriveAndWait();
      const std::int64_t start = timing::monotonicNs();
      try {
        work(static_cast<unsigned>(thread));
      } catch (...) {
        failures[thread] = std::current_exception();
        failed = true;
      }
      barrier.arriveAndWait();
      const std::int64_t end = timing::monotonicNs();
      if (thread == 0) {
        if (repeat > 0) rates.push_back(amountPerRepeat * 1e9 / static_cast<double>(end - start));
        more = !failed && !isInterrupted() &&
               (rates.size() < fewestRepeats || static_cast<double>(end - begin) < durationMs * 1e6);
      }
      barrier.arriveAndWait();
    }
  });
  group.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }

  if (rates.empty()) throw Error(ErrorCode::Io, "The measurement was interrupted before its first repeat.");
  const timing::SampleSummary summary = timing::summarize(rates);
  Rate rate;
  rate.perSecond = summary.median;
  rate.repeats = summary.count;
  rate.relativeStandardDeviation = summary.relativeStandardDeviation;
  return rate;
}

}  // namespace orion::host
