#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "gpu/user_kernel/code_image.h"
#include "gpu/user_kernel/driver_api.h"

namespace orion::gpu {

/** Owns a module in the current context, with one of its kernels. */
class LoadedFunction {
 public:
  /** Throws BadInput where the code does not compile, does not suit the device or has no such entry. */
  LoadedFunction(const CodeImage& image, const std::string& entry);
  ~LoadedFunction();
  LoadedFunction(const LoadedFunction&) = delete;
  LoadedFunction& operator=(const LoadedFunction&) = delete;

  CUfunction get() const { return function_; }
  int attribute(CUfunction_attribute attribute) const;
  /** Sizes of the kernel's parameters; nothing where the driver does not tell. */
  std::optional<std::vector<std::size_t>> parameterBytes() const;

  /** Leaves the module loaded: unloading waits for its kernels, of which one may never end. */
  void abandon() { module_ = nullptr; }

 private:
  CUmodule module_ = nullptr;
  CUfunction function_ = nullptr;
};

}  // namespace orion::gpu
