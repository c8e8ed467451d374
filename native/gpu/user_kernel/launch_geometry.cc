#include "gpu/user_kernel/launch_geometry.h"

#include <optional>

#include "base/error.h"
#include "gpu/user_kernel/integer_text.h"

namespace orion::gpu {
namespace {

// CUDA C++ Programming Guide, table of technical specifications: the same for every compute capability since 3.0.
constexpr Dimensions largestGrid{2147483647, 65535, 65535};
constexpr Dimensions largestBlock{1024, 1024, 64};
constexpr std::int64_t mostThreads = 1024;

/** More than any device has; the device's own limit is looked up when the kernel is loaded. */
constexpr std::uint64_t mostSharedBytes = std::uint64_t{16} << 20;

[[noreturn]] void refuseDimensions(const std::string& text, Extent extent) {
  const bool isGrid = extent == Extent::Grid;
  throw Error(ErrorCode::BadInput,
              std::string("gpu: ") + (isGrid ? "grid" : "block") + " is '" + text + "'; expected X[,Y[,Z]] up to " +
                  textOf(isGrid ? largestGrid : largestBlock) +
                  (isGrid ? " blocks, e.g. 1024." : " threads and 1024 in all, e.g. 256 or 32,8."));
}

}  // namespace

std::string textOf(const Dimensions& dimensions) {
  return std::to_string(dimensions[0]) + "," + std::to_string(dimensions[1]) + "," + std::to_string(dimensions[2]);
}

void requireWithinLimits(const Dimensions& dimensions, Extent extent) {
  const Dimensions& largest = extent == Extent::Grid ? largestGrid : largestBlock;
  for (std::size_t axis = 0; axis < dimensions.size(); ++axis) {
    if (dimensions[axis] < 1 || dimensions[axis] > largest[axis]) refuseDimensions(textOf(dimensions), extent);
  }
  if (extent == Extent::Block && dimensions[0] * dimensions[1] * dimensions[2] > mostThreads) {
    refuseDimensions(textOf(dimensions), extent);
  }
}

Dimensions parseDimensions(const std::string& text, Extent extent) {
  Dimensions dimensions{1, 1, 1};
  std::size_t axis = 0;
  for (std::size_t start = 0, end = 0; end != std::string::npos; start = end + 1, ++axis) {
    end = text.find(',', start);
    const std::optional<std::uint64_t> value =
        unsignedOf(text.substr(start, end == std::string::npos ? end : end - start));
    if (axis == dimensions.size() || !value || *value > static_cast<std::uint64_t>(largestGrid[0])) {
      refuseDimensions(text, extent);
    }
    dimensions[axis] = static_cast<std::int64_t>(*value);
  }
  requireWithinLimits(dimensions, extent);
  return dimensions;
}

std::size_t parseSharedBytes(const std::string& text) {
  const std::optional<std::uint64_t> bytes = countOf(text);
  if (!bytes || *bytes > mostSharedBytes) {
    throw Error(ErrorCode::BadInput, "gpu: shared memory is '" + text +
                                         "'; expected bytes per block from 0 to 16Mi, which may end in Ki, e.g. 48Ki.");
  }
  return static_cast<std::size_t>(*bytes);
}

}  // namespace orion::gpu
