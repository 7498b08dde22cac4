// SPDX-License-Identifier: Apache-2.0
#include "json/schema.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/view.hpp"

namespace mikusari::json {
namespace {

enum class Grade : std::uint8_t { claimed = 1, proved = 2 };
constexpr std::array<cbor::Name<Grade>, 2> names_of(Grade) {
  return {{{Grade::claimed, "claimed"}, {Grade::proved, "proved"}}};
}

struct Place {
  std::uint16_t shelf = 0;
  std::optional<std::string_view> room;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "shelf", &Place::shelf}, cbor::Field{2, "room", &Place::room, "its name"}};
};

struct Empty {
  static constexpr auto fields = std::tuple{};
};

struct Thing {
  Bytes<2> id;
  std::uint64_t height = 0;
  std::int64_t at = 0;
  Grade grade = Grade::claimed;
  Place place;
  std::optional<cbor::List<Place, 4>> others;
  bool living = false;
  ByteView proof;
  crypto::PublicKey key;
  static constexpr auto fields = std::tuple{cbor::Field{1, "id", &Thing::id, "which thing"},
                                            cbor::Field{2, "height", &Thing::height},
                                            cbor::Field{3, "at", &Thing::at},
                                            cbor::Field{4, "grade", &Thing::grade},
                                            cbor::Field{5, "place", &Thing::place},
                                            cbor::Field{6, "others", &Thing::others},
                                            cbor::Field{10, "living", &Thing::living},
                                            cbor::Field{11, "proof", &Thing::proof},
                                            cbor::Field{12, "key", &Thing::key}};
};

Thing thing() {
  static const std::vector<Place> places{{1, "a"}, {2, {}}};
  Thing out;
  out.id = Bytes<2>::copy(as_bytes("\xab\xcd"));
  out.height = 9007199254740992;
  out.at = -5;
  out.grade = Grade::proved;
  out.place = {7, "say \"鎖\""};
  out.others = cbor::List<Place, 4>(std::span<const Place>(places));
  out.proof = as_bytes("\x01");
  out.key =
      crypto::PublicKey(crypto::Algorithm::ed25519, as_bytes(std::string_view("0123456789abcdef0123456789abcdef")));
  return out;
}

TEST(JsonView, StandsInTheOrderOfTheDeclaration) {
  const std::string expected =
      R"({"id":"abcd","height":"9007199254740992","at":-5,"grade":"proved","place":{"shelf":7,"room":"say \"鎖\""},)"
      R"("others":[{"shelf":1,"room":"a"},{"shelf":2}],"living":false,"proof":"01",)"
      R"("key":{"algorithm":"Ed25519","key":"3031323334353637383961626364656630313233343536373839616263646566"}})";
  EXPECT_EQ(to_json(thing()), expected);
  EXPECT_TRUE(parse(to_json(thing())).has_value());
}

TEST(JsonView, LeavesOutWhatIsAbsent) {
  EXPECT_EQ(to_json(Place{}), R"({"shelf":0})");
  EXPECT_EQ(to_json(Empty{}), "{}");
  Writer out;
  out.begin_object().member("before", 1);
  View<Place>::write_members(out, Place{3, {}});
  EXPECT_EQ(out.end_object().finish(), R"({"before":1,"shelf":3})");
}

TEST(JsonView, ShowsTheNumberOfAnEnumeratorWithoutAName) { EXPECT_EQ(to_json(Grade{9}), "9"); }

TEST(Cddl, IsAMapRuleWithAComment) {
  EXPECT_EQ(cddl<Place>("place"),
            "place = {\n"
            "  1 => 0..65535,  ; shelf\n"
            "  ? 2 => tstr,    ; room: its name\n"
            "}\n");
  EXPECT_EQ(cddl<Empty>("empty"), "empty = {}\n");
}

TEST(Cddl, DescribesEveryKindOfField) {
  EXPECT_EQ(cddl<Thing>("thing"),
            "thing = {\n"
            "  1 => bstr .size 2,                               ; id: which thing\n"
            "  2 => uint,                                       ; height\n"
            "  3 => -9223372036854775808..9223372036854775807,  ; at\n"
            "  4 => &(claimed: 1, proved: 2),                   ; grade\n"
            "  5 => {\n"
            "    1 => 0..65535,  ; shelf\n"
            "    ? 2 => tstr,    ; room: its name\n"
            "  },                                               ; place\n"
            "  ? 6 => [0*4 {\n"
            "    1 => 0..65535,  ; shelf\n"
            "    ? 2 => tstr,    ; room: its name\n"
            "  }],                                              ; others\n"
            "  10 => bool,                                      ; living\n"
            "  11 => bstr,                                      ; proof\n"
            "  12 => COSE_Key,                                  ; key\n"
            "}\n");
}

TEST(JsonSchema, DescribesEveryMember) {
  EXPECT_EQ(
      json_schema<Place>(),
      R"({"type":"object","properties":{"shelf":{"type":"integer","minimum":0,"maximum":65535},)"
      R"("room":{"description":"its name","allOf":[{"type":"string"}]}},"required":["shelf"],"additionalProperties":false})");
  const auto schema = parse(json_schema<Thing>());
  ASSERT_TRUE(schema.has_value()) << schema.error().message();
  const auto property = [&](std::string_view name) { return to_json(*schema->find("properties")->find(name)); };
  EXPECT_EQ(property("id"), R"({"description":"which thing","allOf":[{"type":"string","pattern":"^[0-9a-f]{4}$"}]})");
  EXPECT_EQ(
      property("height"),
      R"({"anyOf":[{"type":"integer","minimum":0,"maximum":9007199254740991},{"type":"string","pattern":"^[0-9]{16,20}$"}]})");
  EXPECT_EQ(property("grade"), R"({"type":"string","enum":["claimed","proved"]})");
  EXPECT_EQ(to_json(*schema->find("properties")->find("others")->find("maxItems")), "4");
  EXPECT_EQ(to_json(*schema->find("required")), R"(["id","height","at","grade","place","living","proof","key"])");
  EXPECT_EQ(json_schema<Empty>(), R"({"type":"object","properties":{},"required":[],"additionalProperties":false})");
}

// The three derived forms name the same fields, and the view has no member that the schema does not know.
TEST(JsonSchema, KnowsEveryMemberOfTheView) {
  const auto schema = parse(json_schema<Thing>()).value();
  const auto view = parse(to_json(thing())).value();
  const auto& properties = *schema.find("properties")->object();
  const auto& members = *view.object();
  ASSERT_EQ(properties.size(), members.size());
  const std::vector<FieldHelp> help = field_help<Thing>();
  ASSERT_EQ(help.size(), members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    EXPECT_EQ(properties[i].first, members[i].first);
    EXPECT_EQ(help[i].name, members[i].first);
  }
}

// What a structure of the second form may hold beside that.
struct Versioned {
  cbor::Form<2> form;
  cbor::Sparse<std::uint64_t> often;
  cbor::Sparse<std::uint16_t> little;
  cbor::Sparse<bool> ever;
  cbor::Trimmed<3> window;
  std::optional<Empty> nothing;
  std::optional<Place> place;
  static constexpr auto fields = std::tuple{cbor::Field{1, "form", &Versioned::form, "version of the form"},
                                            cbor::Field{2, "often", &Versioned::often},
                                            cbor::Field{3, "little", &Versioned::little},
                                            cbor::Field{4, "ever", &Versioned::ever},
                                            cbor::Field{5, "window", &Versioned::window},
                                            cbor::Field{6, "nothing", &Versioned::nothing},
                                            cbor::Field{7, "place", &Versioned::place}};
};
// Its fields and those of what it derives from, as records have them.
struct Derived : Versioned {
  cbor::Sparse<std::uint64_t> more;
  static constexpr auto fields = std::tuple_cat(Versioned::fields, std::tuple{cbor::Field{8, "more", &Derived::more}});
};

TEST(JsonView, ShowsWhatTheBytesLeaveOutBecauseItIsZero) {
  Derived value;
  EXPECT_EQ(to_json(value), R"({"form":2,"often":0,"little":0,"ever":false,"window":"","more":0})");
  value.often = 9007199254740992;
  value.ever = true;
  value.window.bits.data[1] = std::byte{0xab};
  value.nothing = Empty{};
  value.place = Place{3, {}};
  EXPECT_EQ(to_json(value),
            R"({"form":2,"often":"9007199254740992","little":0,"ever":true,"window":"00ab","nothing":{},)"
            R"("place":{"shelf":3},"more":0})");
}

TEST(Cddl, SaysWhatIsLeftOutWhenItIsZero) {
  EXPECT_EQ(cddl<Derived>("derived"),
            "derived = {\n"
            "  1 => 2,                  ; form: version of the form\n"
            "  ? 2 => uint .ge 1,       ; often\n"
            "  ? 3 => 1..65535,         ; little\n"
            "  ? 4 => true,             ; ever\n"
            "  5 => bstr .size (0..3),  ; window\n"
            "  ? 6 => {},               ; nothing\n"
            "  ? 7 => {\n"
            "    1 => 0..65535,  ; shelf\n"
            "    ? 2 => tstr,    ; room: its name\n"
            "  },                       ; place\n"
            "  ? 8 => uint .ge 1,       ; more\n"
            "}\n");
}

enum class Colour : std::uint8_t { ultramarine = 1, vermilion = 2, chartreuse = 3, aquamarine = 4, turquoise = 5 };
constexpr auto names_of(Colour) {
  using enum Colour;
  return std::array{cbor::Name{ultramarine, "ultramarine"}, cbor::Name{vermilion, "vermilion"},
                    cbor::Name{chartreuse, "chartreuse"}, cbor::Name{aquamarine, "aquamarine"},
                    cbor::Name{turquoise, "turquoise"}};
}
struct Painted {
  bool dry = false;
  Colour colour = Colour::ultramarine;
  std::uint64_t coats = 0;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "dry", &Painted::dry}, cbor::Field{2, "colour", &Painted::colour},
                 cbor::Field{3, "coats", &Painted::coats}};
};

TEST(Cddl, KeepsTheCommentsOfShortLinesTogether) {
  EXPECT_EQ(cddl<Painted>("painted"),
            "painted = {\n"
            "  1 => bool,  ; dry\n"
            "  2 => &(ultramarine: 1, vermilion: 2, chartreuse: 3, aquamarine: 4, turquoise: 5),  ; colour\n"
            "  3 => uint,  ; coats\n"
            "}\n");
}

TEST(JsonSchema, RequiresWhatTheViewAlwaysShows) {
  const auto schema = parse(json_schema<Derived>()).value();
  EXPECT_EQ(to_json(*schema.find("required")), R"(["form","often","little","ever","window","more"])");
  const auto property = [&](std::string_view name) { return to_json(*schema.find("properties")->find(name)); };
  EXPECT_EQ(property("form"), R"({"description":"version of the form","allOf":[{"type":"integer","const":2}]})");
  EXPECT_EQ(property("often"), to_json(*parse(json_schema<std::uint64_t>())));
  EXPECT_EQ(property("little"), R"({"type":"integer","minimum":0,"maximum":65535})");
  EXPECT_EQ(property("ever"), R"({"type":"boolean"})");
  EXPECT_EQ(property("window"), R"({"type":"string","pattern":"^([0-9a-f]{2}){0,3}$"})");
  EXPECT_EQ(property("nothing"), json_schema<Empty>());
  // Whatever the view shows of the barest value is required, and nothing else is.
  const auto bare = parse(to_json(Derived{})).value();
  ASSERT_EQ(bare.object()->size(), schema.find("required")->array()->size());
  for (std::size_t i = 0; i < bare.object()->size(); ++i)
    EXPECT_EQ((*bare.object())[i].first, (*schema.find("required")->array())[i].text().value());
}

TEST(FieldHelp, SaysWhatMayBeLeftOut) {
  const auto help = field_help<Derived>();
  const auto optional = [&](std::size_t i) { return help[i].presence == Presence::optional; };
  EXPECT_FALSE(optional(0));
  EXPECT_TRUE(optional(1) && optional(2) && optional(3)) << "zero";
  EXPECT_FALSE(optional(4));
  EXPECT_TRUE(optional(5) && optional(6) && optional(7));
  EXPECT_EQ(help[0].type, "the number 2");
  EXPECT_EQ(help[1].type, "whole number");
  EXPECT_EQ(help[3].type, "true or false");
  EXPECT_EQ(help[4].type, "at most 6 hexadecimal digits");
}

TEST(FieldHelp, IsInWords) {
  const std::vector<FieldHelp> help = field_help<Thing>();
  EXPECT_EQ(help[0].type, "4 hexadecimal digits");
  EXPECT_EQ(help[0].help, "which thing");
  EXPECT_EQ(help[0].presence, Presence::required);
  EXPECT_EQ(help[3].type, "one of claimed, proved");
  EXPECT_EQ(help[5].type, "at most 4 of: structure");
  EXPECT_EQ(help[5].presence, Presence::optional);
  EXPECT_EQ(field_help<Place>()[1].help, "its name");
}

}  // namespace
}  // namespace mikusari::json
