#include "document.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "gpu/json.h"

namespace orion::tools {
namespace {

/** ISO 8601, UTC. */
std::string nowUtc() {
  const std::time_t now = std::time(nullptr);
  char text[sizeof "2026-01-01T00:00:00Z"];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  return text;
}

}  // namespace

Document::Document(const gpu::Inventory& found, std::string suite, std::string file)
    : found_(found), suite_(std::move(suite)), file_(std::move(file)), startedAt_(nowUtc()) {}

void Document::begin(const gpu::Device& device) { devices_.push_back({device, {}}); }

void Document::add(const gpu::Measurement& measurement) {
  JsonWriter json;
  gpu::writeJson(json, measurement);
  append(json.text());
}

void Document::add(const gpu::UserMeasurement& measurement) {
  JsonWriter json;
  gpu::writeJson(json, measurement);
  append(json.text());
}

void Document::append(const std::string& json) {
  devices_.back().measurements.push_back(json);
  if (!file_.empty()) write();
}

void Document::finish() const {
  const auto isMeasured = [](const Part& part) { return !part.measurements.empty(); };
  if (file_.empty() && std::any_of(devices_.begin(), devices_.end(), isMeasured)) std::puts(text().c_str());
}

std::string Document::text() const {
  JsonWriter json;
  json.openObject();
  json.field("tool", "orion-gpu");
  json.field("version", ORION_VERSION);
  json.field("startedAt", startedAt_);
  json.field("driver", found_.driver);
  json.field("driverVersion", found_.driverVersion);
  json.field("runtimeVersion", found_.runtimeVersion);
  json.key("devices");
  json.openArray();
  for (const Part& part : devices_) {
    json.openObject();
    json.key("device");
    gpu::writeJson(json, part.device);
    json.field("suite", suite_);
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

/** Beside the target first: a run that is cut off leaves a whole document. */
void Document::write() const {
  const std::string temporary = file_ + ".part";
  std::ofstream file(temporary);
  file << text() << '\n';
  file.close();
  if (!file || std::rename(temporary.c_str(), file_.c_str()) != 0) {
    throw Error(ErrorCode::Io, "--out: cannot write " + file_ + ".");
  }
}

}  // namespace orion::tools
