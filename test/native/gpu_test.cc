#include "gpu/gpu.h"

#include <string>

#include "check.h"

namespace {

/** Waives the case on a machine without a GPU, with the engine's own reason. */
void needDevice() {
  const orion::gpu::Inventory found = orion::gpu::inventory();
  if (found.devices.empty()) check::skip(found.reason);
}

void needNoDevice() {
  if (!orion::gpu::inventory().devices.empty()) check::skip("this machine has a CUDA device");
}

orion::gpu::Measurement measureBriefly(const std::string& kernel) { return orion::gpu::measure(0, kernel, 1000); }

}  // namespace

CASE(inventory_without_a_device_says_why) {
  needNoDevice();
  const orion::gpu::Inventory found = orion::gpu::inventory();
  CHECK(found.reason.rfind("no CUDA device: ", 0) == 0);
  CHECK(found.reason.size() > std::string("no CUDA device: ").size());
}

CASE(measuring_without_a_device_is_a_missing_device) {
  needNoDevice();
  for (const std::string& kernel : orion::gpu::kernelNames()) {
    const std::string sentence = SENTENCE_OF(MissingDevice, measureBriefly(kernel));
    CHECK_EQUAL(sentence, "gpu: " + orion::gpu::inventory().reason + ".");
  }
}

CASE(device_facts_are_plausible) {
  needDevice();
  const orion::gpu::Inventory found = orion::gpu::inventory();
  CHECK(found.reason.empty());
  CHECK(found.driverVersion >= 1000);
  for (const orion::gpu::Device& device : found.devices) {
    CHECK(!device.name.empty());
    CHECK_EQUAL(device.uuid.size(), std::string("GPU-00000000-0000-0000-0000-000000000000").size());
    CHECK(device.multiprocessors > 0);
    CHECK(device.memoryBytes > (std::size_t{1} << 30));
  }
}

CASE(device_number_beyond_the_last_is_a_missing_device) {
  needDevice();
  SENTENCE_OF(MissingDevice, orion::gpu::measure(1000, "copy", 1000));
}

CASE(unknown_kernel_is_bad_input) {
  needDevice();
  SENTENCE_OF(BadInput, measureBriefly("sort"));
}

CASE(copy_is_correct_and_slower_than_the_data_sheet_allows) {
  needDevice();
  const orion::gpu::Measurement copy = measureBriefly("copy");
  CHECK(copy.answerCorrect);
  CHECK(copy.samplesNs.size() >= 10);
  CHECK_EQUAL(copy.flopsPerLaunch, 0.0);
  CHECK(copy.emptyEventNs < copy.timeNs.minimum);
  const double limit = orion::gpu::inventory().devices[0].theoreticalBytesPerSecond;
  CHECK(copy.bytesPerSecond() > 0);
  if (limit > 0) CHECK(copy.bytesPerSecond() < limit);
}

CASE(fma_is_correct_and_slower_than_every_core_allows) {
  needDevice();
  const orion::gpu::Measurement fma = measureBriefly("fma");
  CHECK(fma.answerCorrect);
  const orion::gpu::Device device = orion::gpu::inventory().devices[0];
  // No generation has more than 128 single-precision lanes per multiprocessor.
  const double limit = 2.0 * 128 * device.multiprocessors * device.clockKHz * 1e3;
  CHECK(fma.flopsPerSecond() > 0);
  if (limit > 0) CHECK(fma.flopsPerSecond() < 1.05 * limit);
}
