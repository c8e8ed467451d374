// What a user's kernel is asked to do and what it left; no CUDA here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "gpu/user_kernel/element_type.h"
#include "gpu/user_kernel/launch_geometry.h"

namespace orion::gpu {

struct UserKernelRequest {
  std::string file;
  std::string entry;
  Dimensions grid{1, 1, 1};
  Dimensions block{1, 1, 1};
  std::size_t sharedBytes = 0;  // dynamic, per block
  std::vector<std::string> arguments;
};

/** What a buffer held when it was read back. */
struct UserKernelOutput {
  std::size_t argument = 0;  // index, from 0
  ElementType type = ElementType::F32;
  std::size_t count = 0;
  double sum = 0;  // of all elements but NaN; may be infinite or NaN where elements are infinite
  std::size_t nanCount = 0;
  std::string hash;  // FNV-1a of 64 bits over the bytes, hexadecimal
};

}  // namespace orion::gpu
