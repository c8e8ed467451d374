#pragma once

#include <vector>

namespace orion::timing {

/** CPUs that the calling thread may use, ascending. */
std::vector<int> affinity();

/**
 * Restricts every thread of this process to `cpus`; threads started later inherit it from their creator.
 * Throws BadInput, leaving everything as it was, if a CPU does not exist or is not allowed (cpuset of a job or
 * container).
 */
void setAffinity(const std::vector<int>& cpus);

}  // namespace orion::timing
