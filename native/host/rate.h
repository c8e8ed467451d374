#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace orion::host {

/** `HostRate` of src/base/native.ts. */
struct Rate {
  double perSecond = 0;  // bytes/s or FLOP/s, median over repeats
  std::size_t repeats = 0;
  double relativeStandardDeviation = 0;
  std::string instructionSet;  // empty where it does not matter
};

/**
 * Repeats `work(thread)` on all threads together, each repeat from the moment the last one is ready until the last one
 * is done, for `durationMs` and at least three times. The first repeat warms up and is not counted.
 * @param amountPerRepeat bytes or FLOPs of one repeat over all threads
 */
Rate measureRate(unsigned threads, double durationMs, double amountPerRepeat,
                 const std::function<void(unsigned thread)>& work);

}  // namespace orion::host
