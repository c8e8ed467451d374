// orion-gpu: the GPU engine without Node, for a machine that has nothing but nvcc (build: scripts/build-orion-gpu.sh).
// Runs the suite, checks every answer and prints one JSON document (docs/gpu.md), rewritten after every case with
// --out.
#include <cstdio>
#include <cstdlib>

#include "base/error.h"
#include "document.h"
#include "settings.h"

namespace {

using namespace orion;
using tools::Document;
using tools::Settings;

// As the command line's own.
constexpr int exitUnforeseen = 1;
constexpr int exitBadInput = 2;
constexpr int exitMissingDevice = 3;
constexpr int exitPartly = 4;

int exitCodeOf(ErrorCode code) {
  if (code == ErrorCode::BadInput) return exitBadInput;
  return code == ErrorCode::MissingDevice ? exitMissingDevice : exitUnforeseen;
}

std::vector<gpu::Device> chosenDevices(const Settings& settings, const gpu::Inventory& found) {
  if (!found.reason.empty()) throw Error(ErrorCode::MissingDevice, "gpu: " + found.reason + ".");
  if (settings.device == "all") return found.devices;
  for (const gpu::Device& device : found.devices) {
    if (std::to_string(device.index) == settings.device) return {device};
  }
  throw Error(ErrorCode::MissingDevice, "--device " + settings.device + ": this machine has " +
                                            std::to_string(found.devices.size()) + " CUDA devices, numbered from 0.");
}

std::vector<std::string> chosenCases(const Settings& settings, int device) {
  if (!settings.cases.empty()) return settings.cases;
  std::vector<std::string> names;
  for (const gpu::CaseInfo& info : gpu::cases(device)) {
    if (settings.suite == "full" || info.quick) names.push_back(info.name);
  }
  return names;
}

std::string suiteName(const Settings& settings) {
  if (!settings.kernel.file.empty()) return "user kernel";
  return settings.cases.empty() ? settings.suite : "chosen cases";
}

void report(const gpu::Measurement& m) {
  if (m.status != gpu::Status::Ok) {
    const char* what = m.status == gpu::Status::Failed ? "FAILED" : "skipped";
    std::fprintf(stderr, "%-34s %s %s\n", m.info.name.c_str(), what, m.reason.c_str());
    return;
  }
  std::fprintf(
      stderr, "%-34s %12.3f us +-%6.2f %% %9.1f GB/s %11.1f GFLOP/s %10.3f ns/step %6.0f MHz%s %5zu samples, %s, %s\n",
      m.info.name.c_str(), m.timeNs.median / 1e3, m.timeNs.relativeStandardDeviation * 100, m.bytesPerSecond() / 1e9,
      m.operationsPerSecond() / 1e9, m.nsPerStep(),
      m.smClockHz.empty() ? 0.0 : m.smClockHz[m.smClockHz.size() / 2] / 1e6, m.throttled.empty() ? "" : " (throttled)",
      m.samplesNs.size(), m.stoppedBecause.c_str(), m.answer.isCorrect() ? "right" : "WRONG");
}

bool isGood(const gpu::Measurement& measurement) {
  if (measurement.status == gpu::Status::Skipped) return true;
  return measurement.status == gpu::Status::Ok && measurement.answer.isCorrect();
}

void list(const Settings& settings, const std::vector<gpu::Device>& devices) {
  for (const gpu::Device& device : devices) {
    for (const std::string& name : chosenCases(settings, device.index)) std::puts(name.c_str());
  }
}

int measureAll(const Settings& settings, const std::vector<gpu::Device>& devices, Document& document) {
  const gpu::MeasureOptions options{static_cast<std::int64_t>(settings.timeSeconds * 1e3),
                                    static_cast<std::int64_t>(settings.sampledSeconds * 1e3), settings.mode};
  int exitCode = 0;
  for (const gpu::Device& device : devices) {
    document.begin(device);
    if (!settings.kernel.file.empty()) {
      const gpu::UserMeasurement measured = gpu::measureUserKernel(
          device.index, settings.kernel, options, static_cast<std::int64_t>(settings.timeoutSeconds * 1e3));
      report(measured.measurement);
      document.add(measured);
      if (!isGood(measured.measurement)) exitCode = exitBadInput;
      continue;
    }
    for (const std::string& name : chosenCases(settings, device.index)) {
      const gpu::Measurement measured = gpu::measure(device.index, name, options);
      report(measured);
      document.add(measured);
      if (!isGood(measured)) exitCode = exitPartly;
    }
  }
  return exitCode;
}

int run(const Settings& settings) {
  const gpu::Inventory found = gpu::inventory();
  const std::vector<gpu::Device> devices = chosenDevices(settings, found);
  if (settings.list) {
    list(settings, devices);
    return 0;
  }
  Document document(found, suiteName(settings), settings.out);
  try {
    const int exitCode = measureAll(settings, devices, document);
    document.finish();
    return exitCode;
  } catch (const Error&) {
    document.finish();  // what was measured before is not lost
    throw;
  }
}

}  // namespace

int main(int count, char** words) {
  int exitCode = 0;
  try {
    exitCode = run(tools::parseSettings(count, words));
  } catch (const Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    exitCode = exitCodeOf(error.code());
  }
  std::fflush(stdout);
  std::_Exit(exitCode);  // a kernel that never ends would hold up the driver's own farewell
}
