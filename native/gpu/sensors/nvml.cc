#include "gpu/sensors/nvml.h"

#include <dlfcn.h>

namespace orion::gpu {
namespace {

// Declared by hand after the NVML API reference: the header is no part of what users have.
using NvmlStatus = int;
struct NvmlDeviceStruct;
using NvmlDevice = NvmlDeviceStruct*;

constexpr NvmlStatus nvmlSuccess = 0;
constexpr int temperatureOfGpu = 0;  // NVML_TEMPERATURE_GPU
constexpr int clockOfSm = 1;         // NVML_CLOCK_SM
constexpr int clockOfMemory = 2;     // NVML_CLOCK_MEM
constexpr unsigned migEnabled = 1;   // NVML_DEVICE_MIG_ENABLE

struct ThrottleReason {
  unsigned long long bit;
  const char* name;
};

/** nvmlClocksEventReasons; 0x1 (idle), 0x2 (application clocks) and 0x100 (display clocks) say nothing of strain. */
constexpr ThrottleReason throttleReasons[] = {
    {0x04, "power cap"},        {0x08, "hardware slowdown"},         {0x10, "sync boost"},
    {0x20, "software thermal"}, {0x40, "hardware thermal slowdown"}, {0x80, "power brake"},
};

/** The library, opened and initialised once and kept: the driver counts its users. */
class Nvml {
 public:
  Nvml() {
    library_ = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library_ == nullptr) return;
    const auto initialise = function<NvmlStatus (*)()>("nvmlInit_v2");
    isUsable_ = initialise != nullptr && initialise() == nvmlSuccess;
  }

  /** Null where the library has no such function. */
  template <typename Function>
  Function function(const char* name) const {
    return library_ == nullptr ? nullptr : reinterpret_cast<Function>(dlsym(library_, name));
  }

  /** Calls a function that writes one number; nothing where it is missing or fails. */
  template <typename Number, typename... Before>
  std::optional<Number> number(const char* name, Before... before) const {
    const auto call = function<NvmlStatus (*)(Before..., Number*)>(name);
    Number value{};
    if (!isUsable_ || call == nullptr || call(before..., &value) != nvmlSuccess) return std::nullopt;
    return value;
  }

  std::optional<NvmlDevice> card(const std::string& uuid, const std::string& pciBusId) const {
    std::optional<NvmlDevice> found;
    if (!uuid.empty()) found = number<NvmlDevice>("nvmlDeviceGetHandleByUUID", uuid.c_str());
    if (!found && !pciBusId.empty()) {
      found = number<NvmlDevice>("nvmlDeviceGetHandleByPciBusId_v2", pciBusId.c_str());
    }
    if (!found) return std::nullopt;
    // A slice has no power meter of its own.
    const auto wholeCard = number<NvmlDevice>("nvmlDeviceGetDeviceHandleFromMigDeviceHandle", *found);
    return wholeCard ? wholeCard : found;
  }

 private:
  void* library_ = nullptr;
  bool isUsable_ = false;
};

const Nvml& nvml() {
  static const Nvml library;
  return library;
}

template <typename Number>
std::optional<double> scaled(const std::optional<Number>& value, double scale) {
  return value ? std::optional(static_cast<double>(*value) * scale) : std::nullopt;
}

std::optional<int> count(const char* name, NvmlDevice card) {
  const auto value = nvml().number<unsigned>(name, card);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

}  // namespace

std::vector<std::string> throttleReasonsIn(unsigned long long mask) {
  std::vector<std::string> names;
  for (const ThrottleReason& reason : throttleReasons) {
    if ((mask & reason.bit) != 0) names.emplace_back(reason.name);
  }
  return names;
}

std::optional<Sensors> sensorsOf(const std::string& uuid, const std::string& pciBusId) {
  const std::optional<NvmlDevice> card = nvml().card(uuid, pciBusId);
  if (!card) return std::nullopt;
  constexpr double milli = 1e-3;
  Sensors sensors;
  sensors.powerW = scaled(nvml().number<unsigned>("nvmlDeviceGetPowerUsage", *card), milli);
  sensors.temperatureC = scaled(nvml().number<unsigned>("nvmlDeviceGetTemperature", *card, temperatureOfGpu), 1);
  sensors.smClockMHz = scaled(nvml().number<unsigned>("nvmlDeviceGetClockInfo", *card, clockOfSm), 1);
  sensors.memoryClockMHz = scaled(nvml().number<unsigned>("nvmlDeviceGetClockInfo", *card, clockOfMemory), 1);
  sensors.powerLimitW = scaled(nvml().number<unsigned>("nvmlDeviceGetEnforcedPowerLimit", *card), milli);
  // The newer name is of driver 535; the older one has the same bits.
  auto reasons = nvml().number<unsigned long long>("nvmlDeviceGetCurrentClocksEventReasons", *card);
  if (!reasons) reasons = nvml().number<unsigned long long>("nvmlDeviceGetCurrentClocksThrottleReasons", *card);
  sensors.throttleReasons = throttleReasonsIn(reasons.value_or(0));
  return sensors;
}

std::optional<Link> linkOf(const std::string& uuid, const std::string& pciBusId) {
  const std::optional<NvmlDevice> card = nvml().card(uuid, pciBusId);
  if (!card) return std::nullopt;
  Link link;
  link.generation = count("nvmlDeviceGetCurrPcieLinkGeneration", *card);
  link.width = count("nvmlDeviceGetCurrPcieLinkWidth", *card);
  link.highestGeneration = count("nvmlDeviceGetMaxPcieLinkGeneration", *card);
  link.highestWidth = count("nvmlDeviceGetMaxPcieLinkWidth", *card);
  return link;
}

std::optional<bool> migModeOf(const std::string& uuid, const std::string& pciBusId) {
  const std::optional<NvmlDevice> card = nvml().card(uuid, pciBusId);
  if (!card) return std::nullopt;
  unsigned pending = 0;
  unsigned current = 0;
  const auto call = nvml().function<NvmlStatus (*)(NvmlDevice, unsigned*, unsigned*)>("nvmlDeviceGetMigMode");
  if (call == nullptr || call(*card, &current, &pending) != nvmlSuccess) return std::nullopt;
  return current == migEnabled;
}

std::optional<std::string> driverVersionText() {
  char text[96] = "";  // NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE is 80
  const auto call = nvml().function<NvmlStatus (*)(char*, unsigned)>("nvmlSystemGetDriverVersion");
  if (call == nullptr || call(text, sizeof text - 1) != nvmlSuccess) return std::nullopt;
  return text;
}

}  // namespace orion::gpu
