// SPDX-License-Identifier: Apache-2.0
#include "encoding/field.hpp"

#include <gtest/gtest.h>

#include "encoding/list.hpp"
#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

enum class Grade : std::uint8_t { claimed = 1, proved = 2 };
constexpr std::array<cbor::Name<Grade>, 2> names_of(Grade) {
  return {{{Grade::claimed, "claimed"}, {Grade::proved, "proved"}}};
}
enum class Signature : std::int8_t { esp256 = -9 };
constexpr std::array<cbor::Name<Signature>, 1> names_of(Signature) { return {{{Signature::esp256, "ESP256"}}}; }

struct Place {
  std::uint16_t shelf = 0;
  std::string_view room;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "shelf", &Place::shelf}, cbor::Field{2, "room", &Place::room}};
  bool operator==(const Place&) const = default;
};

struct Thing {
  Bytes<4> id;
  std::optional<std::int64_t> offset;
  Grade grade = Grade::claimed;
  Place place;
  cbor::List<std::uint64_t, 3> numbers;
  std::optional<Place> other;
  bool living = false;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "id", &Thing::id, "its name"}, cbor::Field{3, "offset", &Thing::offset},
                 cbor::Field{4, "grade", &Thing::grade},       cbor::Field{5, "place", &Thing::place},
                 cbor::Field{24, "numbers", &Thing::numbers},  cbor::Field{25, "other", &Thing::other},
                 cbor::Field{300, "living", &Thing::living}};
};

struct Signed {
  Signature algorithm = Signature::esp256;
  static constexpr auto fields = std::tuple{cbor::Field{1, "algorithm", &Signed::algorithm}};
};

struct Choice {
  std::optional<std::uint8_t> a, b;
  static constexpr auto fields = std::tuple{cbor::Field{1, "a", &Choice::a}, cbor::Field{2, "b", &Choice::b}};
  bool operator==(const Choice&) const = default;
};

constexpr const char* whole =
    "a70144010203040320040205a20107026161181883010203"
    "1819a2010802616219012cf5";

constexpr const char* newer_value = "a value of an enumeration is newer than this program";

template <class T>
std::string refusal(std::string_view hex) {
  const auto input = test::unhex(hex);
  const auto value = cbor::decode<T>(input);
  return value ? "accepted" : value.error().text();
}

TEST(Declared, ReadsAndWritesEveryKindOfField) {
  const std::vector<std::uint64_t> numbers{1, 2, 3};
  Thing thing{.id = Bytes<4>::copy(test::unhex("01020304")),
              .offset = -1,
              .grade = Grade::proved,
              .place = {7, "a"},
              .numbers = std::span<const std::uint64_t>(numbers),
              .other = Place{8, "b"},
              .living = true};
  std::array<std::byte, 128> buffer;
  EXPECT_EQ(test::to_hex(cbor::encode(thing, buffer).value()), whole);

  const auto input = test::unhex(whole);
  const auto back = cbor::decode<Thing>(input);
  ASSERT_TRUE(back.has_value()) << back.error().message();
  EXPECT_EQ(back->id, thing.id);
  EXPECT_EQ(back->offset, -1);
  EXPECT_EQ(back->grade, Grade::proved);
  EXPECT_EQ(back->place, thing.place);
  EXPECT_EQ(back->other, thing.other);
  EXPECT_TRUE(back->living);
  EXPECT_EQ(back->numbers.size(), 3U);
  EXPECT_TRUE(back->numbers.contains(3));
  EXPECT_FALSE(back->numbers.contains(4));
  EXPECT_EQ(test::to_hex(cbor::encode(*back, buffer).value()), whole) << "a list that was read is written again";
}

TEST(Declared, OmitsAbsentOptionals) {
  std::array<std::byte, 64> buffer;
  EXPECT_EQ(test::to_hex(cbor::encode(Choice{}, buffer).value()), "a0");
  EXPECT_EQ(test::to_hex(cbor::encode(Choice{{}, 5}, buffer).value()), "a10205");
  EXPECT_EQ(cbor::decode<Choice>(test::unhex("a0")).value(), (Choice{}));
  EXPECT_EQ(cbor::decode<Choice>(test::unhex("a10205")).value(), (Choice{{}, 5}));
  EXPECT_EQ(cbor::decode<Choice>(test::unhex("a201040205")).value(), (Choice{4, 5}));
  EXPECT_EQ(refusal<Choice>("a101f6"), "another CBOR type was expected") << "null is not absence";
}

TEST(Declared, RefusesUnknownMissingUnsortedAndRepeatedFields) {
  EXPECT_EQ(refusal<Place>("a2010702616"
                           "1"),
            "accepted");
  EXPECT_EQ(refusal<Place>("a10107"), "a required field is missing");
  EXPECT_EQ(refusal<Place>("a1026161"), "a required field is missing");
  EXPECT_EQ(refusal<Place>("a0"), "a required field is missing");
  EXPECT_EQ(refusal<Place>("a3010702616103f6"), "unknown field") << "behind the last";
  EXPECT_EQ(refusal<Place>("a300f601070261"
                           "61"),
            "unknown field")
      << "before the first";
  EXPECT_EQ(refusal<Choice>("a103f6"), "unknown field");
  EXPECT_EQ(refusal<Choice>("a201050105"), "CBOR map keys are unsorted or repeated");
  EXPECT_EQ(refusal<Choice>("a202050104"), "CBOR map keys are unsorted or repeated");
  EXPECT_EQ(refusal<Choice>("a1616105"), "another CBOR type was expected") << "keys are integers";
  EXPECT_EQ(refusal<Choice>("80"), "another CBOR type was expected");
  EXPECT_EQ(refusal<Choice>("a000"), "bytes after the end of the CBOR item");
}

TEST(Declared, RefusesValuesOutsideTheirType) {
  EXPECT_EQ(refusal<Place>("a2011a0001000002616"
                           "1"),
            "integer is out of range");
  EXPECT_EQ(refusal<Choice>("a101190100"), "integer is out of range");
  EXPECT_EQ(refusal<Place>("a201070261ff"), "text is not UTF-8");
  std::string hex = whole;
  EXPECT_EQ(refusal<Thing>(hex.replace(2, 12, "01450102030405")), "byte string has the wrong length");
}

TEST(Declared, RefusesEnumeratorsThatAreNotNamed) {
  std::string hex = whole;
  const std::size_t at = hex.find("0402") + 2;
  EXPECT_EQ(refusal<Thing>(hex.replace(at, 2, "03")), newer_value);
  EXPECT_EQ(refusal<Thing>(hex.replace(at, 2, "00")), newer_value);
  hex.replace(at, 2, "1b8000000000000002");
  EXPECT_EQ(refusal<Thing>(hex), newer_value);
  const auto input = test::unhex(hex);
  EXPECT_EQ(cbor::decode<Thing>(input).error().code(), Code::newer);
  EXPECT_EQ(cbor::decode<Thing>(input).error().offset(), at / 2);
}

TEST(Declared, WritesEnumeratorsBelowZeroAsCoseDoes) {
  std::array<std::byte, 16> buffer;
  EXPECT_EQ(test::to_hex(cbor::encode(Signed{}, buffer).value()), "a10128");
  EXPECT_EQ(cbor::decode<Signed>(test::unhex("a10128")).value().algorithm, Signature::esp256);
  EXPECT_EQ(refusal<Signed>("a10129"), newer_value);
  EXPECT_EQ(refusal<Signed>("a10109"), newer_value);
}

TEST(Declared, RefusesLongerListsThanDeclared) {
  std::string hex = whole;
  const std::size_t at = hex.find("83010203");
  const auto input = test::unhex(hex.replace(at, 8, "8401020304"));
  const auto value = cbor::decode<Thing>(input);
  ASSERT_FALSE(value.has_value());
  EXPECT_EQ(value.error().code(), Code::exhausted);
  EXPECT_EQ(value.error().offset(), at / 2);
}

TEST(Declared, NamesTheOffsetOfTheField) {
  const auto input = test::unhex("a3010702616103f6");
  EXPECT_EQ(cbor::decode<Place>(input).error().offset(), 6U);
}

TEST(List, OfStructuresIsReadElementByElement) {
  const auto input = test::unhex("82a20101026161a20102026162");
  cbor::Reader in(input);
  const auto list = cbor::read<cbor::List<Place, 4>>(in);
  ASSERT_TRUE(list.has_value());
  ASSERT_TRUE(in.end().has_value());
  std::vector<Place> places;
  for (const Place place : *list) places.push_back(place);
  EXPECT_EQ(places, (std::vector<Place>{{1, "a"}, {2, "b"}}));
  EXPECT_FALSE(list->empty());
}

TEST(List, EmptyIsEmptyBothWays) {
  const auto input = test::unhex("80");
  cbor::Reader in(input);
  const auto list = cbor::read<cbor::List<Place, 4>>(in);
  ASSERT_TRUE(list.has_value());
  EXPECT_TRUE(list->empty());
  EXPECT_TRUE(list->begin() == list->end());
}

TEST(List, WithABadElementIsRefused) {
  const auto input = test::unhex("82a20101026161a10102");
  cbor::Reader in(input);
  const auto list = cbor::read<cbor::List<Place, 4>>(in);
  ASSERT_FALSE(list.has_value());
  EXPECT_STREQ(list.error().text(), "a required field is missing");
}

TEST(Enumerator, HasItsNameOrNone) {
  EXPECT_EQ(cbor::name_of(Grade::proved), "proved");
  EXPECT_EQ(cbor::name_of(Grade{9}), "");
}

}  // namespace
}  // namespace mikusari
