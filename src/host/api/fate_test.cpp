// SPDX-License-Identifier: Apache-2.0
#include "api/fate.hpp"

#include <gtest/gtest.h>

#include "json/parse.hpp"
#include "json/view.hpp"
#include "platform/encode.hpp"

namespace mikusari::api {
namespace {

replica::Fate mixed() {
  replica::Fate out;
  out.height = 7;
  out.bodies.resize(3);
  out.bodies[1].refusal = statement::Refusal::not_in_custody;
  out.bodies[1].subject = "part ab";
  out.bodies[1].object = "city";
  out.bodies[2].outcome = statement::Outcome::alarm;
  return out;
}

TEST(Fate, ShowsEachBodyInJson) {
  const auto fate = mixed();
  const FateView view(fate);
  const auto json = json::parse(json::to_json(view.fate()));
  ASSERT_TRUE(json.has_value());
  const auto& bodies = *json->find("bodies")->array();
  ASSERT_EQ(bodies.size(), 3u);
  EXPECT_EQ(*bodies[0].find("standing")->text(), "committed");
  EXPECT_EQ(bodies[0].find("refusal"), nullptr);
  EXPECT_EQ(*bodies[1].find("standing")->text(), "refused");
  EXPECT_EQ(*bodies[1].find("refusal")->text(), "not_in_custody");
  EXPECT_EQ(bodies[1].find("outcome"), nullptr);
  EXPECT_EQ(*bodies[1].find("message")->text(), "part ab is not in the signer's custody: city holds it.");
  EXPECT_EQ(*bodies[2].find("outcome")->text(), "alarm");
}

TEST(Fate, IsTheSameInCbor) {
  const auto fate = mixed();
  const FateView view(fate);
  const auto bytes = platform::encode(view.fate());
  const auto read = cbor::decode<Fate>(bytes);
  ASSERT_TRUE(read.has_value()) << read.error().message();
  EXPECT_EQ(json::to_json(*read), json::to_json(view.fate()));
}

TEST(Sentence, PutsSubjectAndObjectInTheirPlaces) {
  EXPECT_EQ(sentence("{s} of {o}: {s}", "a", "b"), "a of b: a");
  EXPECT_EQ(sentence("{s} alone", "", ""), "? alone");
  EXPECT_EQ(sentence("nothing {x}", "a", "b"), "nothing {x}");
}

}  // namespace
}  // namespace mikusari::api
