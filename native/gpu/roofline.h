// The roofline model (Williams, Waterman and Patterson, CACM 52(4), 2009): a kernel is bound by the memory's bandwidth
// or by the rate of the arithmetic units, whichever is less at its arithmetic intensity. Arithmetic alone, no device.
#pragma once

#include <vector>

namespace orion::gpu {

/** What a kernel reached at an arithmetic intensity. */
struct RooflinePoint {
  double operationsPerByte = 0;
  double operationsPerSecond = 0;
};

struct Roofline {
  double operationsPerSecond = 0;     // the flat part
  double bytesPerSecond = 0;          // slope of the rising part
  double ridgeOperationsPerByte = 0;  // where they meet: from here on arithmetic is the limit
  std::vector<double> shares;         // of the roof at each point's intensity, (0, 1]; in the order of the points
};

/** The most that the roof allows at an intensity, operations/s. Throws BadInput unless all are positive and finite. */
double attainableRate(double peakOperationsPerSecond, double bytesPerSecond, double operationsPerByte);

/** The intensity from which on the peak can be reached, operations/byte. Throws BadInput likewise. */
double ridgePoint(double peakOperationsPerSecond, double bytesPerSecond);

/**
 * The lowest roof that no point is above: its flat part is the highest rate, its slope the highest bandwidth
 * (operations/s divided by operations/byte) of any point.
 * Throws BadInput for no points and for numbers that are not positive and finite.
 */
Roofline fitRoofline(const std::vector<RooflinePoint>& points);

}  // namespace orion::gpu
