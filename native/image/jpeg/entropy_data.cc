#include "image/jpeg/entropy_data.h"

#include <algorithm>
#include <cstring>

#include "image/jpeg/markers.h"

namespace orion::image::jpeg {

void EntropyData::read(ByteReader& in) {
  const std::uint8_t* from = in.position();
  const std::uint8_t* const end = from + in.left();
  if (bytes_.size() < in.left() + BitReader::padding) bytes_.resize(in.left() + BitReader::padding);
  starts_.assign(1, 0);
  std::uint8_t* to = bytes_.data();
  for (;;) {
    const auto* mark = static_cast<const std::uint8_t*>(std::memchr(from, 0xff, static_cast<std::size_t>(end - from)));
    const std::uint8_t* const stop = mark ? mark : end;
    to = std::copy(from, stop, to);
    // A file that is cut may end with a lone 0xff.
    from = stop;
    if (end - from < 2) break;
    const std::uint8_t code = from[1];
    if (code == 0) {
      *to++ = 0xff;
      from += 2;
    } else if (code == 0xff) {
      from += 1;  // a fill byte before a marker
    } else if (isRestart(code)) {
      if (code - marker::restart0 != static_cast<int>((starts_.size() - 1) % 8))
        throw damaged("a restart marker is lost");
      starts_.push_back(static_cast<std::size_t>(to - bytes_.data()));
      from += 2;
    } else {
      break;
    }
  }
  starts_.push_back(static_cast<std::size_t>(to - bytes_.data()));
  std::fill_n(to, BitReader::padding, std::uint8_t{0});
  in.skip(static_cast<std::size_t>(from - in.position()));
}

}  // namespace orion::image::jpeg
