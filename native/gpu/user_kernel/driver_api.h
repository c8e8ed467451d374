// The driver's own interface, taken from the CUDA runtime: nothing links with libcuda, which is missing where there is
// no driver.
#pragma once

#include <cuda.h>
#include <cudaTypedefs.h>

#include <string>

namespace orion::gpu {

struct DriverApi {
  PFN_cuGetErrorName_v6000 getErrorName = nullptr;
  PFN_cuGetErrorString_v6000 getErrorString = nullptr;
  PFN_cuModuleLoadDataEx_v2010 moduleLoadDataEx = nullptr;
  PFN_cuModuleUnload_v2000 moduleUnload = nullptr;
  PFN_cuModuleGetFunction_v2000 moduleGetFunction = nullptr;
  PFN_cuFuncGetAttribute_v2020 funcGetAttribute = nullptr;
  PFN_cuFuncSetAttribute_v9000 funcSetAttribute = nullptr;
  PFN_cuLaunchKernel_v4000 launchKernel = nullptr;
  // Null before CUDA 12.4.
  PFN_cuModuleGetFunctionCount_v12040 moduleGetFunctionCount = nullptr;
  PFN_cuModuleEnumerateFunctions_v12040 moduleEnumerateFunctions = nullptr;
  PFN_cuFuncGetName_v12030 funcGetName = nullptr;
  PFN_cuFuncGetParamInfo_v12040 funcGetParamInfo = nullptr;
};

/** Looked up at the first call. Throws MissingDevice without a driver. */
const DriverApi& driver();

/** "an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS)" */
std::string wordsOf(CUresult status);

/** Throws Io. */
void checkDriver(CUresult status, const char* call);

}  // namespace orion::gpu

#define DRIVER_CALL(call) ::orion::gpu::checkDriver((call), #call)
