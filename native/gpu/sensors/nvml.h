// What the card says of itself while it works, by NVIDIA's management library (NVML) where the machine has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace orion::gpu {

struct Sensors {
  std::optional<double> powerW;  // of the whole card, averaged by the driver over up to a second
  std::optional<double> temperatureC;
  std::optional<double> smClockMHz;
  std::optional<double> memoryClockMHz;
  std::optional<double> powerLimitW;  // enforced now: the lowest of all limits
  /** Why the clocks are lower than they could be: "power cap", "thermal", ...; not "idle" and what users set. */
  std::vector<std::string> throttleReasons;
};

/** The card's connection with the host; a link at rest may run at a lower generation than under load. */
struct Link {
  std::optional<int> generation;
  std::optional<int> width;  // lanes
  std::optional<int> highestGeneration;
  std::optional<int> highestWidth;
};

/**
 * The card is found by its UUID ("GPU-...", "MIG-..."), else by its PCI bus id ("0000:3b:00.0"), either may be empty.
 * Nothing without the library or the card; what the card does not tell is absent. None of these throws or waits for the
 * device's work.
 */
std::optional<Sensors> sensorsOf(const std::string& uuid, const std::string& pciBusId);
std::optional<Link> linkOf(const std::string& uuid, const std::string& pciBusId);
/** Whether the card is divided into MIG slices. */
std::optional<bool> migModeOf(const std::string& uuid, const std::string& pciBusId);

/** "580.65.06" */
std::optional<std::string> driverVersionText();

/** Names of the reasons in a bit mask of NVML ("clocks event reasons"). */
std::vector<std::string> throttleReasonsIn(unsigned long long mask);

}  // namespace orion::gpu
