// SPDX-License-Identifier: Apache-2.0
// Opening, voting, counting. What decisions do is in matters_test.cpp.
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using proposal::Choice;
using proposal::Matter;

// Weights 1, 1, 1, 1, 2 and 0; lab demands two keys.
TestOptions weighted() {
  TestOptions out;
  out.members[4].weight = 2;
  out.members[4].k = 2;
  out.members[4].further_keys = {"lab-2"};
  out.members[5].weight = 0;
  return out;
}

class ProposalRules : public ::testing::Test {
 protected:
  proposal::Record record(const Id& id) { return world_.find<proposal::Record>(path::proposal(id)).value(); }
  proposal::State state(const Id& id) { return record(id).state; }
  BodyFate lab_votes(const Id& id, Choice choice) {
    return world_.say(world_.key("lab"), proposal::Vote{id, choice, {}}, {.approvers = {&world_.key("lab-2")}});
  }
  // A matter that needs more than half of six.
  proposal::Content parameters(std::uint64_t alarms_day = 9) {
    Parameters out;
    out.alarms_day = alarms_day;
    return about_parameters(out);
  }
  std::uint64_t alarms_day() { return world_.find<LedgerRecord>(path::ledger())->parameters.alarms_day; }

  CameraWorld world_{weighted()};
  const Id x_ = world_.id("chips", "x");
};

TEST_F(ProposalRules, OpeningIsTheOpenersYes) {
  EXPECT_DONE(open_matter(world_, "chips", "x", parameters()));
  EXPECT_EQ(record(x_).yes.size(), 1U);
  EXPECT_EQ(record(x_).by, world_.handle("chips"));
  EXPECT_REFUSED(open_matter(world_, "chips", "x", parameters()), already_registered);
  EXPECT_REFUSED(vote(world_, "chips", x_), already_said);
  EXPECT_REFUSED(vote(world_, "cameras", world_.id("chips", "none")), not_registered);
}

TEST_F(ProposalRules, MembersWithWeightDecideWithAsManyKeysAsTheyDemand) {
  EXPECT_REFUSED(open_matter(world_, "notary", "x", parameters()), not_entitled);  // weight 0
  world_.open_party("alice", "city");
  EXPECT_REFUSED(world_.say(world_.key("alice"), proposal::Open{TestWorld::nonce("y"), parameters(), {}}),
                 not_entitled);
  world_.camera("camera", {});
  EXPECT_REFUSED(world_.say(world_.key("camera"), proposal::Open{TestWorld::nonce("y"), parameters(), {}}),
                 not_entitled);
  EXPECT_REFUSED(open_matter(world_, "lab", "x", parameters()), missing_approvals);
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  EXPECT_REFUSED(vote(world_, "lab", x_), missing_approvals);
  EXPECT_REFUSED(
      world_.say(world_.key("lab"), proposal::Vote{x_, Choice::yes, {}}, {.approvers = {&world_.key("notary")}}),
      missing_approvals);
  EXPECT_REFUSED(vote(world_, "notary", x_), not_entitled);
  EXPECT_DONE(lab_votes(x_, Choice::yes));
}

TEST_F(ProposalRules, MoreThanHalfIsMoreThanHalf) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  ASSERT_TRUE(lab_votes(x_, Choice::yes).accepted());
  EXPECT_EQ(state(x_), proposal::State::open);  // three of six
  EXPECT_EQ(alarms_day(), 8U);
  EXPECT_DONE(vote(world_, "city", x_));
  EXPECT_EQ(state(x_), proposal::State::adopted);
  EXPECT_EQ(alarms_day(), 9U);
  EXPECT_REFUSED(vote(world_, "clinic", x_), no_longer_open);
}

TEST_F(ProposalRules, TwoThirdsAndThreeQuartersAreEnoughAsTheyAre) {
  const auto suspend = about_member(Matter::suspend, world_.handle("notary"));
  ASSERT_TRUE(open_matter(world_, "chips", "x", suspend).accepted());
  ASSERT_TRUE(lab_votes(x_, Choice::yes).accepted());
  EXPECT_EQ(state(x_), proposal::State::open);
  ASSERT_TRUE(vote(world_, "city", x_).accepted());
  EXPECT_EQ(state(x_), proposal::State::adopted);  // four of six
  // Three quarters of five, without the one concerned: four.
  const auto expel = about_member(Matter::expel, world_.handle("clinic"));
  const Id y = world_.id("chips", "y");
  ASSERT_TRUE(open_matter(world_, "chips", "y", expel).accepted());
  ASSERT_TRUE(lab_votes(y, Choice::yes).accepted());
  ASSERT_TRUE(vote(world_, "clinic", y).accepted());
  EXPECT_EQ(state(y), proposal::State::open);
  ASSERT_TRUE(vote(world_, "city", y).accepted());
  EXPECT_EQ(state(y), proposal::State::adopted);
}

TEST_F(ProposalRules, IsRejectedWhenItsShareIsOutOfReach) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  ASSERT_TRUE(vote(world_, "city", x_, Choice::no).accepted());
  EXPECT_EQ(state(x_), proposal::State::open);
  ASSERT_TRUE(lab_votes(x_, Choice::no).accepted());
  EXPECT_EQ(state(x_), proposal::State::rejected);
  EXPECT_REFUSED(vote(world_, "clinic", x_), no_longer_open);
}

TEST_F(ProposalRules, MemberVotesAgainAndCountsOnce) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  EXPECT_DONE(vote(world_, "city", x_, Choice::no));
  EXPECT_REFUSED(vote(world_, "city", x_, Choice::no), already_said);
  EXPECT_DONE(vote(world_, "city", x_, Choice::yes));
  EXPECT_EQ(record(x_).yes.size(), 2U);
  EXPECT_TRUE(record(x_).no.empty());
  EXPECT_DONE(vote(world_, "chips", x_, Choice::no));
  EXPECT_EQ(record(x_).yes.size(), 1U);
}

TEST_F(ProposalRules, LapsesWithTime) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  world_.pass(record(x_).until_ms - world_.time_ms());
  EXPECT_REFUSED(lab_votes(x_, Choice::yes), no_longer_open);
  EXPECT_EQ(state(x_), proposal::State::open);  // bookkeeping is nobody's statement
}

TEST_F(ProposalRules, SuspendedMembersStayInTheTotalAndDoNotVote) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  ASSERT_TRUE(vote(world_, "clinic", x_).accepted());
  ASSERT_TRUE(open_matter(world_, "chips", "y", about_member(Matter::suspend, world_.handle("clinic"))).accepted());
  const Id y = world_.id("chips", "y");
  ASSERT_TRUE(lab_votes(y, Choice::yes).accepted() && vote(world_, "city", y).accepted());
  EXPECT_REFUSED(vote(world_, "clinic", x_, Choice::no), suspended);
  // Its yes counts for nothing now: chips and lab are three of six.
  ASSERT_TRUE(lab_votes(x_, Choice::yes).accepted());
  EXPECT_EQ(state(x_), proposal::State::open);
  ASSERT_TRUE(vote(world_, "city", x_).accepted());
  EXPECT_EQ(state(x_), proposal::State::adopted);
}

TEST_F(ProposalRules, ExpelledMembersAreInNoTotal) {
  ASSERT_TRUE(open_matter(world_, "chips", "y", about_member(Matter::expel, world_.handle("clinic"))).accepted());
  const Id y = world_.id("chips", "y");
  ASSERT_TRUE(lab_votes(y, Choice::yes).accepted() && vote(world_, "city", y).accepted());
  EXPECT_EQ(world_.find<LedgerRecord>(path::ledger())->total_weight, 5U);
  EXPECT_REFUSED(vote(world_, "clinic", y), suspended);
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  ASSERT_TRUE(lab_votes(x_, Choice::yes).accepted());
  EXPECT_EQ(state(x_), proposal::State::adopted);  // three of five
}

TEST_F(ProposalRules, EachVoteCountsByTheWeightsOfTheMoment) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  ASSERT_TRUE(open_matter(world_, "city", "y", about_roles(world_.handle("chips"), {}, 4)).accepted());
  const Id y = world_.id("city", "y");
  ASSERT_TRUE(lab_votes(y, Choice::yes).accepted() && vote(world_, "clinic", y).accepted());
  EXPECT_EQ(world_.find<LedgerRecord>(path::ledger())->total_weight, 9U);
  EXPECT_EQ(state(x_), proposal::State::open);
  ASSERT_TRUE(vote(world_, "cameras", x_).accepted());  // five of nine
  EXPECT_EQ(state(x_), proposal::State::adopted);
}

TEST_F(ProposalRules, MemberHasOnlySoManyOpen) {
  for (int i = 0; i < 8; ++i)
    ASSERT_TRUE(open_matter(world_, "chips", "m" + std::to_string(i), parameters()).accepted());
  EXPECT_REFUSED(open_matter(world_, "chips", "x", parameters()), too_many_proposals);
  EXPECT_DONE(open_matter(world_, "city", "x", parameters()));
  // One that is settled makes room, and so does time.
  const Id m0 = world_.id("chips", "m0");
  ASSERT_TRUE(lab_votes(m0, Choice::no).accepted() && vote(world_, "city", m0, Choice::no).accepted());
  EXPECT_EQ(state(m0), proposal::State::rejected);
  EXPECT_DONE(open_matter(world_, "chips", "x", parameters()));
  EXPECT_REFUSED(open_matter(world_, "chips", "z", parameters()), too_many_proposals);
  world_.pass(30 * day_ms);
  EXPECT_DONE(open_matter(world_, "chips", "z", parameters()));
}

TEST_F(ProposalRules, ReasonIsBounded) {
  const std::string long_reason(1025, 'x');
  EXPECT_REFUSED(world_.say(world_.key("chips"), proposal::Open{TestWorld::nonce("x"), parameters(), long_reason}),
                 malformed_body);
  ASSERT_TRUE(open_matter(world_, "chips", "x", parameters()).accepted());
  EXPECT_REFUSED(world_.say(world_.key("city"), proposal::Vote{x_, Choice::yes, long_reason}), malformed_body);
  EXPECT_DONE(world_.say(world_.key("city"), proposal::Vote{x_, Choice::yes, std::string_view(long_reason).substr(1)}));
}

TEST_F(ProposalRules, FieldsFitTheMatter) {
  auto content = parameters();
  content.part = x_;
  EXPECT_REFUSED(open_matter(world_, "chips", "x", content), malformed_body);
  content = about_member(Matter::suspend, world_.handle("city"));
  content.weight = 1;
  EXPECT_REFUSED(open_matter(world_, "chips", "x", content), malformed_body);
  content = proposal::Content{};
  for (const auto each : names_of(Matter{})) {
    content.matter = each.value;
    EXPECT_REFUSED(open_matter(world_, "chips", "x", content), malformed_body);
  }
  EXPECT_REFUSED(open_matter(world_, "chips", "x", about_member(Matter::suspend, TestWorld::nonce("nobody"))),
                 not_registered);
  world_.open_party("alice", "city");
  EXPECT_REFUSED(open_matter(world_, "chips", "x", about_member(Matter::expel, world_.key("alice").subject().id)),
                 not_entitled);
}

TEST_F(ProposalRules, MatterThatTheRulesRefuseWhenItIsDecidedIsVoid) {
  ASSERT_TRUE(open_matter(world_, "chips", "x", about_member(Matter::resume, world_.handle("city"))).accepted());
  ASSERT_TRUE(lab_votes(x_, Choice::yes).accepted());
  const auto before = world_.member("city");
  EXPECT_VOIDED(vote(world_, "clinic", x_));  // the city is not suspended
  EXPECT_EQ(state(x_), proposal::State::voided);
  EXPECT_EQ(world_.member("city").history, before.history);
  EXPECT_REFUSED(vote(world_, "cameras", x_), no_longer_open);
}

TEST_F(ProposalRules, OnlySoManyMembersVoteOnOneProposal) {
  TestOptions options;
  options.members.clear();
  for (int i = 0; i < 64; ++i) options.members.push_back({"m" + std::to_string(i), {}});
  TestWorld world(options);
  auto& key = world.new_member_key("late", "late");
  const std::vector keys{MemberKey{key.key(), key::Purpose::wallet, key::Level::file, key::Activation::nothing,
                                   world.possession(key, world.key("m0"))}};
  proposal::Content admission;
  admission.matter = Matter::admit;
  admission.member = NewMember{"late", 1, 1, {}, {std::span(keys)}};
  ASSERT_TRUE(open_matter(world, "m0", "admission", admission).accepted());
  const Id x = world.id("m0", "admission");
  for (int i = 1; i < 43; ++i) ASSERT_TRUE(vote(world, "m" + std::to_string(i), x).accepted());
  // Of 65 votes half are for it and half against; no other can be added.
  ASSERT_TRUE(open_matter(world, "m0", "y", parameters()).accepted());
  const Id y = world.id("m0", "y");
  for (int i = 1; i < 64; ++i) {
    const auto choice = i < 32 ? Choice::yes : Choice::no;
    ASSERT_TRUE(vote(world, "m" + std::to_string(i), y, choice).accepted());
  }
  EXPECT_REFUSED(vote(world, "late", y), no_longer_open);
  EXPECT_DONE(vote(world, "m63", y));  // who has voted may change its mind
  EXPECT_EQ(world.find<proposal::Record>(path::proposal(y))->state, proposal::State::adopted);
}

TEST_F(ProposalRules, OneMemberWithEnoughWeightDecidesByOpening) {
  TestOptions options;
  options.members = {{"one", {Role::maker}}, {"two", {}, 0}};
  TestWorld world(options);
  EXPECT_DONE(open_matter(world, "one", "x", about_member(Matter::suspend, world.handle("two"))));
  EXPECT_EQ(world.member("two").state, party::State::suspended);
}

}  // namespace
}  // namespace mikusari::ledger
