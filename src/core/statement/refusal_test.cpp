// SPDX-License-Identifier: Apache-2.0
#include "statement/refusal.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mikusari::statement {
namespace {

TEST(Refusals, StandInTheOrderOfTheirNumbersOnceEach) {
  const auto all = refusals();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().value, Refusal::none);
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1].value, all[i].value) << all[i].name;
}

// The text table and the names that go into JSON are two lists of the same things.
TEST(Refusals, AreTheOnesThatHaveNames) {
  const auto all = refusals();
  const auto names = names_of(Refusal{});
  ASSERT_EQ(all.size(), names.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].value, names[i].value);
    EXPECT_EQ(all[i].name, names[i].name);
    EXPECT_EQ(&text_of(all[i].value), &all[i]);
  }
  EXPECT_EQ(text_of(Refusal{255}).value, Refusal::none) << "an unknown number";
}

TEST(Refusals, HaveOneNameEach) {
  std::set<std::string_view> names;
  for (const auto& each : refusals()) EXPECT_TRUE(names.insert(each.name).second) << each.name;
}

// The numbers are under a block's root for ever, and those of refusals that are gone stay free.
TEST(Refusals, KeepTheirNumbers) {
  EXPECT_EQ(static_cast<int>(Refusal::malformed_body), 1);
  EXPECT_EQ(static_cast<int>(Refusal::stale), 5);
  EXPECT_EQ(static_cast<int>(Refusal::key_not_active), 17);
  EXPECT_EQ(static_cast<int>(Refusal::not_registered), 32);
  EXPECT_EQ(static_cast<int>(Refusal::too_deep), 53);
  EXPECT_EQ(static_cast<int>(Refusal::not_recoverable), 66);
  for (const int gone : {39, 47}) {
    for (const auto& each : refusals()) EXPECT_NE(static_cast<int>(each.value), gone) << each.name;
  }
}

// Both sentences name the same things, end as sentences do, and are in their own script.
TEST(Refusals, AreSaidInBothLanguagesAboutTheSameThings) {
  for (const auto& each : refusals()) {
    for (const std::string_view place : {"{s}", "{o}"}) {
      EXPECT_EQ(each.english.find(place) == std::string_view::npos, each.japanese.find(place) == std::string_view::npos)
          << each.name << " " << place;
    }
    EXPECT_TRUE(each.english.ends_with('.')) << each.name;
    EXPECT_TRUE(each.japanese.ends_with("。")) << each.name;
    for (const char c : each.english) EXPECT_LT(static_cast<unsigned char>(c), 0x80) << each.name;
    for (std::string_view rest = each.english; rest.find('{') != std::string_view::npos;
         rest.remove_prefix(rest.find('{') + 1)) {
      const auto place = rest.substr(rest.find('{'), 3);
      EXPECT_TRUE(place == "{s}" || place == "{o}") << each.name << " " << place;
    }
  }
}

TEST(Refusals, AreClassesThatTheirCallerCanActOn) {
  for (const auto& each : refusals()) {
    const bool ours = each.code == Code::internal || each.code == Code::corrupt || each.code == Code::unavailable;
    EXPECT_EQ(ours, each.value == Refusal::none) << each.name;
    EXPECT_NE(each.code, Code::newer) << each.name << ": what is newer never reaches a block";
  }
}

TEST(Outcomes, HaveTheirNumbers) {
  EXPECT_EQ(cbor::name_of(Outcome{1}), "done");
  EXPECT_EQ(cbor::name_of(Outcome{2}), "alarm");
  EXPECT_EQ(cbor::name_of(Outcome{3}), "voided");
  EXPECT_EQ(cbor::name_of(Outcome{0}), "");
}

}  // namespace
}  // namespace mikusari::statement
