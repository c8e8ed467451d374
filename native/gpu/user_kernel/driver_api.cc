#include "gpu/user_kernel/driver_api.h"

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {
namespace {

constexpr unsigned firstVersion = 12000;  // has all that is not optional

/** @param version of CUDA whose form of the function is wanted: the one in the name of its type */
template <typename Function>
void lookUp(Function& function, const char* name, unsigned version) {
  void* address = nullptr;
  cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
  // The legacy stream, as the types above are declared: a per-thread default stream has functions of its own.
  CUDA_CALL(cudaGetDriverEntryPointByVersion(name, &address, version, cudaEnableLegacyStream, &found));
  if (found != cudaDriverEntryPointSuccess || address == nullptr) {
    throw Error(ErrorCode::MissingDevice, std::string("gpu: the NVIDIA driver has no ") + name +
                                              ", which user kernels need; install a newer driver.");
  }
  function = reinterpret_cast<Function>(address);
}

template <typename Function>
void lookUpOptional(Function& function, const char* name, unsigned version) {
  void* address = nullptr;
  cudaDriverEntryPointQueryResult found = cudaDriverEntryPointSymbolNotFound;
  const cudaError_t status = cudaGetDriverEntryPointByVersion(name, &address, version, cudaEnableLegacyStream, &found);
  if (status != cudaSuccess) cudaGetLastError();  // a driver older than the version
  if (status == cudaSuccess && found == cudaDriverEntryPointSuccess) function = reinterpret_cast<Function>(address);
}

DriverApi lookUpAll() {
  DriverApi api;
  lookUp(api.getErrorName, "cuGetErrorName", firstVersion);
  lookUp(api.getErrorString, "cuGetErrorString", firstVersion);
  lookUp(api.moduleLoadDataEx, "cuModuleLoadDataEx", firstVersion);
  lookUp(api.moduleUnload, "cuModuleUnload", firstVersion);
  lookUp(api.moduleGetFunction, "cuModuleGetFunction", firstVersion);
  lookUp(api.funcGetAttribute, "cuFuncGetAttribute", firstVersion);
  lookUp(api.funcSetAttribute, "cuFuncSetAttribute", firstVersion);
  lookUp(api.launchKernel, "cuLaunchKernel", firstVersion);
  lookUpOptional(api.moduleGetFunctionCount, "cuModuleGetFunctionCount", 12040);
  lookUpOptional(api.moduleEnumerateFunctions, "cuModuleEnumerateFunctions", 12040);
  lookUpOptional(api.funcGetName, "cuFuncGetName", 12030);
  lookUpOptional(api.funcGetParamInfo, "cuFuncGetParamInfo", 12040);
  return api;
}

}  // namespace

const DriverApi& driver() {
  static const DriverApi api = lookUpAll();  // tried again at the next call where it throws
  return api;
}

std::string wordsOf(CUresult status) {
  const char* name = nullptr;
  const char* text = nullptr;
  driver().getErrorName(status, &name);
  driver().getErrorString(status, &text);
  if (name == nullptr) return "unknown error " + std::to_string(static_cast<int>(status));
  return (text == nullptr ? std::string("error") : std::string(text)) + " (" + name + ")";
}

void checkDriver(CUresult status, const char* call) {
  if (status == CUDA_SUCCESS) return;
  throw Error(ErrorCode::Io, "gpu: " + wordsOf(status) + " from " + call + ".");
}

}  // namespace orion::gpu
