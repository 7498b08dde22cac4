// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

class CborWriter : public ::testing::Test {
 protected:
  std::array<std::byte, 256> buffer_{};
  cbor::Writer out_{buffer_};

  std::string hex() {
    const auto bytes = out_.finish();
    return bytes ? test::to_hex(*bytes) : std::string(bytes.error().text());
  }
  Code refusal() {
    const auto bytes = out_.finish();
    return bytes ? Code{} : bytes.error().code();
  }
};

TEST_F(CborWriter, WritesTheSmallestAndGreatestIntegers) {
  out_.array(4);
  out_.integer(std::numeric_limits<std::int64_t>::min());
  out_.integer(std::numeric_limits<std::int64_t>::max());
  out_.integer(-1);
  out_.uint(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(hex(), "843b7fffffffffffffff1b7fffffffffffffff201bffffffffffffffff");
}

TEST_F(CborWriter, RefusesTooFewItems) {
  out_.array(2);
  out_.uint(1);
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesAnotherItemAfterTheFirst) {
  out_.array(1);
  out_.uint(1);
  out_.uint(2);
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesNothingAtAll) { EXPECT_EQ(refusal(), Code::internal); }

TEST_F(CborWriter, RefusesUnsortedKeys) {
  out_.map(2);
  out_.uint(2);
  out_.null();
  out_.uint(1);
  out_.null();
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, SortsNothingByLengthFirst) {  // RFC 8949 section 4.2.1, not the older 4.2.3
  out_.map(2);
  out_.uint(24);
  out_.null();
  out_.integer(-1);
  out_.null();
  EXPECT_EQ(hex(), "a21818f620f6");
}

TEST_F(CborWriter, RefusesARepeatedKey) {
  out_.map(2);
  out_.text("a");
  out_.null();
  out_.text("a");
  out_.null();
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesContainersAsKeys) {
  out_.map(1);
  out_.array(0);
  out_.null();
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesEncodedContainersAsKeys) {
  out_.map(1);
  out_.encoded(test::unhex("80"));
  out_.null();
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesAnEmptyEncodedItem) {
  out_.encoded({});
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, OrdersEncodedKeysLikeOthers) {
  out_.map(2);
  out_.encoded(test::unhex("02"));
  out_.null();
  out_.encoded(test::unhex("01"));
  out_.null();
  EXPECT_EQ(refusal(), Code::internal);
}

TEST_F(CborWriter, RefusesTextThatIsNotUtf8) {
  out_.text("\xff");
  EXPECT_EQ(refusal(), Code::invalid);
}

TEST_F(CborWriter, RefusesSeventeenLevels) {
  for (int i = 0; i < 17; ++i) out_.array(1);
  out_.uint(0);
  EXPECT_EQ(refusal(), Code::exhausted);
}

TEST_F(CborWriter, WritesSixteenLevels) {
  for (int i = 0; i < 16; ++i) out_.array(1);
  out_.uint(0);
  EXPECT_EQ(hex(), "8181818181818181818181818181818100");
}

TEST(CborWriterBuffer, OfEverySizeIsEnoughOrExhausted) {
  std::array<std::byte, 64> buffer{};
  for (std::size_t size = 0; size <= 12; ++size) {
    cbor::Writer out(MutableByteView(buffer).first(size));
    out.map(1);
    out.uint(300);
    out.bytes(test::unhex("0102030405"));
    const auto bytes = out.finish();
    ASSERT_EQ(bytes.has_value(), size >= 10) << size;
    if (bytes) {
      EXPECT_EQ(test::to_hex(*bytes), "a119012c450102030405");
    } else {
      EXPECT_EQ(bytes.error().code(), Code::exhausted);
    }
  }
}

TEST(CborReader, RefusesCountsThatCannotBeTrueAtOnce) {
  for (const char* hex :
       {"9affffffff", "9bffffffffffffffff", "bbffffffffffffffff", "bb8000000000000001", "8300", "a300"}) {
    const auto input = test::unhex(hex);
    const auto verdict = cbor::check(input);
    ASSERT_FALSE(verdict.has_value()) << hex;
    EXPECT_STREQ(verdict.error().text(), "CBOR ends too early for its count") << hex;
  }
}

TEST(CborReader, RefusesReservedHeadsAndLengthsBeyondTheInput) {
  for (const char* hex :
       {"1c", "1d", "1e", "5bffffffffffffffff", "7bffffffffffffffff", "4102ff", "ff", "1f", "df00", "f8f4"}) {
    EXPECT_FALSE(cbor::check(test::unhex(hex)).has_value()) << hex;
  }
}

TEST(CborReader, RefusesContainersAndTagsAsKeys) {
  for (const char* hex : {"a18000", "a1a000", "a1c00000", "a1810000"}) {
    const auto verdict = cbor::check(test::unhex(hex));
    ASSERT_FALSE(verdict.has_value()) << hex;
    EXPECT_STREQ(verdict.error().text(), "a CBOR map key must be a plain value") << hex;
  }
}

TEST(CborReader, NamesTheTypeThatItDidNotFind) {
  const auto input = test::unhex("820102");
  cbor::Reader in(input);
  ASSERT_TRUE(in.array().has_value());
  const auto text = in.text();
  ASSERT_FALSE(text.has_value());
  EXPECT_EQ(text.error().offset(), 1U);
}

TEST(CborReader, KeepsIntegersInsideTheirRange) {
  const auto least = test::unhex("3b7fffffffffffffff"), below = test::unhex("3b8000000000000000");
  const auto above = test::unhex("1b8000000000000000");
  EXPECT_EQ(cbor::Reader(least).integer().value(), std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(cbor::Reader(below).integer().has_value());
  EXPECT_FALSE(cbor::Reader(above).integer().has_value());
  EXPECT_EQ(cbor::Reader(above).uint().value(), 0x8000000000000000U);
}

TEST(CborReader, GivesAWholeItemFromInsideAMap) {
  const auto input = test::unhex("a201820304028105");
  cbor::Reader in(input);
  ASSERT_TRUE(in.map().has_value());
  ASSERT_TRUE(in.uint().has_value());
  EXPECT_EQ(test::to_hex(in.item().value()), "820304");
  ASSERT_TRUE(in.uint().has_value());
  EXPECT_FALSE(in.end().has_value());
  EXPECT_EQ(test::to_hex(in.item().value()), "8105");
  EXPECT_TRUE(in.end().has_value());
}

}  // namespace
}  // namespace mikusari
