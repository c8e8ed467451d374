#include <string>

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {
namespace {

/** From `native/` on: where the source lay when it was compiled is of no interest. */
std::string shortened(const std::string& file) {
  const std::size_t start = file.rfind("native/");
  return start == std::string::npos ? file : file.substr(start);
}

}  // namespace

void checkCuda(cudaError_t status, const char* call, const char* file, int line) {
  if (status == cudaSuccess) return;
  cudaGetLastError();  // so that the next check does not see this error again
  const bool isMissing = status == cudaErrorNoDevice || status == cudaErrorInsufficientDriver;
  throw Error(isMissing ? ErrorCode::MissingDevice : ErrorCode::Io,
              std::string("gpu: ") + cudaGetErrorString(status) + " (" + cudaGetErrorName(status) + ") from " + call +
                  " at " + shortened(file) + ":" + std::to_string(line) + ".");
}

}  // namespace orion::gpu
