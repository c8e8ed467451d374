#include "gpu/user_kernel/kernel_failure.h"

#include "base/error.h"

namespace orion::gpu {
namespace {

const char* deedOf(cudaError_t status) {
  switch (status) {
    case cudaErrorIllegalAddress:
      return "accessed memory outside its buffers";
    case cudaErrorMisalignedAddress:
      return "accessed memory at an address that is no multiple of the access's size";
    case cudaErrorInvalidAddressSpace:
      return "accessed the wrong kind of memory, e.g. shared memory by an instruction for global memory";
    case cudaErrorIllegalInstruction:
      return "ran into an illegal instruction or a trap";
    case cudaErrorInvalidPc:
      return "jumped outside its code";
    case cudaErrorHardwareStackError:
      return "overran its stack";
    case cudaErrorAssert:
      return "failed an assertion";
    case cudaErrorLaunchTimeout:
      return "ran longer than the driver's watchdog allows";
    case cudaErrorLaunchFailure:
      return "failed while it ran, e.g. at an address outside shared memory";
    case cudaErrorLaunchOutOfResources:
      return "needs more registers per block than the device has: ask for fewer threads";
    case cudaErrorInvalidValue:
    case cudaErrorInvalidConfiguration:
      return "cannot be launched with this grid, block and shared memory";
    default:
      return nullptr;
  }
}

bool isRefusedLaunch(cudaError_t status) {
  return status == cudaErrorLaunchOutOfResources || status == cudaErrorInvalidValue ||
         status == cudaErrorInvalidConfiguration;
}

}  // namespace

void throwKernelFailure(const std::string& entry, cudaError_t status) {
  cudaGetLastError();  // so that the next check does not see this error again, where it passes
  const char* deed = deedOf(status);
  const std::string what = deed == nullptr ? std::string("failed: ") + cudaGetErrorString(status) : std::string(deed);
  throw Error(isRefusedLaunch(status) ? ErrorCode::BadInput : ErrorCode::Io,
              "gpu: kernel '" + entry + "' " + what + " (" + cudaGetErrorName(status) + ").");
}

}  // namespace orion::gpu
