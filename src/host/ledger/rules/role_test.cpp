// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

TestOptions with_two_notary_keys() {
  TestOptions out;
  out.members[5].k = 2;
  out.members[5].further_keys = {"notary-2"};
  return out;
}

class RoleRules : public ::testing::Test {
 protected:
  BodyFate grant(TestKey& by, const TestKey& to, Role role, std::optional<Id> scope = {},
                 std::optional<std::uint64_t> until_ms = {}) {
    return world_.say(by, role::Grant{to.subject().id, role, scope, until_ms});
  }
  BodyFate revoke(TestKey& by, const TestKey& to, Role role, std::optional<Id> scope = {}) {
    return world_.say(by, role::Revoke{to.subject().id, role, scope});
  }
  role::Record record(const TestKey& to, Role role, const Id& scope) {
    return world_.find<role::Record>(path::role(to.subject().id, role, scope)).value();
  }
  BodyFate inspect(TestKey& by, const Id& device) {
    return world_.say(by, part::Inspect{thing::Type::device, device, part::Finding::passed, {}, {}});
  }
  BodyFate alarm(TestKey& by, const Id& device) {
    return world_.say(by, device::Alarm{thing::Type::device, device, device::Cause::other, {}, {}});
  }

  CameraWorld world_{with_two_notary_keys()};
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  TestKey& notary_ = world_.key("notary");
  const Id place_ = TestWorld::nonce("a workshop");
};

TEST_F(RoleRules, OnlyACertifierGrantsPremisesWithItsKeys) {
  EXPECT_REFUSED(grant(city_, cameras_, Role::premises, place_), missing_role);
  EXPECT_REFUSED(grant(notary_, cameras_, Role::premises, place_), missing_approvals);
  const How both{.approvers = {&world_.key("notary-2")}};
  EXPECT_REFUSED(world_.say(notary_, role::Grant{cameras_.subject().id, Role::premises, {}, {}}, both), malformed_body);
  const auto until = world_.time_ms() + day_ms;
  EXPECT_DONE(world_.say(notary_, role::Grant{cameras_.subject().id, Role::premises, place_, until}, both));
  const auto granted = record(cameras_, Role::premises, place_);
  EXPECT_EQ(granted.from, notary_.subject().id);
  EXPECT_TRUE(granted.holds_at(until - 1));
  EXPECT_FALSE(granted.holds_at(until));
  EXPECT_FALSE(granted.tenure.has_value());
}

TEST_F(RoleRules, RolesOfVotesAreGrantedByNobodyAlone) {
  for (const auto role : {Role::maker, Role::registrar, Role::laboratory, Role::witness, Role::certifier})
    EXPECT_REFUSED(grant(city_, clinic_, role), not_entitled);
}

TEST_F(RoleRules, GateAndHoldAreForAllThatIsTheGrantors) {
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(grant(city_, clinic_, Role::gate, camera), malformed_body);
  EXPECT_REFUSED(grant(city_, clinic_, Role::hold, camera), malformed_body);
  EXPECT_DONE(grant(city_, clinic_, Role::gate));
  EXPECT_DONE(grant(city_, clinic_, Role::hold));
  EXPECT_EQ(record(clinic_, Role::gate, city_.subject().id).scope, city_.subject().id);
  EXPECT_REFUSED(grant(world_.key("camera"), clinic_, Role::gate), not_entitled);
  EXPECT_REFUSED(revoke(world_.key("camera"), clinic_, Role::gate), not_entitled);
  EXPECT_ALARM(alarm(clinic_, camera));
  EXPECT_DONE(revoke(city_, clinic_, Role::gate));
  EXPECT_REFUSED(alarm(clinic_, camera), not_entitled);
}

TEST_F(RoleRules, InspectorIsNamedByTheOwnerOfTheThingForItsTenure) {
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(grant(city_, clinic_, Role::inspector), malformed_body);
  EXPECT_REFUSED(grant(cameras_, clinic_, Role::inspector, camera), not_owned);
  EXPECT_REFUSED(grant(city_, clinic_, Role::inspector, TestWorld::nonce("no thing")), not_registered);
  EXPECT_DONE(grant(city_, clinic_, Role::inspector, camera));
  EXPECT_DONE(inspect(clinic_, camera));
  ASSERT_TRUE(world_.offer("city", camera, cameras_.subject().id).accepted());
  EXPECT_REFUSED(grant(city_, world_.key("chips"), Role::inspector, camera), being_handed_over);
  ASSERT_TRUE(world_.accept("cameras", camera).accepted());
  EXPECT_REFUSED(inspect(clinic_, camera), not_entitled);
}

TEST_F(RoleRules, GrantOfAnOldOwnerStandsInNobodysWay) {
  const Id camera = world_.camera("camera", {}, "city");
  ASSERT_TRUE(grant(city_, clinic_, Role::inspector, camera).accepted());
  world_.sell(camera, "city", "cameras");
  EXPECT_DONE(grant(cameras_, clinic_, Role::inspector, camera));
  EXPECT_DONE(inspect(clinic_, camera));
  EXPECT_REFUSED(revoke(city_, clinic_, Role::inspector, camera), not_entitled);
  EXPECT_DONE(revoke(cameras_, clinic_, Role::inspector, camera));
  EXPECT_REFUSED(inspect(clinic_, camera), not_entitled);
}

TEST_F(RoleRules, RevokedOrLapsedGrantIsGivenAgain) {
  const Id camera = world_.camera("camera", {}, "city");
  EXPECT_REFUSED(revoke(city_, clinic_, Role::inspector, camera), not_registered);
  ASSERT_TRUE(grant(city_, clinic_, Role::inspector, camera, world_.time_ms() + 1).accepted());
  EXPECT_REFUSED(inspect(clinic_, camera), not_entitled);
  EXPECT_DONE(grant(city_, clinic_, Role::inspector, camera));
  EXPECT_DONE(inspect(clinic_, camera));
  EXPECT_DONE(revoke(city_, clinic_, Role::inspector, camera));
  EXPECT_REFUSED(revoke(city_, clinic_, Role::inspector, camera), already_said);
  EXPECT_REFUSED(inspect(clinic_, camera), not_entitled);
  EXPECT_DONE(grant(city_, clinic_, Role::inspector, camera));
  EXPECT_DONE(inspect(clinic_, camera));
  EXPECT_EQ(record(clinic_, Role::inspector, camera).history.count, 4U);
}

TEST_F(RoleRules, GrantOfAnotherThatHoldsIsNotOverwritten) {
  const std::vector roles{Role::certifier};
  ASSERT_TRUE(
      decide(world_, about_roles(city_.subject().id, {std::span(roles)}, 1), {"chips", "cameras", "clinic", "lab"})
          .accepted());
  ASSERT_TRUE(grant(city_, cameras_, Role::premises, place_).accepted());
  EXPECT_REFUSED(world_.say(notary_, role::Grant{cameras_.subject().id, Role::premises, place_, {}},
                            {.approvers = {&world_.key("notary-2")}}),
                 already_registered);
  EXPECT_REFUSED(revoke(notary_, cameras_, Role::premises, place_), not_entitled);
}

TEST_F(RoleRules, ACertifierWhoSquatsOnAPlaceIsShakenOff) {
  const std::vector roles{Role::certifier};
  const std::vector<std::string> voters{"chips", "cameras", "clinic", "lab"};
  ASSERT_TRUE(decide(world_, about_roles(city_.subject().id, {std::span(roles)}, 1), voters).accepted());
  const How both{.approvers = {&world_.key("notary-2")}};
  const auto by_notary = [&] {
    return world_.say(notary_, role::Grant{cameras_.subject().id, Role::premises, place_, {}}, both);
  };
  ASSERT_TRUE(grant(city_, cameras_, Role::premises, place_).accepted());
  EXPECT_REFUSED(by_notary(), already_registered);
  // By the party whose place it is, which gives the grant back.
  EXPECT_REFUSED(revoke(clinic_, cameras_, Role::premises, place_), not_entitled);
  EXPECT_DONE(revoke(cameras_, cameras_, Role::premises, place_));
  EXPECT_DONE(by_notary());
  EXPECT_DONE(revoke(notary_, cameras_, Role::premises, place_));
  // By the members, who take the role away.
  ASSERT_TRUE(grant(city_, cameras_, Role::premises, place_).accepted());
  ASSERT_TRUE(decide(world_, about_roles(city_.subject().id, {}, 1), voters).accepted());
  EXPECT_DONE(by_notary());
  EXPECT_EQ(record(cameras_, Role::premises, place_).from, notary_.subject().id);
}

TEST_F(RoleRules, NothingIsGrantedToWhoIsSuspendedAndRevokingGoesOn) {
  ASSERT_TRUE(grant(city_, clinic_, Role::gate).accepted());
  const std::vector<std::string> voters{"chips", "cameras", "lab", "city"};
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, clinic_.subject().id), voters).accepted());
  EXPECT_REFUSED(grant(city_, clinic_, Role::hold), suspended);
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, city_.subject().id), voters).accepted());
  EXPECT_REFUSED(grant(city_, cameras_, Role::gate), suspended);
  EXPECT_DONE(revoke(city_, clinic_, Role::gate));
}

TEST_F(RoleRules, DelegationsOfAnExpelledMemberEnd) {
  const Id camera = world_.camera("camera", {}, "city");
  ASSERT_TRUE(grant(city_, clinic_, Role::gate).accepted());
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::expel, city_.subject().id), {"chips", "cameras", "lab", "clinic"})
          .accepted());
  EXPECT_REFUSED(alarm(clinic_, camera), not_entitled);
}

}  // namespace
}  // namespace mikusari::ledger
