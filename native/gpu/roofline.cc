#include "gpu/roofline.h"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "base/error.h"

namespace orion::gpu {
namespace {

void requirePositive(const std::string& name, double value) {
  if (std::isfinite(value) && value > 0) return;
  std::ostringstream sentence;
  sentence << "gpu: " << name << " of a roofline is " << value << "; expected a positive number.";
  throw Error(ErrorCode::BadInput, sentence.str());
}

}  // namespace

double attainableRate(double peakOperationsPerSecond, double bytesPerSecond, double operationsPerByte) {
  requirePositive("peak", peakOperationsPerSecond);
  requirePositive("bandwidth", bytesPerSecond);
  requirePositive("intensity", operationsPerByte);
  return std::min(peakOperationsPerSecond, bytesPerSecond * operationsPerByte);
}

double ridgePoint(double peakOperationsPerSecond, double bytesPerSecond) {
  requirePositive("peak", peakOperationsPerSecond);
  requirePositive("bandwidth", bytesPerSecond);
  return peakOperationsPerSecond / bytesPerSecond;
}

Roofline fitRoofline(const std::vector<RooflinePoint>& points) {
  if (points.empty()) throw Error(ErrorCode::BadInput, "gpu: a roofline has no points; expected one or more.");
  Roofline roofline;
  for (const RooflinePoint& point : points) {
    requirePositive("intensity", point.operationsPerByte);
    requirePositive("rate", point.operationsPerSecond);
    roofline.operationsPerSecond = std::max(roofline.operationsPerSecond, point.operationsPerSecond);
    roofline.bytesPerSecond = std::max(roofline.bytesPerSecond, point.operationsPerSecond / point.operationsPerByte);
  }
  roofline.ridgeOperationsPerByte = ridgePoint(roofline.operationsPerSecond, roofline.bytesPerSecond);
  for (const RooflinePoint& point : points) {
    const double roof = attainableRate(roofline.operationsPerSecond, roofline.bytesPerSecond, point.operationsPerByte);
    roofline.shares.push_back(point.operationsPerSecond / roof);
  }
  return roofline;
}

}  // namespace orion::gpu
