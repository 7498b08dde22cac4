// SPDX-License-Identifier: Apache-2.0
#include "platform/bytes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mikusari::platform {
namespace {

Buffer bytes_of(std::string_view text) { return copy(as_bytes(text)); }

TEST(Bytes, AppendKeepsWhatWasThere) {
  Buffer buffer = bytes_of("ab");
  append(buffer, as_bytes("cd"));
  append(buffer, {});
  EXPECT_EQ(as_text(buffer), "abcd");
}

TEST(Bytes, HexIsLowerCaseAndComesBack) {
  const Buffer bytes = {std::byte{0x00}, std::byte{0xAB}, std::byte{0xff}};
  EXPECT_EQ(to_hex(bytes), "00abff");
  EXPECT_EQ(from_hex("00abff"), bytes);
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(from_hex(""), Buffer{});
}

TEST(Bytes, HexRefusesOddLengthsAndForeignCharacters) {
  EXPECT_EQ(from_hex("abc").error().code(), Code::invalid);
  EXPECT_EQ(from_hex("0g").error().code(), Code::invalid);
  EXPECT_EQ(from_hex("0x00").error().code(), Code::invalid);
}

TEST(Bytes, HexOfAFixedLengthRefusesOthers) {
  EXPECT_EQ(bytes_from_hex<2>("0102")->data[1], std::byte{2});
  EXPECT_FALSE(bytes_from_hex<2>("01"));
  EXPECT_FALSE(bytes_from_hex<2>("010203"));
}

// RFC 4648 section 10.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> rfc4648 = {{{"", ""},
                                                                                   {"f", "Zg=="},
                                                                                   {"fo", "Zm8="},
                                                                                   {"foo", "Zm9v"},
                                                                                   {"foob", "Zm9vYg=="},
                                                                                   {"fooba", "Zm9vYmE="},
                                                                                   {"foobar", "Zm9vYmFy"}}};

TEST(Bytes, Base64AgreesWithTheExamplesOfRfc4648) {
  for (const auto& [plain, encoded] : rfc4648) {
    EXPECT_EQ(to_base64(as_bytes(plain)), encoded);
    const auto decoded = from_base64(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), plain);
  }
}

TEST(Bytes, Base64UrlHasItsOwnTwoCharactersAndNoPadding) {
  const Buffer bytes = {std::byte{0xfb}, std::byte{0xff}};
  EXPECT_EQ(to_base64(bytes), "+/8=");
  EXPECT_EQ(to_base64url(bytes), "-_8");
  EXPECT_EQ(from_base64url("-_8"), bytes);
  for (const auto& [plain, encoded] : rfc4648) {
    const auto decoded = from_base64url(encoded.substr(0, encoded.find('=')));
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), plain);
  }
}

TEST(Bytes, Base64RefusesEverySecondTextForTheSameBytes) {
  for (const char* text : {"Zg", "Zg=", "Zh==", "Zm9=", "Zg==\n", "Z===", "====", "Zm9v=", "-_8="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  for (const char* text : {"Zg==", "Zh", "Z", "+/8", "Zm9v "}) EXPECT_FALSE(from_base64url(text)) << text;
}

}  // namespace
}  // namespace mikusari::platform
