#pragma once

#include <cstdint>

namespace orion::storage {

struct CpuTime {
  std::int64_t userNs = 0;
  std::int64_t systemNs = 0;

  CpuTime& operator+=(const CpuTime& other);
};

CpuTime operator-(const CpuTime& after, const CpuTime& before);

/** Of the thread that asks. */
CpuTime threadCpuTime();

/**
 * Of the kernel's threads that carry out what io_uring could not start at once. They belong to this process, and to no
 * thread of ours; the time of one that has ended (after 5 s without work) is not known any more.
 */
CpuTime ringWorkersCpuTime();

}  // namespace orion::storage
