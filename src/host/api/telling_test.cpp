// SPDX-License-Identifier: Apache-2.0
#include "api/telling.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "platform/bytes.hpp"

namespace mikusari::api {
namespace {

using statement::Refusal;

// Knows one key, which one thing concerns.
class FakeJudge final : public Judge {
 public:
  std::uint64_t version() const override { return 1; }
  Result<std::optional<Known>> known(const Digest& key) const override {
    if (key != signer) return std::nullopt;
    return Known{{key, subject_of_party({}), true, is_member, {}}, {}};
  }
  Result<bool> concerns(const Reader&, const About& about) const override {
    ++looks;
    return about.id == mine;
  }
  const Digest signer = crypto::sha256(as_bytes("signer"));
  const Id mine = crypto::sha256(as_bytes("mine"));
  bool is_member = false;
  mutable std::size_t looks = 0;
};

std::string named(std::string_view word, const Id& id) { return std::string(word) + " " + platform::to_hex(id); }
Id other(int number) { return crypto::sha256(as_bytes(std::to_string(number))); }

class TellingTest : public ::testing::Test {
 protected:
  std::string object(const std::string& subject, const std::string& object, Readers things = Readers::concerned) {
    return Telling(things, judge_, judge_.signer).told(replica::Rejection(Refusal::not_owned, subject, object)).object;
  }
  FakeJudge judge_;
  const std::string owner_ = named("party", other(1));
};

TEST_F(TellingTest, DoesNotSayWhoseAThingIsThatDoesNotConcernTheSigner) {
  const std::string thing = named("device", other(2));
  EXPECT_EQ(object(thing, owner_), "");
  EXPECT_EQ(object(named("device", judge_.mine), owner_), owner_);
  EXPECT_EQ(object(thing, owner_, Readers::anyone), owner_);
  EXPECT_EQ(Telling(Readers::concerned, judge_, std::nullopt)
                .told(replica::Rejection(Refusal::not_owned, thing, owner_))
                .object,
            "");
}

TEST_F(TellingTest, SaysWhatNamesNothing) {
  EXPECT_EQ(object(named("party", other(2)), "maker"), "maker");
  EXPECT_EQ(object("trust policy", owner_), owner_);
  EXPECT_EQ(object(named("device", other(2)), ""), "");
  EXPECT_EQ(object(named("sheep", other(2)), owner_), "") << "what is not known to be harmless is not told";
}

TEST_F(TellingTest, SaysMembersWhatMembersRead) {
  const std::string thing = named("part", other(2));
  EXPECT_EQ(object(thing, owner_, Readers::members), "");
  judge_.is_member = true;
  EXPECT_EQ(object(thing, owner_, Readers::members), owner_);
  EXPECT_EQ(object(thing, owner_, Readers::concerned), "");
}

TEST_F(TellingTest, LooksAtTheLedgerABoundedNumberOfTimes) {
  replica::Fate fate;
  for (int i = 0; i < 1000; ++i) {
    auto& body = fate.bodies.emplace_back();
    body.refusal = Refusal::not_owned;
    body.subject = named("part", other(i % 500));
    body.object = owner_;
  }
  fate.bodies.front().subject = named("part", judge_.mine);
  const auto told = Telling(Readers::concerned, judge_, judge_.signer).told(fate);
  EXPECT_EQ(told.bodies.front().object, owner_);
  EXPECT_EQ(told.bodies.back().object, "");
  EXPECT_EQ(told.bodies.back().subject, fate.bodies.back().subject);
  EXPECT_LE(judge_.looks, 64u);
}

}  // namespace
}  // namespace mikusari::api
