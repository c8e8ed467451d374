#include <algorithm>
#include <cstdint>
#include <memory>

#include "binding/arguments.h"
#include "binding/exports.h"
#include "binding/methods.h"
#include "image/preparation.h"

namespace orion::binding {
namespace {

using image::Preparation;

constexpr std::int64_t largestSide = 1 << 14;
constexpr std::int64_t largestOffset = std::int64_t{1} << 40;

/** Where an image goes: `offset` of the array, with room for all of it. */
float* targetOf(const Arguments& arguments, std::size_t position, const Preparation& preparation) {
  Napi::Float32Array target = arguments.float32Array(position, "target");
  const auto offset = static_cast<std::size_t>(arguments.integer(position + 1, "offset", 0, largestOffset));
  if (offset + preparation.elements() > target.ElementLength()) {
    arguments.reject("target",
                     "an array with room for " + std::to_string(preparation.elements()) + " values from offset on",
                     Napi::Number::New(target.Env(), static_cast<double>(target.ElementLength())));
  }
  return target.Data() + offset;
}

/** preparer.jpeg(bytes, target, offset) */
Napi::Value jpeg(const Napi::CallbackInfo& info) {
  auto& preparation = sharedOf<Preparation>(info);
  const Arguments arguments(info, "preparer.jpeg");
  const Napi::Uint8Array bytes = arguments.bytes(0, "bytes");
  float* target = targetOf(arguments, 1, preparation);
  return Napi::Boolean::New(info.Env(), preparation.prepareJpeg(bytes.Data(), bytes.ElementLength(), target));
}

/** preparer.planes(bytes, { width, height, order }, target, offset) */
Napi::Value planes(const Napi::CallbackInfo& info) {
  auto& preparation = sharedOf<Preparation>(info);
  const Arguments arguments(info, "preparer.planes");
  const Napi::Uint8Array bytes = arguments.bytes(0, "bytes");
  const Napi::Object options = arguments.options(1);
  const auto width = static_cast<unsigned>(arguments.integer(options, "width", 1, largestSide));
  const auto height = static_cast<unsigned>(arguments.integer(options, "height", 1, largestSide));
  const bool byRows = arguments.oneOf(options, "order", {"rows", "columns"}) == "rows";
  if (bytes.ElementLength() != std::size_t{3} * width * height) {
    arguments.reject("bytes", "3 x width x height bytes",
                     Napi::Number::New(info.Env(), static_cast<double>(bytes.ElementLength())));
  }
  const image::PlaneOrder order = byRows ? image::PlaneOrder::Rows : image::PlaneOrder::Columns;
  preparation.preparePlanes(bytes.Data(), width, height, order, targetOf(arguments, 2, preparation));
  return info.Env().Undefined();
}

/** image.preparer({ width, height, levels }) */
Napi::Value preparer(const Napi::CallbackInfo& info) {
  const Arguments arguments(info, "image.preparer");
  const Napi::Object options = arguments.options(0);
  const auto width = static_cast<unsigned>(arguments.integer(options, "width", 1, largestSide));
  const auto height = static_cast<unsigned>(arguments.integer(options, "height", 1, largestSide));
  const Napi::Float32Array given = arguments.float32Array(options, "levels");
  image::LevelTables levels;
  if (given.ElementLength() != levels.size() * levels[0].size()) {
    arguments.reject("levels", "3 x 256 values",
                     Napi::Number::New(info.Env(), static_cast<double>(given.ElementLength())));
  }
  for (std::size_t i = 0; i < levels.size(); ++i) {
    std::copy_n(given.Data() + i * levels[i].size(), levels[i].size(), levels[i].begin());
  }

  const auto preparation = std::make_shared<Preparation>(width, height, levels);
  Napi::Object object = Napi::Object::New(info.Env());
  setMethod<jpeg>(object, "jpeg", preparation);
  setMethod<planes>(object, "planes", preparation);
  return object;
}

}  // namespace

Napi::Object makeImage(Napi::Env env) {
  Napi::Object engine = Napi::Object::New(env);
  setFunction<preparer>(engine, "preparer");
  return engine;
}

}  // namespace orion::binding
