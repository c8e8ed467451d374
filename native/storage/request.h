// What is asked of the storage engine and what it answers: `StorageRequest` and `StorageMeasurement` of
// src/base/native.ts, with the same names.
#pragma once

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
  std::optional<std::uint64_t> deviceBytes;
};

}  // namespace orion::storage
