// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class MemberRules : public ::testing::Test {
 protected:
  member::Admit admit(std::string_view name, TestKey& key, const TestKey& signer, std::uint64_t weight = 1) {
    return {name, {std::span<const Role>(roles_)}, weight, key.key(), world_.possession(key, signer)};
  }
  How majority() { return {.approvers = {&world_.key("cameras"), &world_.key("city"), &world_.key("clinic")}}; }

  TestWorld world_;
  std::vector<Role> roles_ = {Role::repairer};
};

TEST_F(MemberRules, MajorityAdmitsMemberWhoseKeyThenSpeaks) {
  auto& chips = world_.key("chips");
  auto& repairs = world_.new_member_key("repairs", "repairs");
  ASSERT_TRUE(world_.say(chips, admit("repairs", repairs, chips), majority()).accepted());
  EXPECT_EQ(world_.member("repairs").seq, 1u);
  EXPECT_EQ(world_.find<Parameters>(path::parameters())->active_weight, 7u);
  EXPECT_REFUSED(world_.say(repairs, model::Register{"x", model::Class::chip, {}, 0}), missing_role);
}

TEST_F(MemberRules, HalfOfTheWeightIsNotEnough) {
  auto& chips = world_.key("chips");
  auto& repairs = world_.new_member_key("repairs", "repairs");
  const How half{.approvers = {&world_.key("cameras"), &world_.key("city")}};
  EXPECT_REFUSED(world_.say(chips, admit("repairs", repairs, chips), half), missing_approvals);
}

TEST_F(MemberRules, SecondKeyOfAMemberAddsNoWeight) {
  auto& chips = world_.key("chips");
  auto& second = world_.new_member_key("chips-2", "chips");
  world_.accepted(chips, world_.registration(second, chips));
  auto& repairs = world_.new_member_key("repairs", "repairs");
  const How twice{.approvers = {&second, &world_.key("cameras"), &world_.key("city")}};
  EXPECT_REFUSED(world_.say(chips, admit("repairs", repairs, chips), twice), missing_approvals);
}

TEST_F(MemberRules, RefusesBadNamesTakenNamesAndTooMuchWeight) {
  auto& chips = world_.key("chips");
  auto& other = world_.new_member_key("other", "city");
  EXPECT_REFUSED(world_.say(chips, admit("City!", other, chips), majority()), bad_name);
  EXPECT_REFUSED(world_.say(chips, admit("city", other, chips), majority()), already_registered);
  auto& heavy = world_.new_member_key("heavy", "heavy");
  EXPECT_REFUSED(world_.say(chips, admit("heavy", heavy, chips, weight_max + 1), majority()), bad_weight);
}

TEST_F(MemberRules, PossessionMustNameTheMemberAndTheRegistrar) {
  auto& chips = world_.key("chips");
  auto& repairs = world_.new_member_key("repairs", "repairs");
  EXPECT_REFUSED(world_.say(chips, admit("mechanics", repairs, chips), majority()), bad_possession);
  EXPECT_REFUSED(world_.say(chips, admit("repairs", repairs, world_.key("city")), majority()), bad_possession);
}

TEST_F(MemberRules, TakenKeyIsToldOnlyToItsHolder) {
  auto& chips = world_.key("chips");
  auto& city = world_.key("city");
  member::Admit stolen{"thieves", {std::span<const Role>(roles_)}, 1, city.key(), {}};
  EXPECT_REFUSED(world_.say(chips, stolen, majority()), bad_possession);
  std::byte buffer[statement::small_message_bytes_max];
  const Subject subject{SubjectType::member, as_bytes("thieves")};
  stolen.possession =
      *city.signer().sign(*statement::possession_bytes(city.key(), world_.ledger(), chips.kid(), subject, buffer));
  EXPECT_REFUSED(world_.say(chips, stolen, majority()), key_taken);
}

TEST_F(MemberRules, SuspendedMemberIsSilentUntilItIsActiveAgain) {
  auto& chips = world_.key("chips");
  world_.accepted(chips, member::SetState{"clinic", member::State::suspended}, majority());
  EXPECT_EQ(world_.find<Parameters>(path::parameters())->active_weight, 5u);
  EXPECT_REFUSED(world_.say(world_.key("clinic"), member::SetState{"clinic", member::State::active}),
                 signer_not_active);
  EXPECT_REFUSED(world_.say(chips, member::SetState{"clinic", member::State::suspended},
                            {.approvers = {&world_.key("cameras"), &world_.key("city")}}),
                 wrong_state);
  // Its approval counts for nothing now.
  EXPECT_REFUSED(world_.say(chips, member::SetState{"lab", member::State::suspended},
                            {.approvers = {&world_.key("cameras"), &world_.key("clinic")}}),
                 missing_approvals);
  world_.accepted(chips, member::SetState{"clinic", member::State::active},
                  {.approvers = {&world_.key("cameras"), &world_.key("city")}});
  EXPECT_EQ(world_.find<Parameters>(path::parameters())->active_weight, 6u);
}

TEST_F(MemberRules, UnknownMemberHasNoState) {
  EXPECT_REFUSED(world_.say(world_.key("chips"), member::SetState{"nobody", member::State::suspended}, majority()),
                 not_registered);
}

TEST(MemberRulesAlone, LastWeightCannotBeSuspended) {
  TestWorld world({.members = {{"chips", {Role::maker}, 1}, {"city", {}, 0}}});
  EXPECT_REFUSED(world.say(world.key("chips"), member::SetState{"chips", member::State::suspended}),
                 would_orphan_ledger);
  world.accepted(world.key("chips"), member::SetState{"city", member::State::suspended});
}

TEST_F(MemberRules, MemberSuspendedByAnEarlierBodyCarriesTheLaterOnesNoMore) {
  auto& chips = world_.key("chips");
  const auto fates = world_.say_all(chips,
                                    std::vector{member::SetState{"chips", member::State::suspended},
                                                member::SetState{"lab", member::State::suspended}},
                                    majority());
  EXPECT_TRUE(fates[0].accepted());
  EXPECT_REFUSED(fates[1], wrong_state);
}

TEST_F(MemberRules, ThingsCannotVote) {
  CameraWorld world;
  world.camera("camera", {});
  EXPECT_REFUSED(world.say(world.key("camera"), member::SetState{"chips", member::State::suspended}), not_entitled);
}

}  // namespace
}  // namespace mikusari::ledger
