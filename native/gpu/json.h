// The engine's results as JSON: the same text for the addon and for the plain executable. Fields: docs/gpu.md.
#pragma once

#include "base/json_writer.h"
#include "gpu/gpu.h"

namespace orion::gpu {

void writeJson(JsonWriter& json, const Device& device);
void writeJson(JsonWriter& json, const CaseInfo& info);
void writeJson(JsonWriter& json, const Measurement& measurement);
void writeJson(JsonWriter& json, const UserMeasurement& measurement);

}  // namespace orion::gpu
