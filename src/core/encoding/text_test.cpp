// SPDX-License-Identifier: Apache-2.0
#include "encoding/text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>

namespace mikusari {
namespace {

std::array<char, 128> chars;
std::array<std::byte, 128> bytes;

struct Refusal {
  Code code;
  std::uint32_t offset;
  bool operator==(const Refusal&) const = default;
};

template <class T>
Refusal refusal(const Result<T>& result) {
  return result ? Refusal{} : Refusal{result.error().code(), result.error().offset()};
}

TEST(Hex, WritesLowerCaseAndReadsBoth) {
  EXPECT_EQ(text::hex(as_bytes("\x01\xab\xff"), chars).value(), "01abff");
  EXPECT_EQ(as_text(text::from_hex("01AbfF", bytes).value()), "\x01\xab\xff");
  EXPECT_EQ(text::hex({}, {}).value(), "");
  EXPECT_TRUE(text::from_hex("", {}).value().empty());
}

TEST(Hex, NamesTheOffsetOfTheWrongCharacter) {
  EXPECT_EQ(refusal(text::from_hex("0g", bytes)), (Refusal{Code::invalid, 1}));
  EXPECT_EQ(refusal(text::from_hex("00 1", bytes)), (Refusal{Code::invalid, 2}));
  EXPECT_EQ(refusal(text::from_hex("0x01", bytes)), (Refusal{Code::invalid, 1}));
  EXPECT_EQ(refusal(text::from_hex("012", bytes)), (Refusal{Code::invalid, 3}));
  EXPECT_EQ(refusal(text::from_hex("00\xc3\xa9", bytes)), (Refusal{Code::invalid, 2}));
}

TEST(Hex, NeedsABufferThatIsLargeEnough) {
  EXPECT_EQ(refusal(text::hex(as_bytes("ab"), std::span(chars).first(3))).code, Code::exhausted);
  EXPECT_EQ(refusal(text::from_hex("0102", std::span(bytes).first(1))).code, Code::exhausted);
  EXPECT_TRUE(text::from_hex("0102", std::span(bytes).first(2)).has_value());
}

TEST(Base64, AgreesWithRfc4648Section10) {
  const std::pair<std::string_view, std::string_view> table[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"},
                                                                 {"\xfb\xff\xbf", "+/+/"}};
  for (const auto& [plain, coded] : table) {
    EXPECT_EQ(text::base64(as_bytes(plain), chars).value(), coded);
    EXPECT_EQ(as_text(text::from_base64(coded, bytes).value()), plain);
  }
}

TEST(Base64, AcceptsOneTextForEachValue) {
  EXPECT_EQ(refusal(text::from_base64("Zh==", bytes)), (Refusal{Code::invalid, 0}));  // stray bits
  EXPECT_EQ(refusal(text::from_base64("Zm9vZm9=", bytes)), (Refusal{Code::invalid, 4}));
  for (const char* wrong :
       {"Zg", "Zg=", "Zg===", "====", "Z===", "=Zg=", "Zg==Zg==", "Zm9v\n", "Zm 9", "Zm-_", "Zm=v", "Zm9v===="}) {
    EXPECT_EQ(refusal(text::from_base64(wrong, bytes)).code, Code::invalid) << wrong;
  }
}

TEST(Base64, NeedsABufferThatIsLargeEnough) {
  EXPECT_EQ(refusal(text::base64(as_bytes("a"), std::span(chars).first(3))).code, Code::exhausted);
  EXPECT_EQ(refusal(text::from_base64("Zm9v", std::span(bytes).first(2))).code, Code::exhausted);
  EXPECT_TRUE(text::from_base64("Zm8=", std::span(bytes).first(2)).has_value());
}

TEST(Decimal, WritesAndReadsTheWholeRange) {
  for (const auto& [value, written] : {std::pair<std::uint64_t, std::string_view>{0, "0"},
                                       {9, "9"},
                                       {10, "10"},
                                       {18446744073709551615U, "18446744073709551615"}}) {
    EXPECT_EQ(text::decimal(value, chars).value(), written);
    EXPECT_EQ(text::from_decimal(written).value(), value);
  }
  EXPECT_EQ(refusal(text::decimal(100, std::span(chars).first(2))).code, Code::exhausted);
}

TEST(Decimal, RefusesEveryOtherSpelling) {
  for (const char* wrong : {"", "00", "01", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "18446744073709551616",
                            "99999999999999999999", "184467440737095516150", "１"}) {
    EXPECT_EQ(refusal(text::from_decimal(wrong)).code, Code::invalid) << wrong;
  }
  EXPECT_EQ(refusal(text::from_decimal("12a")), (Refusal{Code::invalid, 2}));
}

}  // namespace
}  // namespace mikusari
