#include <cmath>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "check.h"
#include "gpu/user_kernel/buffer_contents.h"
#include "gpu/user_kernel/code_image.h"
#include "gpu/user_kernel/kernel_argument.h"
#include "gpu/user_kernel/launch_geometry.h"
#include "temporary_file.h"

using namespace orion::gpu;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

KernelArgument parse(const std::string& text) { return parseKernelArguments({text}).front(); }

template <typename Value>
Value valueOf(const KernelArgument& argument) {
  Value value;
  std::memcpy(&value, argument.value.data(), sizeof value);
  return value;
}

/** The elements of a whole buffer. */
template <typename Value>
std::vector<Value> filled(const std::string& text) {
  const KernelArgument argument = parse(text);
  CHECK_EQUAL(bytesOf(argument.type), sizeof(Value));
  std::vector<Value> elements(argument.count);
  fillElements(argument, 0, argument.count, reinterpret_cast<unsigned char*>(elements.data()));
  return elements;
}

template <typename Value>
BufferSummary summaryOf(ElementType type, const std::vector<Value>& elements) {
  BufferSummary summary(type);
  summary.add(reinterpret_cast<const unsigned char*>(elements.data()), elements.size());
  return summary;
}

std::string hashOf(const std::string& bytes) {
  return summaryOf(ElementType::U8, std::vector<char>(bytes.begin(), bytes.end())).hash();
}

void refused(const std::string& text, const std::string& expected) {
  const std::string sentence = SENTENCE_OF(BadInput, parseKernelArguments({"i32:1", text}));
  if (sentence.find("argument 2 of the kernel is '" + text + "'") == std::string::npos ||
      sentence.find(expected) == std::string::npos || sentence.find(", e.g. ") == std::string::npos) {
    check::fail(__FILE__, __LINE__, "the sentence for '" + text + "' is: " + sentence);
  }
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/** An ELF header without sections, of a machine (190 is CUDA), an ABI version and flags. */
std::string elf(int machine, int abiVersion, unsigned flags) {
  std::string bytes(64, '\0');
  bytes.replace(0, 4,
                "\x7f"
                "ELF");
  bytes[8] = static_cast<char>(abiVersion);
  bytes[18] = static_cast<char>(machine);
  std::memcpy(&bytes[48], &flags, sizeof flags);
  return bytes;
}

}  // namespace

CASE(scalars_of_every_type) {
  CHECK_EQUAL(valueOf<std::int32_t>(parse("i32:4096")), 4096);
  CHECK_EQUAL(valueOf<std::int32_t>(parse("i32:-2147483648")), std::numeric_limits<std::int32_t>::min());
  CHECK_EQUAL(valueOf<std::uint32_t>(parse("u32:0xffffffff")), 4294967295u);
  CHECK_EQUAL(valueOf<std::int64_t>(parse("i64:-0x10")), -16);
  CHECK_EQUAL(valueOf<std::int64_t>(parse("i64:-9223372036854775808")), std::numeric_limits<std::int64_t>::min());
  CHECK_EQUAL(valueOf<std::uint64_t>(parse("u64:18446744073709551615")), 18446744073709551615u);
  CHECK_EQUAL(static_cast<int>(valueOf<std::int8_t>(parse("i8:-128"))), -128);
  CHECK_EQUAL(static_cast<int>(valueOf<std::uint8_t>(parse("u8:255"))), 255);
  CHECK_EQUAL(valueOf<float>(parse("f32:1.5")), 1.5f);
  CHECK_EQUAL(valueOf<double>(parse("f64:-1e-300")), -1e-300);
  CHECK_EQUAL(valueOf<float>(parse("f32:-inf")), -std::numeric_limits<float>::infinity());
  CHECK(std::isnan(valueOf<double>(parse("f64:nan"))));
  CHECK_EQUAL(valueOf<std::uint16_t>(parse("f16:1.5")), 0x3e00);
  CHECK_EQUAL(valueOf<std::uint16_t>(parse("f16:inf")), 0x7c00);
  CHECK_EQUAL(valueOf<std::uint16_t>(parse("bf16:-2")), 0xc000);
  CHECK(!parse("i32:1").isBuffer);
  // The bytes past a small scalar are 0.
  CHECK_EQUAL(valueOf<std::uint64_t>(parse("i32:-1")), 0xffffffffu);
}

CASE(buffers_with_counts_and_fills) {
  const KernelArgument plain = parse("buffer:f32:4096");
  CHECK(plain.isBuffer && plain.type == ElementType::F32 && plain.fill == Fill::Random);
  CHECK_EQUAL(plain.count, 4096u);
  CHECK_EQUAL(plain.bytes(), 16384u);
  CHECK_EQUAL(plain.seed, 1u);
  CHECK_EQUAL(parse("buffer:u8:4Ki").count, 4096u);
  CHECK_EQUAL(parse("buffer:f16:0x10Mi").bytes(), std::size_t{32} << 20);
  CHECK_EQUAL(parse("buffer:f64:2Gi").bytes(), std::size_t{16} << 30);
  CHECK(parse("buffer:i32:1:iota").fill == Fill::Iota);
  CHECK(parse("buffer:i32:1:random").fill == Fill::Random);
  CHECK_EQUAL(parse("buffer:i32:1:random=7").seed, 7u);
  const KernelArgument negative = parse("buffer:i32:1:-3");
  CHECK(negative.fill == Fill::Value);
  CHECK_EQUAL(valueOf<std::int32_t>(negative), -3);
}

CASE(bad_arguments_are_refused_with_a_sentence) {
  refused("", "TYPE:VALUE");
  refused("4096", "TYPE:VALUE");
  refused("i32", "TYPE:VALUE");
  refused("i32:1:2", "TYPE:VALUE");
  refused("i16:1", "i8, u8, i32, u32, i64, u64, f16, bf16, f32 or f64");
  refused("i32:", "an integer from -2147483648 to 2147483647");
  refused("i32:1.5", "an integer");
  refused("i32:2147483648", "an integer");
  refused("i32:0x80000000", "an integer");
  refused("i32:-2147483649", "an integer");
  refused("i32:-", "an integer");
  refused("i32:--1", "an integer");
  refused("i32:+1", "an integer");
  refused("i32: 1", "an integer");
  refused("i32:0x", "an integer");
  refused("u32:-1", "an integer from 0 to 4294967295");
  refused("u64:18446744073709551616", "an integer");
  refused("f32:", "a number up to 3.4e38");
  refused("f32: 1", "a number");
  refused("f32:1x", "a number");
  refused("f32:1e39", "a number");
  refused("f16:65520", "a number up to 65504");
  refused("f64:1e999", "a number");
  refused("buffer", "buffer:TYPE:COUNT[:FILL]");
  refused("buffer:f32", "buffer:TYPE:COUNT[:FILL]");
  refused("buffer:f32:1:0:0", "buffer:TYPE:COUNT[:FILL]");
  refused("buffer:float:1", "a buffer's type of i8");
  refused("buffer:f32:0", "a count of elements from 1");
  refused("buffer:f32:-1", "a count of elements");
  refused("buffer:f32:1Kb", "a count of elements");
  refused("buffer:f32:99999999999Gi", "a count of elements");
  refused("buffer:f64:1048576Gi", "a count of elements");
  refused("buffer:i32:1:ones", "iota, random, random=SEED or an integer");
  refused("buffer:i32:1:random=x", "a seed");
  refused("buffer:u8:1:256", "an integer from 0 to 255");
}

CASE(dimensions_are_read) {
  CHECK(parseDimensions("1024", Extent::Grid) == (Dimensions{1024, 1, 1}));
  CHECK(parseDimensions("2147483647,65535,65535", Extent::Grid) == (Dimensions{2147483647, 65535, 65535}));
  CHECK(parseDimensions("32,8", Extent::Block) == (Dimensions{32, 8, 1}));
  CHECK(parseDimensions("4,4,64", Extent::Block) == (Dimensions{4, 4, 64}));
  for (const char* text : {"", ",", "1,", "0", "1,0", "-1", "x", "1 ,1", "1,1,1,1", "2147483648", "1,65536",
                           "1,1,65536", "18446744073709551617"}) {
    CHECK(contains(SENTENCE_OF(BadInput, parseDimensions(text, Extent::Grid)), "gpu: grid is '"));
  }
  for (const char* text : {"1025", "33,32", "1,1,65", "512,1,3", "0"}) {
    CHECK(contains(SENTENCE_OF(BadInput, parseDimensions(text, Extent::Block)), "1024 in all"));
  }
  SENTENCE_OF(BadInput, requireWithinLimits({1, 1, 0}, Extent::Grid));
}

CASE(shared_bytes_are_read) {
  CHECK_EQUAL(parseSharedBytes("0"), 0u);
  CHECK_EQUAL(parseSharedBytes("48Ki"), 49152u);
  for (const char* text : {"", "-1", "1Gi", "64k"}) SENTENCE_OF(BadInput, parseSharedBytes(text));
}

// Values of IEEE 754 and of numpy.float16.
CASE(half_precision_agrees_with_known_values) {
  const std::pair<double, int> known[] = {
      {0.0, 0x0000},
      {-0.0, 0x8000},
      {1.0, 0x3c00},
      {-2.0, 0xc000},
      {65504, 0x7bff},
      {65519.99, 0x7bff},
      {65520, 0x7c00},
      {1e300, 0x7c00},
      {-infinity, 0xfc00},
      {0.1, 0x2e66},
      {1.0 / 3, 0x3555},
      {2049, 0x6800},
      {2051, 0x6802},
      {std::ldexp(1, -14), 0x0400},
      {std::ldexp(1, -24), 0x0001},
      {std::ldexp(1, -25), 0x0000},
      {std::ldexp(1.5, -25), 0x0001},
      {std::ldexp(1023.5, -24), 0x0400},
  };
  for (const auto& [value, bits] : known) CHECK_EQUAL(static_cast<int>(halfBits(value)), bits);
  CHECK(std::isnan(halfValue(halfBits(std::nan("")))));
  for (int bits = 0; bits < 65536; ++bits) {
    const double value = halfValue(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) CHECK_EQUAL(static_cast<int>(halfBits(value)), bits);
  }
}

// A bfloat16 is the upper half of a float.
CASE(bfloat_agrees_with_the_float_above_it) {
  CHECK_EQUAL(static_cast<int>(bfloatBits(1.0)), 0x3f80);
  CHECK_EQUAL(static_cast<int>(bfloatBits(3.14159265358979)), 0x4049);
  CHECK_EQUAL(static_cast<int>(bfloatBits(257)), 0x4380);
  CHECK_EQUAL(static_cast<int>(bfloatBits(259)), 0x4382);
  CHECK_EQUAL(static_cast<int>(bfloatBits(3.4e38)), 0x7f80);
  for (std::uint32_t bits = 0; bits < 65536; ++bits) {
    const std::uint32_t wide = bits << 16;
    float value;
    std::memcpy(&value, &wide, sizeof value);
    if (std::isnan(value)) continue;
    CHECK_EQUAL(bfloatValue(static_cast<std::uint16_t>(bits)), static_cast<double>(value));
    CHECK_EQUAL(static_cast<std::uint32_t>(bfloatBits(value)), bits);
  }
}

CASE(iota_counts_as_far_as_the_type_is_exact) {
  CHECK(filled<float>("buffer:f32:4:iota") == (std::vector<float>{0, 1, 2, 3}));
  CHECK_EQUAL(filled<std::uint64_t>("buffer:u64:1000:iota").back(), 999u);
  const std::vector<std::int8_t> bytes = filled<std::int8_t>("buffer:i8:130:iota");
  CHECK_EQUAL(static_cast<int>(bytes[127]), 127);
  CHECK_EQUAL(static_cast<int>(bytes[128]), 0);
  const std::vector<std::uint16_t> halves = filled<std::uint16_t>("buffer:f16:2050:iota");
  CHECK_EQUAL(halfValue(halves[2047]), 2047);
  CHECK_EQUAL(halfValue(halves[2049]), 1);
  CHECK_EQUAL(bfloatValue(filled<std::uint16_t>("buffer:bf16:256:iota").back()), 255);
}

CASE(a_value_fills_every_element) {
  CHECK(filled<double>("buffer:f64:3:-0.25") == (std::vector<double>(3, -0.25)));
  CHECK(filled<std::int32_t>("buffer:i32:3:-7") == (std::vector<std::int32_t>(3, -7)));
}

CASE(random_elements_are_uniform_and_repeat) {
  for (const char* type : {"f16", "bf16", "f32", "f64"}) {
    const KernelArgument argument = parse(std::string("buffer:") + type + ":20000");
    std::vector<unsigned char> bytes(argument.bytes());
    fillElements(argument, 0, argument.count, bytes.data());
    BufferSummary summary(argument.type);
    summary.add(bytes.data(), argument.count);
    // 20,000 numbers of standard deviation 0.2887: the mean is within 0.01 but once in a million seeds.
    CHECK_NEAR(summary.sum() / 20000, 0.5, 0.01);
    CHECK_EQUAL(summary.nanCount(), 0u);
  }
  const std::vector<float> floats = filled<float>("buffer:f32:20000");
  for (const float value : floats) CHECK(value >= 0 && value < 1);
  CHECK(floats == filled<float>("buffer:f32:20000:random=1"));
  CHECK(floats != filled<float>("buffer:f32:20000:random=2"));
  std::set<int> integers;
  for (const int value : filled<std::int32_t>("buffer:i32:20000")) integers.insert(value);
  CHECK_EQUAL(integers.size(), 128u);
  CHECK_EQUAL(*integers.begin(), 0);
  CHECK_EQUAL(*integers.rbegin(), 127);
}

// splitmix64 of seed 1234567: the first numbers of the published generator.
CASE(random_bits_are_those_of_splitmix64) {
  const std::vector<double> numbers = filled<double>("buffer:f64:2:random=1234567");
  CHECK_EQUAL(numbers[0], std::ldexp(static_cast<double>(6457827717110365317u >> 11), -53));
  CHECK_EQUAL(numbers[1], std::ldexp(static_cast<double>(3203168211198807973u >> 11), -53));
}

CASE(filling_in_pieces_is_filling_at_once) {
  for (const char* text :
       {"buffer:f32:1000", "buffer:i8:1000:iota", "buffer:f16:1000:0.5", "buffer:u64:1000:random=9"}) {
    const KernelArgument argument = parse(text);
    std::vector<unsigned char> whole(argument.bytes());
    std::vector<unsigned char> pieces(argument.bytes());
    fillElements(argument, 0, 1000, whole.data());
    fillElements(argument, 0, 333, pieces.data());
    fillElements(argument, 333, 667, pieces.data() + 333 * bytesOf(argument.type));
    CHECK(whole == pieces);
  }
}

// Vectors of the authors of FNV.
CASE(hash_is_fnv_1a) {
  CHECK_EQUAL(hashOf(""), "cbf29ce484222325");
  CHECK_EQUAL(hashOf("a"), "af63dc4c8601ec8c");
  CHECK_EQUAL(hashOf("foobar"), "85944171f73967e8");
  BufferSummary pieces(ElementType::U8);
  pieces.add(reinterpret_cast<const unsigned char*>("foo"), 3);
  pieces.add(reinterpret_cast<const unsigned char*>("bar"), 3);
  CHECK_EQUAL(pieces.hash(), "85944171f73967e8");
}

CASE(sums_leave_nan_out) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const BufferSummary summary = summaryOf(ElementType::F32, std::vector<float>{1.5f, nan, 2, -nan, -0.5f});
  CHECK_EQUAL(summary.sum(), 3);
  CHECK_EQUAL(summary.nanCount(), 2u);
  CHECK_EQUAL(summaryOf(ElementType::F64, std::vector<double>{1, infinity}).sum(), infinity);
  CHECK_EQUAL(summaryOf(ElementType::I8, std::vector<std::int8_t>{-128, 127}).sum(), -1);
  CHECK_EQUAL(summaryOf(ElementType::U32, std::vector<std::uint32_t>{4294967295u, 1}).sum(), 4294967296.0);
  CHECK_EQUAL(summaryOf(ElementType::I64, std::vector<std::int64_t>{-5, 3}).sum(), -2);
  CHECK_EQUAL(summaryOf(ElementType::F16, std::vector<std::uint16_t>{0x3c00, 0x7e00, 0xc000}).sum(), -1);
  CHECK_EQUAL(summaryOf(ElementType::F16, std::vector<std::uint16_t>{0x3c00, 0x7e00, 0xc000}).nanCount(), 1u);
}

CASE(formats_are_told_by_the_content) {
  CHECK(codeImageFrom("f", ".version 7.0\n.target sm_75\n").format == CodeFormat::Ptx);
  CHECK(codeImageFrom("f", elf(190, 7, 0)).format == CodeFormat::Cubin);
  CHECK(codeImageFrom("f", std::string("\x50\xed\x55\xba\1\0\x10\0\4\0\0\0\0\0\0\0data", 20)).format ==
        CodeFormat::Fatbin);
  CHECK(contains(SENTENCE_OF(BadInput, codeImageFrom("f", "")), "'f' is empty"));
  CHECK(contains(SENTENCE_OF(BadInput, codeImageFrom("f", "hello")), "is neither PTX"));
  CHECK(contains(SENTENCE_OF(BadInput, codeImageFrom("f", elf(62, 0, 0))), "code for the CPU"));
  CHECK(contains(SENTENCE_OF(BadInput, codeImageFrom("f", elf(190, 7, 0).substr(0, 40))), "is cut off"));
  CHECK(contains(
      SENTENCE_OF(BadInput, codeImageFrom("f", std::string("\x50\xed\x55\xba\1\0\x10\0\x05\0\0\0\0\0\0\0data", 20))),
      "is cut off"));
  std::string sectionsBeyondTheEnd = elf(190, 7, 0);
  sectionsBeyondTheEnd[40] = 64;  // the table's offset
  sectionsBeyondTheEnd[58] = 64;  // bytes of an entry
  sectionsBeyondTheEnd[60] = 1;   // entries
  CHECK(contains(SENTENCE_OF(BadInput, codeImageFrom("f", sectionsBeyondTheEnd)), "is cut off"));
}

CASE(files_are_read_or_refused) {
  const TemporaryFile file(".version 7.0\n.visible .entry f() {}\n");
  CHECK_EQUAL(readCodeImage(file.path()).bytes.size(), 36u);
  CHECK(contains(SENTENCE_OF(BadInput, readCodeImage("./no-such-file.ptx")), "cannot be opened: No such file"));
  CHECK(contains(SENTENCE_OF(BadInput, readCodeImage(".")), "is not a regular file"));
}

CASE(entries_of_ptx_are_listed) {
  const std::string text =
      "// .entry commented\n.version 7.0\n/* .entry also */\n.visible .entry saxpy(\n)\n.entry\n  _Z3fooPf "
      "()\n.entryway no";
  CHECK(entriesOfPtx(text) == (std::vector<std::string>{"saxpy", "_Z3fooPf"}));
  CHECK(entriesOfPtx("// unfinished .entry x").empty());
}

// Headers as nvcc 13 (ABI version 8) and nvcc 12 (ABI version 7) write them.
CASE(architecture_of_a_cubin) {
  CHECK_EQUAL(architectureOfCubin(elf(190, 8, 0x6005a04)).value_or(0), 90);
  CHECK_EQUAL(architectureOfCubin(elf(190, 8, 0x6007802)).value_or(0), 120);
  CHECK_EQUAL(architectureOfCubin(elf(190, 7, 0x5a055a)).value_or(0), 90);
  CHECK(!architectureOfCubin("").has_value());
}
