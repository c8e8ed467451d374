#pragma once

#include <cstdint>
#include <vector>

#include "image/jpeg/entropy_data.h"
#include "image/jpeg/headers.h"
#include "image/jpeg/plane.h"

namespace orion::image::jpeg {

/** The coefficients of a progressive picture, which come bit by bit over several scans. */
class ProgressivePicture {
 public:
  /** Forgets the last picture. Keeps its memory. */
  void prepare(const Frame& frame);

  void decodeScan(const Headers& headers, const Scan& scan, const EntropyData& data);

  /** Fills the planes when all scans were decoded. Throws where a component had none. */
  void finish(const Frame& frame, std::vector<Plane>& planes) const;

 private:
  struct Component {
    std::size_t blocksAcross = 0;
    bool hasDc = false;
    std::vector<std::int16_t> coefficients;

    std::int16_t* block(unsigned across, unsigned down) {
      return &coefficients[(down * blocksAcross + across) * blockSize];
    }
  };

  void decodeDc(const Headers& headers, const Scan& scan, const EntropyData& data);
  void decodeAc(const Headers& headers, const Scan& scan, const EntropyData& data);

  std::vector<Component> components_;
};

}  // namespace orion::image::jpeg
