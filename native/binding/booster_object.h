// A fitted model as a JavaScript object: `NativeBooster` of src/base/native.ts.
#pragma once

#include <napi.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "binding/arguments.h"
#include "boosting/booster.h"

namespace orion::binding {

using SharedBooster = std::shared_ptr<const boosting::Booster>;

constexpr std::int64_t mostRows = std::numeric_limits<std::int32_t>::max();

/** A copy, so that JavaScript may change or free the array meanwhile. Checks that it is [rows, columns]. */
std::vector<float> copyOfFloats(const Arguments& arguments, const Napi::Value& value, const char* name,
                                std::size_t rows, std::size_t columns);

/** `NativeBooster`; null for no booster. Its methods own the model together. */
Napi::Value wrapBooster(Napi::Env env, const SharedBooster& booster);

/** The trees of `BoosterTrees`, as booster.dump() returns them. */
std::vector<boosting::Tree> treesOf(const Arguments& arguments, const Napi::Object& from);

}  // namespace orion::binding
