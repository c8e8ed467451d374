// What a buffer holds before a launch, and what is said of it afterwards.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "gpu/user_kernel/kernel_argument.h"

namespace orion::gpu {

/**
 * Writes the elements [first, first + count) of a buffer, so that a large one can be filled piece by piece.
 * @param target count * bytesOf(argument.type) bytes
 */
void fillElements(const KernelArgument& argument, std::size_t first, std::size_t count, unsigned char* target);

/** Sum and hash of a buffer, taken piece by piece in its order. */
class BufferSummary {
 public:
  explicit BufferSummary(ElementType type) : type_(type) {}

  /** @param source count * bytesOf(type) bytes */
  void add(const unsigned char* source, std::size_t count);

  /** Of all elements but NaN, in double precision; infinite or NaN where elements are infinite. */
  double sum() const { return sum_; }
  std::size_t nanCount() const { return nanCount_; }
  /** FNV-1a of 64 bits over the bytes, 16 hexadecimal digits. */
  std::string hash() const;

 private:
  ElementType type_;
  double sum_ = 0;
  std::size_t nanCount_ = 0;
  std::uint64_t hash_ = 0xcbf29ce484222325;  // offset basis of FNV-1a (Fowler, Noll, Vo; RFC 9923)
};

}  // namespace orion::gpu
