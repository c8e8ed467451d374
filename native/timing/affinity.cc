#include "timing/affinity.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string>

#include "base/error.h"

namespace orion::timing {
namespace {

std::vector<int> listOf(const cpu_set_t& set) {
  std::vector<int> cpus;
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) cpus.push_back(cpu);
  }
  return cpus;
}

cpu_set_t setOf(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (int cpu : cpus) {
    if (cpu < 0 || cpu >= CPU_SETSIZE) {
      throw Error(ErrorCode::BadInput, "CPU " + std::to_string(cpu) + " does not exist on this machine.");
    }
    CPU_SET(cpu, &set);
  }
  return set;
}

cpu_set_t currentSet() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) throw systemError("cannot read the CPU affinity", errno);
  return set;
}

std::string joined(const std::vector<int>& cpus) {
  std::string text;
  for (int cpu : cpus) text += (text.empty() ? "" : ", ") + std::to_string(cpu);
  return text;
}

/** Threads can appear while we walk: walk until a round finds none that was not pinned yet. */
void pinOtherThreads(const cpu_set_t& set) {
  std::set<pid_t> pinned;
  for (bool foundNew = true; foundNew;) {
    foundNew = false;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task")) {
      const pid_t thread = std::stoi(entry.path().filename().string());
      if (!pinned.insert(thread).second) continue;
      foundNew = true;
      // ESRCH: the thread ended meanwhile.
      if (sched_setaffinity(thread, sizeof set, &set) != 0 && errno != ESRCH) {
        throw systemError("cannot set the CPU affinity of thread " + std::to_string(thread), errno);
      }
    }
  }
}

}  // namespace

std::vector<int> affinity() { return listOf(currentSet()); }

void setAffinity(const std::vector<int>& cpus) {
  if (cpus.empty()) throw Error(ErrorCode::BadInput, "setAffinity needs at least one CPU.");
  const cpu_set_t wanted = setOf(cpus);
  const cpu_set_t before = currentSet();

  // The kernel silently drops CPUs outside our cpuset, so what it made of the request is compared with the request.
  const bool accepted = sched_setaffinity(0, sizeof wanted, &wanted) == 0;
  const cpu_set_t granted = currentSet();
  if (!accepted || !CPU_EQUAL(&wanted, &granted)) {
    sched_setaffinity(0, sizeof before, &before);
    throw Error(ErrorCode::BadInput, "This process may not run on all of the CPUs " + joined(listOf(wanted)) +
                                         ": the kernel grants " + (accepted ? joined(listOf(granted)) : "none") +
                                         " of them.");
  }
  pinOtherThreads(wanted);
}

}  // namespace orion::timing
