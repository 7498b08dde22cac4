// SPDX-License-Identifier: Apache-2.0
#include "encoding/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace mikusari {
namespace {

struct Case {
  std::string_view name, bytes;
  bool good;
};

using namespace std::string_view_literals;

// RFC 3629 section 4 and the table of well-formed sequences in Unicode 15.0, section 3.9 (table 3-7).
const Case cases[] = {
    {"empty", ""sv, true},
    {"NUL", "\0"sv, true},
    {"U+007F", "\x7f"sv, true},
    {"U+0080", "\xc2\x80"sv, true},
    {"U+07FF", "\xdf\xbf"sv, true},
    {"U+0800", "\xe0\xa0\x80"sv, true},
    {"U+D7FF", "\xed\x9f\xbf"sv, true},
    {"U+E000", "\xee\x80\x80"sv, true},
    {"U+FFFF", "\xef\xbf\xbf"sv, true},
    {"U+10000", "\xf0\x90\x80\x80"sv, true},
    {"U+10FFFF", "\xf4\x8f\xbf\xbf"sv, true},
    {"overlong U+002F in two", "\xc0\xaf"sv, false},
    {"overlong U+007F in two", "\xc1\xbf"sv, false},
    {"overlong U+07FF in three", "\xe0\x9f\xbf"sv, false},
    {"overlong NUL in three", "\xe0\x80\x80"sv, false},
    {"overlong U+FFFF in four", "\xf0\x8f\xbf\xbf"sv, false},
    {"surrogate U+D800", "\xed\xa0\x80"sv, false},
    {"surrogate U+DFFF", "\xed\xbf\xbf"sv, false},
    {"surrogate pair", "\xed\xa0\xb4\xed\xb4\x9e"sv, false},
    {"U+110000", "\xf4\x90\x80\x80"sv, false},
    {"lead F5", "\xf5\x80\x80\x80"sv, false},
    {"five bytes", "\xf8\x88\x80\x80\x80"sv, false},
    {"six bytes", "\xfc\x84\x80\x80\x80\x80"sv, false},
    {"FE", "\xfe"sv, false},
    {"FF", "\xff"sv, false},
    {"lone continuation", "\x80"sv, false},
    {"lead without continuation", "\xc2"sv, false},
    {"lead before ASCII", "\xc2\x41"sv, false},
    {"three cut to two", "\xe3\x81"sv, false},
    {"four cut to three", "\xf0\x90\x80"sv, false},
    {"bad third byte", "\xe3\x81\x41"sv, false},
    {"good then bad", "abc\xe3\x81\x82\x80"sv, false},
};

TEST(Utf8, AgreesWithTheTableOfWellFormedSequences) {
  for (const Case& one : cases) {
    EXPECT_EQ(is_utf8(as_bytes(one.bytes)), one.good) << one.name;
    const std::string inside = "x" + std::string(one.bytes) + "y";
    EXPECT_EQ(is_utf8(as_bytes(inside)), one.good) << one.name << ", inside";
  }
}

// The encoder of every scalar value is written down independently of the checker.
TEST(Utf8, AcceptsEveryScalarValueAndNoOther) {
  for (std::uint32_t point = 0; point < 0x120000; ++point) {
    std::string text;
    if (point < 0x80) {
      text = static_cast<char>(point);
    } else if (point < 0x800) {
      text = {static_cast<char>(0xc0 | point >> 6), static_cast<char>(0x80 | (point & 63))};
    } else if (point < 0x10000) {
      text = {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 63)),
              static_cast<char>(0x80 | (point & 63))};
    } else {
      text = {static_cast<char>(0xf0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 63)),
              static_cast<char>(0x80 | (point >> 6 & 63)), static_cast<char>(0x80 | (point & 63))};
    }
    const bool scalar = point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
    ASSERT_EQ(is_utf8(as_bytes(text)), scalar) << std::hex << point;
  }
}

}  // namespace
}  // namespace mikusari
