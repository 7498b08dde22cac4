// SPDX-License-Identifier: Apache-2.0
#include "json/parse.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace mikusari::json {
namespace {

std::filesystem::path vectors() {
  if (const char* set = std::getenv("MIKUSARI_VECTORS"); set != nullptr && *set != '\0') return set;
  const char* source = std::getenv("MIKUSARI_SOURCE");
  return std::filesystem::path(source == nullptr ? "." : source) / ".." / "shared" / "vectors";
}

std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string refusal(std::string_view text, const Limits& limits = {}) {
  const auto value = parse(text, limits);
  return value ? "accepted: " + to_json(*value) : std::string(name(value.error().code())) + ": " + value.error().text();
}

constexpr const char* not_whole = "invalid: JSON numbers are whole here, without fraction or exponent, and below 2^64";
constexpr const char* repeated = "invalid: a name stands twice in one JSON object";

// Good JSON that we refuse on purpose: each with the rule that it breaks.
const std::map<std::string, std::string>& stricter() {
  static const std::map<std::string, std::string> table = {
      {"y_number_0e+1.json", not_whole},
      {"y_number_0e1.json", not_whole},
      {"y_number_int_with_exp.json", not_whole},
      {"y_number_real_capital_e_pos_exp.json", not_whole},
      {"y_number_real_fraction_exponent.json", not_whole},
      {"y_number_real_pos_exponent.json", not_whole},
      {"y_structure_lonely_negative_real.json", not_whole},
      {"y_object_duplicated_key.json", repeated},
  };
  return table;
}

TEST(JsonTestSuite, IsJudgedAsItSaysButForOurStricterRules) {
  const auto folder = vectors() / "jsontestsuite";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "no vectors: set MIKUSARI_VECTORS (looked for " << folder << ")";
  std::map<char, int> counts;
  std::set<std::string> seen;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string file = entry.path().filename();
    if (!file.ends_with(".json")) continue;
    const std::string verdict = refusal(read(entry.path()));
    const bool accepted = verdict.starts_with("accepted");
    ++counts[file[0]];
    if (const auto rule = stricter().find(file); rule != stricter().end()) {
      seen.insert(file);
      EXPECT_EQ(verdict, rule->second) << file;
    } else if (file[0] == 'y') {
      EXPECT_TRUE(accepted) << file << ": " << verdict;
    } else if (file[0] == 'n') {
      EXPECT_FALSE(accepted) << file << ": " << verdict;
    }
  }
  EXPECT_GE(counts['y'], 50);
  EXPECT_GE(counts['n'], 94);
  EXPECT_GE(counts['i'], 17);
  EXPECT_EQ(seen.size(), stricter().size());
}

TEST(JsonParse, KeepsOrderTypesAndNumbers) {
  const auto value =
      parse(R"( {"b":[1,-1,18446744073709551615,-9223372036854775808],"a":{"x":null,"y":true},"c":"A\u00e9\n"} )");
  ASSERT_TRUE(value.has_value()) << value.error().message();
  EXPECT_EQ(to_json(*value),
            R"({"b":[1,-1,"18446744073709551615","-9223372036854775808"],"a":{"x":null,"y":true},"c":"Aé\n"})");
  const auto& numbers = *value->find("b")->array();
  EXPECT_EQ(numbers[0].integer().value(), 1);
  EXPECT_EQ(numbers[0].uint().value(), 1U);
  EXPECT_FALSE(numbers[1].uint().has_value());
  EXPECT_EQ(numbers[2].uint().value(), 18446744073709551615U);
  EXPECT_FALSE(numbers[2].integer().has_value());
  EXPECT_EQ(value->find("c")->text().value(), "Aé\n");
  EXPECT_TRUE(value->find("a")->find("y")->boolean().value());
  EXPECT_TRUE(value->find("a")->find("x")->is_null());
  EXPECT_EQ(value->find("nothing"), nullptr);
  EXPECT_EQ(value->member("nothing").error().message(), "nothing: a required member is missing");
  EXPECT_EQ(value->find("c")->find("x"), nullptr);
}

TEST(JsonParse, RoundTripsWhatItWrites) {
  for (const char* text : {"[]", "{}", "null", "\"\"", "0", R"({"a":[{"b":[[]]},false]})", R"(["\u0000\u001f\"\\"])"}) {
    const auto value = parse(text);
    ASSERT_TRUE(value.has_value()) << text;
    EXPECT_EQ(to_json(*value), text);
    EXPECT_EQ(parse(to_json(*value)).value(), *value);
  }
}

TEST(JsonParse, RefusesRepeatedNamesHoweverTheyAreSpelled) {
  EXPECT_EQ(refusal(R"({"a":1,"a":1})"), repeated);
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"\u0061":3})"), repeated);
  EXPECT_EQ(refusal(R"([{"x":{"":1,"":2}}])"), repeated);
  EXPECT_EQ(refusal(R"({"a":{"a":1},"A":2})"), R"(accepted: {"a":{"a":1},"A":2})");
}

TEST(JsonParse, RefusesNumbersThatAreNotWhole) {
  for (const char* text : {"1.0", "1e2", "-0.5", "18446744073709551616", "-9223372036854775809", "1E400", "[1.5]"}) {
    EXPECT_EQ(refusal(text), not_whole) << text;
  }
  for (const char* text : {"01", "+1", ".5", "1.", "0x1", "NaN", "Infinity", "-"})
    EXPECT_TRUE(refusal(text).starts_with("invalid")) << text;
}

TEST(JsonParse, KeepsItsLimits) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(32)).has_value());
  EXPECT_EQ(refusal(nested(33)), "exhausted: JSON nested too deep");
  EXPECT_EQ(refusal(nested(3), {.depth_max = 2}), "exhausted: JSON nested too deep");
  EXPECT_EQ(refusal("[1,2]", {.bytes_max = 4}), "exhausted: the JSON document is too large");
  EXPECT_TRUE(parse("[1,2]", {.bytes_max = 5}).has_value());
  EXPECT_EQ(refusal("[1,2]", {.values_max = 2}), "exhausted: too many values in the JSON document");
  EXPECT_TRUE(parse("[1,2]", {.values_max = 3}).has_value());
}

TEST(JsonParse, NamesTheOffsetOfWhatIsWrong) {
  EXPECT_EQ(parse("[1,x]").error().offset(), 3U);
  EXPECT_STREQ(parse("[1] 2").error().text(), "something follows the JSON document");
  EXPECT_STREQ(parse("[1").error().text(), "JSON ends too early");
  EXPECT_STREQ(parse("").error().text(), "JSON ends too early");
}

TEST(JsonParse, RefusesTextThatIsNotUtf8AndLoneSurrogates) {
  for (const char* text :
       {"\"\xff\"", "\"\xed\xa0\x80\"", R"("\ud800")", R"("\ud800\u0041")", R"("\udc00")", "\xef\xbb\xbf{}"}) {
    EXPECT_TRUE(refusal(text).starts_with("invalid")) << text;
  }
  EXPECT_EQ(parse(R"("\ud834\udd1e")")->text().value(), "𝄞");
}

}  // namespace
}  // namespace mikusari::json
