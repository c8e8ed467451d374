// What is asked of the storage engine and what it answers: `StorageRequest` and `StorageMeasurement` of
// src/base/native.ts, with the same names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace orion::storage {

enum class PatternKind { Sequential, Random, Files };

struct Request {
  std::vector<std::string> paths;
  PatternKind pattern = PatternKind::Random;
  std::uint32_t blockBytes = 4096;
  unsigned depth = 1;  // per thread
  unsigned threads = 1;
  std::string engine = "auto";
  bool direct = true;
  double durationMs = 1000;
  double rampMs = 0;
  double steadyPercent = 0;    // 0: the ramp ends after rampMs, whatever the throughput does
  std::uint64_t maxBytes = 0;  // 0: time alone
  std::uint64_t seed = 0;
};

struct LatencyNs {
  double mean = 0;
  double p50 = 0;
  double p90 = 0;
  double p99 = 0;
  double p999 = 0;
  double p9999 = 0;
  double maximum = 0;
};

/** What was read in each interval since the ramp ended. */
struct Series {
  static constexpr std::int64_t intervalNs = 100'000'000;

  void add(std::size_t interval, std::uint64_t readBytes, std::uint64_t readOperations = 1);
  void merge(const Series& other);

  std::vector<std::uint64_t> bytes;
  std::vector<std::uint64_t> operations;
};

/**
 * The kernel's account of the whole run beside ours: ramp and last reads included, since those in flight at an edge of
 * the window would be on one side only.
 */
struct Account {
  std::uint64_t readBytes = 0;                // ours, rounded up to the alignment as the device has to
  std::optional<std::uint64_t> processBytes;  // that the kernel fetched from devices for this process
  std::optional<std::uint64_t> deviceBytes;   // that the device read, for anybody
};

struct Measurement {
  std::string engine;
  std::optional<std::string> engineReason;
  std::vector<std::string> engineFeatures;
  bool direct = false;
  std::uint64_t targetBytes = 0;
  std::uint32_t alignmentBytes = 1;
  std::uint64_t bytes = 0;
  std::uint64_t operations = 0;
  std::int64_t elapsedNs = 0;
  double bytesPerSecond = 0;
  double operationsPerSecond = 0;
  LatencyNs latencyNs;
  double achievedDepth = 0;
  std::int64_t userCpuNs = 0;
  std::int64_t systemCpuNs = 0;
  std::int64_t rampNs = 0;
  std::optional<bool> steady;  // nothing where no steady state was asked for
  Series series;
  Account account;
  std::optional<std::string> failure;  // what ended the run early; all else holds what was measured until then
};

}  // namespace orion::storage
