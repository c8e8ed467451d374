#pragma once

#include <cstddef>

namespace orion::gpu {

/** Device memory, freed by cudaFree. Throws Io, with what was asked for and what is free, where it does not suffice. */
void* allocate(std::size_t bytes);

}  // namespace orion::gpu
