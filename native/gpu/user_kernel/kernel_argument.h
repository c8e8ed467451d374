// The arguments of a user's kernel, as --arg gives them:
//   scalar  TYPE:VALUE                  i32:4096  u64:0xff  f32:1.5  f16:nan
//   buffer  buffer:TYPE:COUNT[:FILL]    buffer:f32:16Mi  buffer:i32:4096:iota  buffer:f64:1024:0
//   buffer:f32:1Ki:random=7
// TYPE is one of elementTypes, COUNT may end in Ki, Mi or Gi, FILL is a value, iota, random or random=SEED.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "gpu/user_kernel/element_type.h"

namespace orion::gpu {

enum class Fill {
  Value,
  /** Element i is i, from 0 again where the type has no such integer: f16 after 2047, bf16 after 255, i8 after 127. */
  Iota,
  /** Floats uniform in [0, 1), integers in 0..127; the same seed gives the same elements everywhere. */
  Random,
};

struct KernelArgument {
  std::string text;  // as given
  ElementType type = ElementType::I32;
  bool isBuffer = false;
  ElementBytes value{};  // the scalar, or what the buffer is filled with
  // of a buffer
  std::size_t count = 0;
  Fill fill = Fill::Random;
  std::uint64_t seed = 1;

  std::size_t bytes() const { return count * bytesOf(type); }
};

/** Throws BadInput with the position (from 1), the text, what was expected and an example. */
std::vector<KernelArgument> parseKernelArguments(const std::vector<std::string>& texts);

}  // namespace orion::gpu
