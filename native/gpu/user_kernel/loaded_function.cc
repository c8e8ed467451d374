#include "gpu/user_kernel/loaded_function.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "gpu/cuda_call.h"

namespace orion::gpu {
namespace {

constexpr std::size_t logBytes = 16384;
constexpr std::size_t mostNamesListed = 12;

std::string nameOfDevice() {
  int device = 0;
  int major = 0;
  int minor = 0;
  CUDA_CALL(cudaGetDevice(&device));
  CUDA_CALL(cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, device));
  CUDA_CALL(cudaDeviceGetAttribute(&minor, cudaDevAttrComputeCapabilityMinor, device));
  return "sm_" + std::to_string(major) + std::to_string(minor);
}

/** The first line that says something, runs of spaces made one. */
std::string firstLineOf(const std::string& log) {
  std::string line;
  for (const char c : log) {
    if (c == '\n' && !line.empty()) break;
    if (c == '\0') break;
    const bool isSpace = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (isSpace && (line.empty() || line.back() == ' ')) continue;
    line += isSpace ? ' ' : c;
  }
  while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
  return line;
}

std::string architecturesOf(const CodeImage& image) {
  if (image.format != CodeFormat::Cubin) return "nothing";
  const std::optional<int> architecture = architectureOfCubin(image.bytes);
  return architecture ? "code for sm_" + std::to_string(*architecture) + " and nothing" : "nothing";
}

[[noreturn]] void refuseImage(const CodeImage& image, CUresult status, const std::string& firstLogLine) {
  const std::string start = "gpu: kernel file '" + image.file + "' ";
  const std::string reason = firstLogLine.empty() ? wordsOf(status) : firstLogLine;
  switch (status) {
    case CUDA_ERROR_NO_BINARY_FOR_GPU:
      throw Error(ErrorCode::BadInput, start + "holds " + architecturesOf(image) + " that runs on this device, " +
                                           nameOfDevice() + "; compile it with -arch=" + nameOfDevice() +
                                           ", or give PTX.");
    case CUDA_ERROR_UNSUPPORTED_PTX_VERSION:
      throw Error(ErrorCode::BadInput, start + "is PTX of a newer version than the driver knows: " + reason +
                                           "; make it with an older toolkit or lower its .version.");
    case CUDA_ERROR_INVALID_PTX:
    case CUDA_ERROR_INVALID_IMAGE:
    case CUDA_ERROR_INVALID_SOURCE:
    case CUDA_ERROR_NOT_FOUND:
      throw Error(ErrorCode::BadInput, start + "does not compile or load: " + reason + ".");
    default:
      throw Error(ErrorCode::Io, start + "cannot be loaded: " + reason + ".");
  }
}

CUmodule load(const CodeImage& image) {
  std::string log(logBytes, '\0');
  CUjit_option options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void* values[] = {log.data(), reinterpret_cast<void*>(static_cast<std::uintptr_t>(logBytes - 1))};
  CUmodule module = nullptr;
  const CUresult status = driver().moduleLoadDataEx(&module, image.bytes.c_str(), 2, options, values);
  if (status != CUDA_SUCCESS) refuseImage(image, status, firstLineOf(log));
  return module;
}

/** Empty where the driver does not tell. */
std::vector<std::string> entriesOfModule(CUmodule module) {
  const DriverApi& api = driver();
  std::vector<std::string> names;
  if (api.moduleGetFunctionCount == nullptr || api.moduleEnumerateFunctions == nullptr || api.funcGetName == nullptr) {
    return names;
  }
  unsigned count = 0;
  if (api.moduleGetFunctionCount(&count, module) != CUDA_SUCCESS || count == 0) return names;
  std::vector<CUfunction> functions(count);
  if (api.moduleEnumerateFunctions(functions.data(), count, module) != CUDA_SUCCESS) return names;
  for (const CUfunction function : functions) {
    const char* name = nullptr;
    if (api.funcGetName(&name, function) == CUDA_SUCCESS && name != nullptr) names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

[[noreturn]] void refuseEntry(const CodeImage& image, CUmodule module, const std::string& entry) {
  std::vector<std::string> names = entriesOfModule(module);
  if (names.empty() && image.format == CodeFormat::Ptx) names = entriesOfPtx(image.bytes);
  std::string list;
  for (std::size_t i = 0; i < std::min(names.size(), mostNamesListed); ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > mostNamesListed) list += " and " + std::to_string(names.size() - mostNamesListed) + " more";
  throw Error(ErrorCode::BadInput, "gpu: kernel file '" + image.file + "' has no entry '" + entry + "'; " +
                                       (list.empty() ? "C++ mangles names unless extern \"C\" stands before them."
                                                     : "it has " + list + "."));
}

}  // namespace

LoadedFunction::LoadedFunction(const CodeImage& image, const std::string& entry) : module_(load(image)) {
  try {
    const CUresult status = driver().moduleGetFunction(&function_, module_, entry.c_str());
    if (status == CUDA_ERROR_NOT_FOUND || entry.empty()) refuseEntry(image, module_, entry);
    if (status != CUDA_SUCCESS) refuseImage(image, status, "");
  } catch (...) {
    driver().moduleUnload(module_);
    throw;
  }
}

LoadedFunction::~LoadedFunction() {
  // After a kernel's fault this fails like every other call, and there is nothing left to unload.
  if (module_ != nullptr) driver().moduleUnload(module_);
}

int LoadedFunction::attribute(CUfunction_attribute attribute) const {
  int value = 0;
  DRIVER_CALL(driver().funcGetAttribute(&value, attribute, function_));
  return value;
}

std::optional<std::vector<std::size_t>> LoadedFunction::parameterBytes() const {
  const DriverApi& api = driver();
  if (api.funcGetParamInfo == nullptr) return std::nullopt;
  std::vector<std::size_t> sizes;
  for (;;) {
    std::size_t offset = 0;
    std::size_t bytes = 0;
    const CUresult status = api.funcGetParamInfo(function_, sizes.size(), &offset, &bytes);
    if (status == CUDA_ERROR_INVALID_VALUE) return sizes;  // one past the last
    if (status != CUDA_SUCCESS) return std::nullopt;
    sizes.push_back(bytes);
  }
}

}  // namespace orion::gpu
