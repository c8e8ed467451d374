#pragma once

#include <vector>

#include "image/jpeg/entropy_data.h"
#include "image/jpeg/headers.h"
#include "image/jpeg/plane.h"

namespace orion::image::jpeg {

/** Decodes a scan of a sequential picture: each block is whole, and goes to its plane at once. */
void decodeSequentialScan(const Headers& headers, const Scan& scan, const EntropyData& data,
                          std::vector<Plane>& planes);

}  // namespace orion::image::jpeg
