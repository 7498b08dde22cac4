// SPDX-License-Identifier: Apache-2.0
#include "json/writer.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "json/parse.hpp"

namespace mikusari::json {
namespace {

std::string written(std::string_view text) {
  Writer out;
  return out.text(text).finish();
}

TEST(JsonWriter, WritesCompactDocuments) {
  Writer out;
  out.begin_object().member("a", 1).key("b").begin_array().text("x").null().boolean(true).begin_object().end_object();
  out.end_array().member("c", false).key("d").begin_array().end_array().member("e", as_bytes("\x01\xff")).end_object();
  EXPECT_EQ(out.finish(), R"({"a":1,"b":["x",null,true,{}],"c":false,"d":[],"e":"01ff"})");
  EXPECT_EQ(out.text("again").finish(), "\"again\"") << "the writer begins anew";
}

TEST(JsonWriter, EscapesWhatRfc8259Section7AsksFor) {
  EXPECT_EQ(written("\"\\/\b\f\n\r\t"), R"("\"\\/\b\f\n\r\t")");
  EXPECT_EQ(written(std::string_view("\0\x1f\x7f", 3)), "\"\\u0000\\u001f\x7f\"");
  EXPECT_EQ(written("鎖𐅑"), "\"鎖𐅑\"");
}

TEST(JsonWriter, ReplacesBytesThatAreNoCharacters) {
  EXPECT_EQ(written("a\xff\"\xe3\x81z\xc3\xa9"), "\"a\xef\xbf\xbd\\\"\xef\xbf\xbd\xef\xbf\xbdz\xc3\xa9\"");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text{'x', static_cast<char>(byte), 'y'};
    EXPECT_TRUE(parse(written(text)).has_value()) << byte;
  }
}

TEST(JsonWriter, WritesIntegersThatReadersKeep) {
  Writer out;
  out.begin_array().number(exact_max).number(-exact_max).number(exact_max + 1).number(-exact_max - 1);
  out.number(std::numeric_limits<std::uint64_t>::max())
      .number(std::numeric_limits<std::int64_t>::min())
      .number(std::uint64_t{0});
  EXPECT_EQ(out.end_array().finish(), R"([9007199254740991,-9007199254740991,"9007199254740992","-9007199254740992",)"
                                      R"("18446744073709551615","-9223372036854775808",0])");
}

TEST(JsonWriterDeathTest, StopsAtCallsThatMakeNoDocument) {
  EXPECT_DEATH(Writer().begin_object().text("value without key"), "assertion");
  EXPECT_DEATH(Writer().key("key outside"), "assertion");
  EXPECT_DEATH(Writer().begin_array().end_object(), "assertion");
  EXPECT_DEATH(Writer().begin_object().key("a").end_object(), "assertion");
  EXPECT_DEATH(Writer().text("one").text("two"), "assertion");
  EXPECT_DEATH(Writer().begin_array().finish(), "assertion");
}

}  // namespace
}  // namespace mikusari::json
