// orion-gpu: the GPU engine without Node, for a machine that has nothing but nvcc (build: scripts/build-orion-gpu.sh).
// Runs the suite, checks every answer and prints one JSON document (docs/gpu.md), rewritten after every case with
// --out.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "gpu/json.h"

namespace {

using namespace orion;

constexpr const char* usage =
    "usage: orion-gpu [--device N|all] [--suite quick|full] [--case NAME]... [--time SECONDS] [--sampled SECONDS]\n"
    "                 [--mode cold|hot|graph|host] [--out FILE] [--list]\n"
    "       orion-gpu --kernel FILE --entry NAME --grid X[,Y[,Z]] --block X[,Y[,Z]] [--shared BYTES] [--arg "
    "ARGUMENT]...\n"
    "                 [--timeout SECONDS]\n"
    "exit codes: 0 all right, 2 bad input or a fault of --kernel, 3 no CUDA device, 4 a case failed or its answer is "
    "wrong\n";

// As the command line's own.
constexpr int exitUnforeseen = 1;
constexpr int exitBadInput = 2;
constexpr int exitMissingDevice = 3;
constexpr int exitPartly = 4;

int exitCodeOf(ErrorCode code) {
  if (code == ErrorCode::BadInput) return exitBadInput;
  return code == ErrorCode::MissingDevice ? exitMissingDevice : exitUnforeseen;
}

struct Settings {
  std::string device = "0";
  std::string suite = "quick";
  std::vector<std::string> cases;
  double timeSeconds = 15;
  double sampledSeconds = 0.5;
  double timeoutSeconds = 10;
  std::optional<gpu::Mode> mode;
  std::string out;
  bool list = false;
  gpu::UserKernelRequest kernel;
};

double secondsOf(const std::string& option, const std::string& text) {
  char* end = nullptr;
  const double seconds = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0' || !(seconds > 0)) {
    throw Error(ErrorCode::BadInput, option + " must be a positive number of seconds, but it is '" + text + "'.");
  }
  return seconds;
}

gpu::Mode modeOf(const std::string& text) {
  const std::optional<gpu::Mode> mode = gpu::modeNamed(text);
  if (!mode) throw Error(ErrorCode::BadInput, "--mode must be cold, hot, graph or host, but it is '" + text + "'.");
  return *mode;
}

Settings parse(int count, char** words) {
  Settings settings;
  const std::map<std::string, std::function<void(const std::string&)>> options{
      {"--device", [&](const std::string& text) { settings.device = text; }},
      {"--suite", [&](const std::string& text) { settings.suite = text; }},
      {"--case", [&](const std::string& text) { settings.cases.push_back(text); }},
      {"--time", [&](const std::string& text) { settings.timeSeconds = secondsOf("--time", text); }},
      {"--sampled", [&](const std::string& text) { settings.sampledSeconds = secondsOf("--sampled", text); }},
      {"--timeout", [&](const std::string& text) { settings.timeoutSeconds = secondsOf("--timeout", text); }},
      {"--mode", [&](const std::string& text) { settings.mode = modeOf(text); }},
      {"--out", [&](const std::string& text) { settings.out = text; }},
      {"--kernel", [&](const std::string& text) { settings.kernel.file = text; }},
      {"--entry", [&](const std::string& text) { settings.kernel.entry = text; }},
      {"--grid",
       [&](const std::string& text) { settings.kernel.grid = gpu::parseDimensions(text, gpu::Extent::Grid); }},
      {"--block",
       [&](const std::string& text) { settings.kernel.block = gpu::parseDimensions(text, gpu::Extent::Block); }},
      {"--shared", [&](const std::string& text) { settings.kernel.sharedBytes = gpu::parseSharedBytes(text); }},
      {"--arg", [&](const std::string& text) { settings.kernel.arguments.push_back(text); }},
  };
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--list") {
      settings.list = true;
      continue;
    }
    const auto option = options.find(word);
    if (option == options.end()) throw Error(ErrorCode::BadInput, "Unknown option " + word + ".\n" + usage);
    if (i + 1 == count) throw Error(ErrorCode::BadInput, word + " needs a value.");
    option->second(words[++i]);
  }
  if (settings.suite != "quick" && settings.suite != "full") {
    throw Error(ErrorCode::BadInput, "--suite must be quick or full, but it is '" + settings.suite + "'.");
  }
  return settings;
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

/** ISO 8601, UTC. */
std::string nowUtc() {
  const std::time_t now = std::time(nullptr);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return text;
}

/** The document so far: every device with the measurements that it has. */
class Document {
 public:
  Document(const Settings& settings, const gpu::Inventory& found) : settings_(settings), found_(found) {}

  void begin(const gpu::Device& device) { devices_.push_back({device, {}}); }
  void add(const gpu::UserMeasurement& measurement, bool isUser) {
    JsonWriter json;
    if (isUser) {
      gpu::writeJson(json, measurement);
    } else {
      gpu::writeJson(json, measurement.measurement);
    }
    devices_.back().measurements.push_back(json.text());
    if (!settings_.out.empty()) write();
  }
  void finish() const {
    if (settings_.out.empty()) std::puts(text().c_str());
  }

 private:
  struct Part {
    gpu::Device device;
    std::vector<std::string> measurements;
  };

  std::string text() const {
    JsonWriter json;
    json.openObject();
    json.field("tool", "orion-gpu");
    json.field("version", ORION_VERSION);
    json.field("startedAt", startedAt_);
    json.field("driver", found_.driver);
    json.field("driverVersion", found_.driverVersion);
    json.field("runtimeVersion", found_.runtimeVersion);
    json.key("reason");
    json.null();
    json.key("devices");
    json.openArray();
    for (const Part& part : devices_) {
      json.openObject();
      json.key("device");
      gpu::writeJson(json, part.device);
      json.field("suite", suiteName());
      json.key("measurements");
      json.openArray();
      for (const std::string& measurement : part.measurements) json.rawValue(measurement);
      json.closeArray();
      json.closeObject();
    }
    json.closeArray();
    json.closeObject();
    return json.text();
  }

  std::string suiteName() const {
    if (!settings_.kernel.file.empty()) return "user kernel";
    return settings_.cases.empty() ? settings_.suite : "chosen cases";
  }

  /** Beside the target first: a run that is cut off leaves a whole document. */
  void write() const {
    const std::string temporary = settings_.out + ".part";
    std::ofstream file(temporary);
    file << text() << '\n';
    file.close();
    if (!file || std::rename(temporary.c_str(), settings_.out.c_str()) != 0) {
      throw Error(ErrorCode::Io, "--out: cannot write " + settings_.out + ".");
    }
  }

  const Settings& settings_;
  const gpu::Inventory& found_;
  std::string startedAt_ = nowUtc();
  std::vector<Part> devices_;
};

void report(const gpu::Measurement& m) {
  if (m.status == gpu::Status::Failed) {
    std::fprintf(stderr, "%-34s FAILED %s\n", m.info.name.c_str(), m.reason.c_str());
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
  return measurement.status == gpu::Status::Ok && measurement.answer.isCorrect();
}

int run(const Settings& settings) {
  const gpu::Inventory found = gpu::inventory();
  const std::vector<gpu::Device> devices = chosenDevices(settings, found);
  Document document(settings, found);
  const gpu::MeasureOptions options{static_cast<std::int64_t>(settings.timeSeconds * 1e3),
                                    static_cast<std::int64_t>(settings.sampledSeconds * 1e3), settings.mode};
  int exitCode = 0;
  for (const gpu::Device& device : devices) {
    document.begin(device);
    if (!settings.kernel.file.empty()) {
      const gpu::UserMeasurement measured = gpu::measureUserKernel(
          device.index, settings.kernel, options, static_cast<std::int64_t>(settings.timeoutSeconds * 1e3));
      report(measured.measurement);
      document.add(measured, true);
      if (!isGood(measured.measurement)) exitCode = exitBadInput;
      continue;
    }
    for (const std::string& name : chosenCases(settings, device.index)) {
      if (settings.list) {
        std::puts(name.c_str());
        continue;
      }
      const gpu::Measurement measured = gpu::measure(device.index, name, options);
      report(measured);
      document.add({measured, {}}, false);
      if (!isGood(measured)) exitCode = exitPartly;
    }
  }
  if (!settings.list) document.finish();
  return exitCode;
}

}  // namespace

int main(int count, char** words) {
  int exitCode = 0;
  try {
    exitCode = run(parse(count, words));
  } catch (const orion::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    exitCode = exitCodeOf(error.code());
  }
  std::fflush(stdout);
  std::_Exit(exitCode);  // a kernel that never ends would hold up the driver's own farewell
}
