// Second bytes of the markers (T.81, table B.1); the first is 0xff.
#pragma once

namespace orion::image::jpeg {

namespace marker {
constexpr unsigned baseline = 0xc0;
constexpr unsigned extendedSequential = 0xc1;
constexpr unsigned progressive = 0xc2;
constexpr unsigned huffmanTables = 0xc4;
constexpr unsigned arithmeticConditioning = 0xcc;
constexpr unsigned lastFrameHeader = 0xcf;
constexpr unsigned restart0 = 0xd0;
constexpr unsigned restart7 = 0xd7;
constexpr unsigned startOfImage = 0xd8;
constexpr unsigned endOfImage = 0xd9;
constexpr unsigned startOfScan = 0xda;
constexpr unsigned quantisationTables = 0xdb;
constexpr unsigned numberOfLines = 0xdc;
constexpr unsigned restartInterval = 0xdd;
constexpr unsigned jfif = 0xe0;
constexpr unsigned adobe = 0xee;
}  // namespace marker

inline bool isRestart(unsigned code) { return code >= marker::restart0 && code <= marker::restart7; }

}  // namespace orion::image::jpeg
