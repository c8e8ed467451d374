#pragma once

#include <napi.h>

#include "timing/statistics.h"

namespace orion::binding {

/** `SampleSummary` of src/base/native.ts. */
inline Napi::Object toObject(Napi::Env env, const timing::SampleSummary& summary) {
  Napi::Object object = Napi::Object::New(env);
  object["count"] = static_cast<double>(summary.count);
  object["mean"] = summary.mean;
  object["median"] = summary.median;
  object["p25"] = summary.p25;
  object["p75"] = summary.p75;
  object["p90"] = summary.p90;
  object["p99"] = summary.p99;
  object["minimum"] = summary.minimum;
  object["maximum"] = summary.maximum;
  object["standardDeviation"] = summary.standardDeviation;
  object["relativeStandardDeviation"] = summary.relativeStandardDeviation;
  return object;
}

}  // namespace orion::binding
