#include "storage/cpu_time.h"

#include <dirent.h>
#include <sys/resource.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>

namespace orion::storage {
namespace {

std::int64_t nanoseconds(const timeval& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + std::int64_t{time.tv_usec} * 1'000;
}

/** The clock of another thread of this process: CPUCLOCK_PERTHREAD_MASK | CPUCLOCK_SCHED of the kernel's ABI. */
clockid_t clockOf(int thread) { return static_cast<clockid_t>((~static_cast<unsigned>(thread) << 3) | 6u); }

bool isRingWorker(const std::string& thread) {
  std::ifstream file("/proc/self/task/" + thread + "/comm");
  std::string name;
  return std::getline(file, name) && name.rfind("iou-wrk-", 0) == 0;
}

}  // namespace

CpuTime& CpuTime::operator+=(const CpuTime& other) {
  userNs += other.userNs;
  systemNs += other.systemNs;
  return *this;
}

CpuTime operator-(const CpuTime& after, const CpuTime& before) {
  return {after.userNs - before.userNs, after.systemNs - before.systemNs};
}

CpuTime threadCpuTime() {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  return {nanoseconds(usage.ru_utime), nanoseconds(usage.ru_stime)};
}

CpuTime ringWorkersCpuTime() {
  CpuTime sum;
  const std::unique_ptr<DIR, int (*)(DIR*)> threads(opendir("/proc/self/task"), closedir);
  if (!threads) return sum;
  while (const dirent* entry = readdir(threads.get())) {
    const std::string thread = entry->d_name;
    timespec time{};
    if (!isRingWorker(thread) || clock_gettime(clockOf(std::atoi(thread.c_str())), &time) != 0) continue;
    sum.systemNs += std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }
  return sum;
}

}  // namespace orion::storage
