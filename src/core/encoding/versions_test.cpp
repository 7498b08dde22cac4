// SPDX-License-Identifier: Apache-2.0
// What a structure of a newer program may hold, and what is left out because it is zero (field.hpp).
#include <gtest/gtest.h>

#include "encoding/list.hpp"
#include "encoding/test_support.hpp"

namespace mikusari {
namespace {

using cbor::Additions;

enum class Grade : std::uint8_t { claimed = 1, proved = 2 };
constexpr std::array<cbor::Name<Grade>, 2> names_of(Grade) {
  return {{{Grade::claimed, "claimed"}, {Grade::proved, "proved"}}};
}

struct Counts {
  cbor::Sparse<std::uint64_t> often;
  std::uint8_t plain = 0;
  cbor::Sparse<bool> ever;
  cbor::Sparse<std::uint8_t> small;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "often", &Counts::often}, cbor::Field{2, "plain", &Counts::plain},
                 cbor::Field{3, "ever", &Counts::ever}, cbor::Field{4, "small", &Counts::small}};
  bool operator==(const Counts&) const = default;
};

struct Versioned {
  cbor::Form<2> form;
  std::uint64_t number = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Versioned::form}, cbor::Field{2, "number", &Versioned::number}};
};

struct Open {
  std::optional<std::uint64_t> first;
  std::optional<Grade> second;
  std::optional<std::uint64_t> late;  // behind the additions, as a later program may declare it
  static constexpr auto fields =
      std::tuple{cbor::Field{2, "first", &Open::first}, cbor::Field{5, "second", &Open::second},
                 cbor::Field{300, "late", &Open::late}};
};

struct Closed {
  std::optional<std::uint64_t> first;
  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{cbor::Field{2, "first", &Closed::first}};
};

struct Holder {
  Open open;
  std::optional<Closed> closed;
  cbor::List<Open, 4> list;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "open", &Holder::open}, cbor::Field{2, "closed", &Holder::closed},
                 cbor::Field{3, "list", &Holder::list}};
};

struct Empty {
  static constexpr auto fields = std::tuple{};
};
struct EmptyClosed {
  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{};
};

// The code of the refusal, or "accepted".
template <class T>
std::string verdict(std::string_view hex, Additions additions = Additions::skip) {
  const auto input = test::unhex(hex);
  const auto value = cbor::decode<T>(input, additions);
  return value ? "accepted" : std::string(name(value.error().code()));
}

template <class T>
std::string hex_of(const T& value) {
  std::array<std::byte, 256> buffer;
  return test::to_hex(cbor::encode(value, buffer).value());
}

TEST(Sparse, IsLeftOutWhenItIsZero) {
  EXPECT_EQ(hex_of(Counts{}), "a10200");
  EXPECT_EQ(hex_of(Counts{7, 0, true, 0}), "a30107020003f5");
  EXPECT_EQ(hex_of(Counts{0, 1, false, 24}), "a20201041818");
}

TEST(Sparse, ReadsAsZeroWhenItIsLeftOut) {
  EXPECT_EQ(cbor::decode<Counts>(test::unhex("a10200")).value(), Counts{});
  const auto some = cbor::decode<Counts>(test::unhex("a30107020003f5")).value();
  EXPECT_EQ(some, (Counts{7, 0, true, 0}));
  EXPECT_FALSE(some.often.is_zero());
  EXPECT_TRUE(some.small.is_zero());
  const std::uint64_t value = some.often;
  EXPECT_EQ(value, 7U);
}

TEST(Sparse, IsRefusedWhenItIsWrittenAsZero) {
  for (const char* hex : {"a201000200", "a2020003f4", "a202000400"}) {
    const auto input = test::unhex(hex);
    const auto value = cbor::decode<Counts>(input);
    ASSERT_FALSE(value.has_value()) << hex;
    EXPECT_EQ(value.error().code(), Code::invalid);
    EXPECT_STREQ(value.error().text(), "a field that is zero must be left out");
  }
  EXPECT_EQ(cbor::decode<Counts>(test::unhex("a201000200")).error().offset(), 2U);
  EXPECT_EQ(verdict<Counts>("a20101021901"), "invalid") << "cut off";
  EXPECT_EQ(verdict<Counts>("a2020004190100"), "invalid") << "the bounds of its type hold";
  EXPECT_EQ(verdict<Counts>("a20200031801"), "invalid") << "its type holds";
}

TEST(Form, IsWrittenAsDeclared) {
  EXPECT_EQ(hex_of(Versioned{{}, 5}), "a201020205");
  EXPECT_EQ(cbor::decode<Versioned>(test::unhex("a201020205")).value().number, 5U);
}

TEST(Form, LaterIsNewerAndEarlierIsInvalid) {
  EXPECT_EQ(verdict<Versioned>("a201030205"), "newer");
  EXPECT_EQ(verdict<Versioned>("a2011bffffffffffffffff0205"), "newer");
  EXPECT_EQ(verdict<Versioned>("a201010205"), "invalid");
  EXPECT_EQ(verdict<Versioned>("a201000205"), "invalid");
  EXPECT_EQ(verdict<Versioned>("a10205"), "invalid") << "a form is never left out";
  EXPECT_EQ(verdict<Versioned>("a201616102"), "invalid") << "a form is a number";
}

// A later form may have anything behind its number: it is newer, never malformed.
TEST(Form, LaterIsNewerWhateverFollows) {
  for (const char* rest : {"0261ff", "02f97e00", "0101", "0000", "02ff"}) {
    EXPECT_EQ(verdict<Versioned>(std::string("a20103") + rest), "newer") << rest;
  }
  EXPECT_EQ(verdict<Versioned>("a10103"), "newer") << "without what this form requires";
}

// An unsigned key and the value 0 as one more entry of an Open whose fields are all absent.
std::string entry(std::uint64_t key) {
  std::array<std::byte, 16> buffer;
  cbor::Writer out(buffer);
  out.map(1);
  out.uint(key);
  out.uint(0);
  return test::to_hex(out.finish().value());
}

TEST(Additions, AreSkippedFrom64To127AndNowhereElse) {
  for (std::uint64_t key = 0; key <= 400; ++key) {
    if (key == 2 || key == 5 || key == 300) continue;
    const std::string wanted = key < 64 ? "invalid" : key < 128 ? "accepted" : "newer";
    ASSERT_EQ(verdict<Open>(entry(key)), wanted) << key;
    ASSERT_EQ(verdict<Empty>(entry(key)), wanted) << key;
  }
  EXPECT_EQ(verdict<Open>(entry(~std::uint64_t{0})), "newer");
}

TEST(Additions, AreRefusedByWhoAccepts) {
  for (std::uint64_t key = 0; key <= 400; ++key) {
    if (key == 2 || key == 5 || key == 300) continue;
    ASSERT_EQ(verdict<Open>(entry(key), Additions::refuse), key < 128 ? "invalid" : "newer") << key;
  }
  EXPECT_EQ(verdict<Open>("a0", Additions::refuse), "accepted");
  EXPECT_EQ(verdict<Open>("a202010502", Additions::refuse), "accepted");
}

TEST(Additions, StandBetweenAndBehindKnownFields) {
  const auto skipped =
      cbor::decode<Open>(test::unhex("a5020905021840820102187fa119012c051901"
                                     "2c07"));
  ASSERT_TRUE(skipped.has_value()) << skipped.error().message();
  EXPECT_EQ(skipped->first, 9U);
  EXPECT_EQ(skipped->second, Grade::proved);
  EXPECT_EQ(skipped->late, 7U);
  EXPECT_EQ(verdict<Open>("a3020918800019012c07"), "newer") << "128 before a known field";
  EXPECT_EQ(verdict<Open>("a303000502184000"), "invalid") << "3 between known fields";
}

TEST(Additions, MustBeDeterministicThemselves) {
  for (const char* value : {"1800", "f97e00", "9f00ff", "61ff",
                            "a2020001"
                            "00",
                            "81818181818181818181818181818181"
                            "00"}) {
    EXPECT_NE(verdict<Open>(std::string("a11840") + value), "accepted") << value;
  }
  EXPECT_EQ(verdict<Open>("a2184000184000"), "invalid") << "twice";
  EXPECT_EQ(verdict<Open>("a21841001840"
                          "00"),
            "invalid")
      << "unsorted";
  EXPECT_EQ(verdict<Open>("a118400000"), "invalid") << "bytes after the end";
  EXPECT_EQ(verdict<Open>("a11840"), "invalid") << "cut off";
  EXPECT_EQ(verdict<Open>("a1614000"), "invalid") << "keys are unsigned";
  EXPECT_EQ(verdict<Open>("a13863"
                          "00"),
            "invalid")
      << "a key below zero";
}

TEST(Closed, TakesNoFurtherFieldAtAll) {
  for (std::uint64_t key = 0; key <= 200; ++key) {
    if (key == 2) continue;
    for (const Additions additions : {Additions::skip, Additions::refuse}) {
      ASSERT_EQ(verdict<Closed>(entry(key), additions), "newer") << key;
      ASSERT_EQ(verdict<EmptyClosed>(entry(key), additions), "newer") << key;
    }
  }
  EXPECT_EQ(verdict<Closed>("a0"), "accepted");
  EXPECT_EQ(verdict<Closed>("a10205", Additions::refuse), "accepted");
  EXPECT_EQ(cbor::decode<Closed>(test::unhex("a202051840"
                                             "00"))
                .error()
                .offset(),
            3U)
      << "the offset of the field";
}

// { 1: {...}, 2: {...}, 3: [...] } with what stands inside.
std::string holder(std::string_view open, std::string_view closed, std::string_view list) {
  return "a301" + std::string(open) + "02" + std::string(closed) + "03" + std::string(list);
}

TEST(Additions, ObeyTheSameRuleInside) {
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "80"), Additions::refuse), "accepted");
  EXPECT_EQ(verdict<Holder>(holder("a1184000", "a0", "80")), "accepted");
  EXPECT_EQ(verdict<Holder>(holder("a1184000", "a0", "80"), Additions::refuse), "invalid");
  EXPECT_EQ(verdict<Holder>(holder("a0", "a1184000", "80")), "newer") << "closed, inside of what is open";
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "82a0a1184000")), "accepted");
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "82a0a1184000"), Additions::refuse), "invalid");
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "82a0a1188000")), "newer");
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "81a10509"), Additions::refuse), "newer") << "an enumerator";
  EXPECT_EQ(verdict<Holder>(holder("a0", "a0", "81a1183f00")), "invalid");
}

TEST(List, GivesTheKnownPartOfElementsWithAdditions) {
  const auto input = test::unhex(holder("a0", "a0", "83a10201a202021840f5a10203"));
  const auto value = cbor::decode<Holder>(input);
  ASSERT_TRUE(value.has_value()) << value.error().message();
  std::vector<std::uint64_t> numbers;
  for (const auto element : value->list) numbers.push_back(element.first.value());
  EXPECT_EQ(numbers, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST(Empty, IsAnEmptyMap) {
  EXPECT_EQ(hex_of(Empty{}), "a0");
  EXPECT_EQ(verdict<Empty>("a0", Additions::refuse), "accepted");
  EXPECT_EQ(verdict<Empty>("80"), "invalid");
  EXPECT_EQ(verdict<Empty>(""), "invalid");
}

}  // namespace
}  // namespace mikusari
