#include "gpu/gpu.h"

#include <algorithm>
#include <string>
#include <vector>

#include "check.h"
#include "gpu/json.h"

using namespace orion::gpu;

namespace {

/** Waives the case on a machine without a GPU, with the engine's own reason. */
void needDevice() {
  const Inventory found = inventory();
  if (found.devices.empty()) check::skip(found.reason);
}

void needNoDevice() {
  if (!inventory().devices.empty()) check::skip("this machine has a CUDA device");
}

Measurement measureBriefly(const std::string& name) { return measure(0, name, {1000, 50, {}}); }

std::string fixture(const std::string& name) {
  const std::string here = __FILE__;
  return here.substr(0, here.rfind('/')) + "/../fixtures/gpu/" + name;
}

UserMeasurement runKernel(const std::string& entry, const std::vector<std::string>& arguments) {
  UserKernelRequest request;
  request.file = fixture("kernels.ptx");
  request.entry = entry;
  request.grid = {4, 1, 1};
  request.block = {256, 1, 1};
  request.arguments = arguments;
  return measureUserKernel(0, request, {300, 10, {}}, 2000);
}

}  // namespace

CASE(inventory_without_a_device_says_why) {
  needNoDevice();
  const Inventory found = inventory();
  CHECK(found.reason.rfind("no CUDA device: ", 0) == 0);
  CHECK(found.reason.size() > std::string("no CUDA device: ").size());
}

CASE(nothing_is_measured_without_a_device) {
  needNoDevice();
  const std::string expected = "gpu: " + inventory().reason + ".";
  CHECK_EQUAL(SENTENCE_OF(MissingDevice, cases(0)), expected);
  CHECK_EQUAL(SENTENCE_OF(MissingDevice, measureBriefly("copy")), expected);
  CHECK_EQUAL(SENTENCE_OF(MissingDevice, runKernel("saxpy", {})), expected);
}

CASE(modes_have_names) {
  for (const Mode mode : {Mode::Cold, Mode::Hot, Mode::Graph, Mode::Host}) CHECK(*modeNamed(nameOf(mode)) == mode);
  CHECK(!modeNamed("warm"));
}

// 300 MB in a median of 2 ms are 150 GB/s; 1,000 steps in it are 2 us each.
CASE(rates_are_at_the_median_time) {
  Measurement measurement;
  CHECK_EQUAL(measurement.bytesPerSecond(), 0.0);
  measurement.timeNs.median = 2e6;
  measurement.work = {300e6, 8e9, 1000};
  CHECK_NEAR(measurement.bytesPerSecond(), 150e9, 1);
  CHECK_NEAR(measurement.operationsPerSecond(), 4e12, 10);
  CHECK_NEAR(measurement.nsPerStep(), 2000, 1e-9);
}

CASE(a_failed_measurement_keeps_what_was_sampled) {
  UserMeasurement failed;
  failed.measurement.info.name = "k";
  failed.measurement.status = Status::Failed;
  failed.measurement.reason = "gpu: it fell off the bus.";
  failed.measurement.samplesNs = {1500};
  failed.measurement.smClockHz = {0.0 / 0.0};
  orion::JsonWriter json;
  writeJson(json, failed);
  CHECK(json.text().find("\"status\":\"failed\",\"reason\":\"gpu: it fell off the bus.\",\"timeNs\":null") !=
        std::string::npos);
  CHECK(json.text().find("\"samplesNs\":[1500]") != std::string::npos);
  CHECK(json.text().find("\"smClockHz\":[null]") != std::string::npos);
  CHECK(json.text().find("\"correct\":false") != std::string::npos);
}

CASE(a_skipped_measurement_says_so) {
  Measurement skipped;
  skipped.status = Status::Skipped;
  skipped.reason = "gpu: no such library.";
  orion::JsonWriter json;
  writeJson(json, skipped);
  CHECK(json.text().find("\"status\":\"skipped\",\"reason\":\"gpu: no such library.\"") != std::string::npos);
}

CASE(device_facts_are_plausible) {
  needDevice();
  const Inventory found = inventory();
  CHECK(found.reason.empty());
  CHECK(found.driverVersion >= 1000);
  for (const Device& device : found.devices) {
    CHECK(!device.name.empty());
    CHECK_EQUAL(device.uuid.size(), std::string("GPU-00000000-0000-0000-0000-000000000000").size());
    CHECK(device.multiprocessors > 0);
    CHECK(device.memoryBytes > (std::size_t{1} << 30));
  }
}

CASE(a_device_number_beyond_the_last_is_a_missing_device) {
  needDevice();
  SENTENCE_OF(MissingDevice, measure(1000, "copy", {}));
}

CASE(an_unknown_case_is_bad_input) {
  needDevice();
  SENTENCE_OF(BadInput, measureBriefly("sort"));
}

CASE(names_of_cases_are_unique) {
  needDevice();
  std::vector<std::string> names;
  for (const CaseInfo& info : cases(0)) names.push_back(info.name);
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

CASE(every_quick_case_gives_the_right_answer) {
  needDevice();
  for (const CaseInfo& info : cases(0)) {
    if (!info.quick || info.group == "library") continue;
    const Measurement measured = measure(0, info.name, {100, 1, {}});
    CHECK_EQUAL(info.name + measured.reason, info.name);
    CHECK(measured.answer.isCorrect());
    CHECK_EQUAL(measured.samplesNs.size(), measured.smClockHz.size());
  }
}

CASE(copy_is_slower_than_the_data_sheet_allows) {
  needDevice();
  const Measurement copy = measureBriefly("copy");
  const double limit = inventory().devices[0].theoreticalBytesPerSecond;
  CHECK(copy.samplesNs.size() >= 10);
  CHECK(copy.emptyEventNs < copy.timeNs.minimum);
  CHECK(copy.bytesPerSecond() > 0);
  if (limit > 0) CHECK(copy.bytesPerSecond() < limit);
}

CASE(fma_is_slower_than_every_core_allows) {
  needDevice();
  const Device device = inventory().devices[0];
  // No generation has more than 128 single-precision lanes per multiprocessor.
  const double limit = 2.0 * 128 * device.multiprocessors * device.clockKHz * 1e3;
  const double rate = measureBriefly("fma-fp32").operationsPerSecond();
  CHECK(rate > 0);
  if (limit > 0) CHECK(rate < 1.05 * limit);
}

// y = 2 x + y with x = 0, 1, ..., 1023 and y = 1: 1024 + 2 * 523776.
CASE(a_users_kernel_leaves_what_it_calculates) {
  needDevice();
  const UserMeasurement saxpy = runKernel("saxpy", {"buffer:f32:1Ki:iota", "buffer:f32:1Ki:1", "f32:2", "u32:1024"});
  CHECK(saxpy.measurement.status == Status::Ok);
  CHECK_EQUAL(saxpy.outputs.at(1).sum, 1048576.0);
}

CASE(what_is_wrong_with_a_users_kernel_is_one_sentence) {
  needDevice();
  CHECK(SENTENCE_OF(BadInput, runKernel("saxpi", {})).find("saxpy") != std::string::npos);
  CHECK(SENTENCE_OF(BadInput, runKernel("saxpy", {"f32:1"})).find("4 arguments") != std::string::npos);
}

// Each in a process of its own, as every CASE is: the device is lost for the rest of it.
CASE(a_kernel_that_strays_is_a_failed_measurement) {
  needDevice();
  const UserMeasurement stray = runKernel("illegal_address", {"buffer:u32:16"});
  CHECK(stray.measurement.status == Status::Failed);
  CHECK(stray.measurement.reason.find("cudaErrorIllegalAddress") != std::string::npos);
}
