#include "gpu/json.h"

namespace orion::gpu {
namespace {

void writeFields(JsonWriter& json, const CaseInfo& info) {
  json.field("name", info.name);
  json.field("group", info.group);
  json.field("description", info.description);
  json.field("mode", nameOf(info.mode));
  json.field("precision", info.precision);
  json.field("stepName", info.stepName);
}

const char* textOf(Status status) {
  switch (status) {
    case Status::Ok:
      return "ok";
    case Status::Failed:
      return "failed";
    case Status::Skipped:
      return "skipped";
  }
  return "failed";
}

template <typename Values>
void writeArray(JsonWriter& json, const char* name, const Values& values) {
  json.key(name);
  json.openArray();
  for (const auto& value : values) json.value(value);
  json.closeArray();
}

void writeObject(JsonWriter& json, const timing::SampleSummary& summary) {
  json.openObject();
  json.field("count", summary.count);
  json.field("mean", summary.mean);
  json.field("median", summary.median);
  json.field("p25", summary.p25);
  json.field("p75", summary.p75);
  json.field("p90", summary.p90);
  json.field("p99", summary.p99);
  json.field("minimum", summary.minimum);
  json.field("maximum", summary.maximum);
  json.field("standardDeviation", summary.standardDeviation);
  json.field("relativeStandardDeviation", summary.relativeStandardDeviation);
  json.closeObject();
}

template <typename Value>
void writeOptional(JsonWriter& json, const char* name, const std::optional<Value>& value) {
  json.key(name);
  if (value) {
    json.value(*value);
  } else {
    json.null();
  }
}

void writeSensors(JsonWriter& json, const std::optional<Sensors>& sensors) {
  json.key("sensors");
  if (!sensors) return json.null();
  json.openObject();
  writeOptional(json, "powerW", sensors->powerW);
  writeOptional(json, "powerLimitW", sensors->powerLimitW);
  writeOptional(json, "temperatureC", sensors->temperatureC);
  writeOptional(json, "smClockMHz", sensors->smClockMHz);
  writeOptional(json, "memoryClockMHz", sensors->memoryClockMHz);
  writeArray(json, "throttleReasons", sensors->throttleReasons);
  json.closeObject();
}

void writeLink(JsonWriter& json, const std::optional<Link>& link) {
  json.key("link");
  if (!link) return json.null();
  json.openObject();
  writeOptional(json, "generation", link->generation);
  writeOptional(json, "width", link->width);
  writeOptional(json, "highestGeneration", link->highestGeneration);
  writeOptional(json, "highestWidth", link->highestWidth);
  json.closeObject();
}

/** What there is of the times: a case can fail before its first sample. */
void writeTimes(JsonWriter& json, const Measurement& measurement) {
  const bool isSampled = measurement.timeNs.count > 0;
  json.key("timeNs");
  if (isSampled) {
    writeObject(json, measurement.timeNs);
  } else {
    json.null();
  }
  json.key("medianIntervalNs");
  if (isSampled) {
    json.openArray();
    json.value(measurement.medianIntervalNs.first);
    json.value(measurement.medianIntervalNs.second);
    json.closeArray();
  } else {
    json.null();
  }
  writeArray(json, "samplesNs", measurement.samplesNs);
  json.field("launchesPerSample", measurement.launchesPerSample);
  json.field("warmUpLaunches", measurement.warmUpLaunches);
  writeArray(json, "smClockHz", measurement.smClockHz);
  writeArray(json, "throttled", measurement.throttled);
  json.field("allThrottled", measurement.allThrottled);
}

void writeFields(JsonWriter& json, const Measurement& measurement) {
  writeFields(json, measurement.info);
  json.field("status", textOf(measurement.status));
  json.field("reason", measurement.reason);
  writeTimes(json, measurement);
  json.field("bytesPerLaunch", measurement.work.bytes);
  json.field("operationsPerLaunch", measurement.work.operations);
  json.field("stepsPerLaunch", measurement.work.steps);
  json.field("bytesPerSecond", measurement.bytesPerSecond());
  json.field("operationsPerSecond", measurement.operationsPerSecond());
  json.field("nsPerStep", measurement.nsPerStep());
  json.field("emptyEventNs", measurement.emptyEventNs);
  json.key("answer");
  json.openObject();
  json.field("correct", measurement.status == Status::Ok && measurement.answer.isCorrect());
  json.field("error", measurement.answer.error);
  json.field("tolerance", measurement.answer.tolerance);
  json.closeObject();
  json.field("stoppedBecause", measurement.stoppedBecause);
  writeSensors(json, measurement.sensors);
}

}  // namespace

void writeJson(JsonWriter& json, const Device& device) {
  json.openObject();
  json.field("index", device.index);
  json.field("name", device.name);
  json.field("uuid", device.uuid);
  json.field("pciBusId", device.pciBusId);
  json.field("computeCapability", device.computeCapability);
  json.field("capability", device.capability);
  json.field("multiprocessors", device.multiprocessors);
  json.field("memoryBytes", device.memoryBytes);
  json.field("l2Bytes", device.l2Bytes);
  json.field("sharedBytesPerMultiprocessor", device.sharedBytesPerMultiprocessor);
  json.field("sharedBytesPerBlock", device.sharedBytesPerBlock);
  json.field("copyEngines", device.copyEngines);
  json.field("ecc", device.ecc);
  json.field("memoryBusBits", device.memoryBusBits);
  json.field("clockKHz", device.clockKHz);
  json.field("memoryClockKHz", device.memoryClockKHz);
  json.field("theoreticalBytesPerSecond", device.theoreticalBytesPerSecond);
  writeLink(json, device.link);
  writeOptional(json, "migMode", device.migMode);
  json.closeObject();
}

void writeJson(JsonWriter& json, const CaseInfo& info) {
  json.openObject();
  writeFields(json, info);
  json.field("quick", info.quick);
  json.closeObject();
}

void writeJson(JsonWriter& json, const Measurement& measurement) {
  json.openObject();
  writeFields(json, measurement);
  json.closeObject();
}

void writeJson(JsonWriter& json, const UserMeasurement& measurement) {
  json.openObject();
  writeFields(json, measurement.measurement);
  json.key("outputs");
  json.openArray();
  for (const UserKernelOutput& output : measurement.outputs) {
    json.openObject();
    json.field("argument", output.argument);
    json.field("type", nameOf(output.type));
    json.field("count", output.count);
    json.field("sum", output.sum);
    json.field("nanCount", output.nanCount);
    json.field("hash", output.hash);
    json.closeObject();
  }
  json.closeArray();
  json.closeObject();
}

}  // namespace orion::gpu
