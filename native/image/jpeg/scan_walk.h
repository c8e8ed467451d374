#pragma once

#include "image/jpeg/damage.h"
#include "image/jpeg/entropy_data.h"
#include "image/jpeg/frame.h"

namespace orion::image::jpeg {

/** Throws unless the bits of an interval were used up, but for those that fill the last byte. */
inline void checkInterval(const BitReader& reader) {
  if (reader.left() < 0) throw damaged("its data ends early");
  if (reader.left() >= 8) throw damaged("its data goes on beyond the picture");
}

/**
 * Goes through the blocks of a scan in the order of their data (T.81, A.2).
 * @param begin called with nothing when an interval between restarts begins
 * @param decode called with the interval's reader, the part's index in the scan, and the block's place (across, down);
 * the place may lie beyond the picture, within the last units
 */
template <typename Begin, typename Decode>
void walkScan(const Frame& frame, const Scan& scan, const EntropyData& data, unsigned restartInterval, Begin begin,
              Decode decode) {
  const bool isInterleaved = scan.components.size() > 1;
  const Component& first = frame.components[scan.components[0].component];
  const unsigned unitsAcross = isInterleaved ? frame.mcusAcross : first.blocksAcross;
  const unsigned unitsDown = isInterleaved ? frame.mcusDown : first.blocksDown;
  std::size_t interval = 0;
  BitReader reader = data.interval(interval);
  unsigned untilRestart = restartInterval;
  begin();
  for (unsigned down = 0; down < unitsDown; ++down) {
    for (unsigned across = 0; across < unitsAcross; ++across) {
      if (restartInterval != 0 && untilRestart-- == 0) {
        checkInterval(reader);
        if (++interval == data.intervals()) throw damaged("its data ends early");
        reader = data.interval(interval);
        untilRestart = restartInterval - 1;
        begin();
      }
      if (!isInterleaved) {
        decode(reader, 0u, across, down);
      } else {
        for (unsigned part = 0; part < scan.components.size(); ++part) {
          const Component& component = frame.components[scan.components[part].component];
          for (unsigned y = 0; y < component.down; ++y) {
            for (unsigned x = 0; x < component.across; ++x) {
              decode(reader, part, across * component.across + x, down * component.down + y);
            }
          }
        }
      }
      if (reader.hasOverrun()) throw damaged("its data ends early");
    }
  }
  checkInterval(reader);
  if (interval + 1 != data.intervals()) throw damaged("its data goes on beyond the picture");
}

}  // namespace orion::image::jpeg
