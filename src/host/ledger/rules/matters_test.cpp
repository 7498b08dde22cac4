// SPDX-License-Identifier: Apache-2.0
// What the members' decisions do, and what they can not do.
#include "ledger/rules/refusal_test_support.hpp"
#include "proof/policy.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using proposal::Matter;
using thing::Type;

class Matters : public ::testing::Test {
 protected:
  const std::vector<std::string> four_{"chips", "cameras", "city", "clinic"};
  const std::vector<std::string> five_{"chips", "cameras", "city", "clinic", "lab"};

  // A wallet key of a member that is to be, brought by chips.
  MemberKey member_key(std::string_view name, std::string_view member, key::Purpose purpose = key::Purpose::wallet) {
    auto& key = world_.new_key(name, subject_of_party(world_.handle(member)), purpose);
    return {key.key(), purpose, key::Level::file, key::Activation::nothing,
            world_.possession(key, world_.key("chips"))};
  }
  proposal::Content about(Matter matter, const NewMember& member) {
    proposal::Content out;
    out.matter = matter;
    out.member = member;
    return out;
  }
  LedgerRecord ledger() { return world_.find<LedgerRecord>(path::ledger()).value(); }
  proof::Policy policy() { return world_.find<proof::Policy>(path::policy()).value(); }
  BodyFate speaks(TestKey& key) {
    return world_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }

  CameraWorld world_;
};

// Admission

TEST_F(Matters, AdmittedMemberSpeaksWithItsKeysAndHasItsLists) {
  const std::vector keys{member_key("museum", "museum"), member_key("museum-2", "museum")};
  const std::vector roles{Role::maker};
  const NewMember museum{"museum", 3, 2, {std::span(roles)}, {std::span(keys)}};
  EXPECT_DONE(decide(world_, about(Matter::admit, museum), four_));
  const auto record = world_.member("museum");
  EXPECT_EQ(record.name, "museum");
  EXPECT_EQ(record.weight.value, 3U);
  EXPECT_EQ(record.k, 2U);
  EXPECT_EQ(record.keys.size(), 2U);
  EXPECT_EQ(ledger().total_weight, 9U);
  EXPECT_EQ(ledger().voting_weight, 9U);
  EXPECT_DONE(world_.say(world_.key("museum"), CameraWorld::model("statue", thing::Class::chip)));
  EXPECT_EQ(world_.state().entries(path::list(world_.handle("museum"), list::Kind::keys)).size(), 2U);
}

TEST_F(Matters, AdmissionIsCheckedWhenItIsOpened) {
  const std::vector keys{member_key("museum", "museum")};
  const NewMember good{"museum", 1, 1, {}, {std::span(keys)}};
  const auto opened = [&](const NewMember& member) {
    return open_matter(world_, "chips", "x", about(Matter::admit, member));
  };
  auto bad = good;
  bad.name = "The Museum";
  EXPECT_REFUSED(opened(bad), bad_name);
  bad = good;
  bad.name = "chips";
  EXPECT_REFUSED(opened(bad), already_registered);
  bad = good;
  bad.weight = weight_max + 1;
  EXPECT_REFUSED(opened(bad), bad_weight);
  const std::vector granted{Role::gate};
  bad = good;
  bad.roles = {std::span(granted)};
  EXPECT_REFUSED(opened(bad), malformed_body);
  for (const std::uint64_t k : {0U, 2U}) {
    bad = good;
    bad.k = k;
    EXPECT_REFUSED(opened(bad), bad_threshold);
  }
  bad = good;
  bad.keys = {};
  EXPECT_REFUSED(opened(bad), bad_threshold);
  bad = good;
  bad.name = "gallery";  // the key has signed for the museum
  EXPECT_REFUSED(opened(bad), bad_possession);
  const std::vector recovery{member_key("r", "museum", key::Purpose::recovery)};
  bad.name = "museum";
  bad.keys = {std::span(recovery)};
  EXPECT_REFUSED(opened(bad), key_not_for_signing);
  EXPECT_REFUSED(open_matter(world_, "city", "x", about(Matter::admit, good)), bad_possession);  // brought by chips
  EXPECT_DONE(opened(good));
}

TEST_F(Matters, AdmissionIsVoidWhenItsKeyIsTakenMeanwhile) {
  auto& key = world_.new_key("museum", subject_of_party(world_.handle("museum")));
  const std::vector keys{MemberKey{key.key(), key::Purpose::wallet, key::Level::file, key::Activation::nothing,
                                   world_.possession(key, world_.key("chips"))}};
  const NewMember museum{"museum", 1, 1, {}, {std::span(keys)}};
  ASSERT_TRUE(open_matter(world_, "chips", "x", about(Matter::admit, museum)).accepted());
  key.set_subject(subject_of_party(world_.handle("city")));
  world_.accepted(world_.key("city"), world_.registration(key, world_.key("city")));
  const Id x = world_.id("chips", "x");
  ASSERT_TRUE(vote(world_, "cameras", x).accepted() && vote(world_, "clinic", x).accepted());
  EXPECT_VOIDED(vote(world_, "lab", x));
  EXPECT_FALSE(world_.find<party::Record>(path::party(world_.handle("museum"))).has_value());
  EXPECT_EQ(ledger().total_weight, 6U);
}

TEST_F(Matters, SecondAdmissionOfANameIsVoid) {
  const std::vector first{member_key("museum", "museum")}, second{member_key("other", "museum")};
  const auto admission = [&](const std::vector<MemberKey>& keys) {
    return about(Matter::admit, NewMember{"museum", 1, 1, {}, {std::span(keys)}});
  };
  ASSERT_TRUE(open_matter(world_, "chips", "x", admission(first)).accepted());
  ASSERT_TRUE(open_matter(world_, "chips", "y", admission(second)).accepted());
  for (const auto* name : {"cameras", "city", "clinic"})
    ASSERT_TRUE(vote(world_, name, world_.id("chips", "x")).accepted());
  for (const auto* name : {"cameras", "city", "clinic"})
    ASSERT_TRUE(vote(world_, name, world_.id("chips", "y")).accepted());
  EXPECT_VOIDED(vote(world_, "lab", world_.id("chips", "y")));
  EXPECT_EQ((*world_.member("museum").keys.begin()).key, world_.key("museum").kid());
  EXPECT_EQ(ledger().total_weight, 7U);
}

TEST_F(Matters, KeyThatStandsTwiceInAnAdmissionMakesItVoid) {
  const auto key = member_key("museum", "museum");
  const std::vector keys{key, key};
  const NewMember museum{"museum", 1, 1, {}, {std::span(keys)}};
  EXPECT_VOIDED(decide(world_, about(Matter::admit, museum), four_));
  EXPECT_FALSE(world_.find<key::Record>(path::key(world_.key("museum").kid())).has_value());
}

// Standing

TEST_F(Matters, ExpelledIsForEverAndExitsStay) {
  const Id camera = world_.camera("camera", {}, "city");
  const auto city = about_member(Matter::expel, world_.handle("city"));
  EXPECT_DONE(decide(world_, city, {"chips", "cameras", "clinic", "lab"}));
  EXPECT_EQ(ledger().total_weight, 5U);
  EXPECT_VOIDED(
      decide(world_, about_member(Matter::resume, world_.handle("city")), {"chips", "cameras", "clinic", "lab"}));
  EXPECT_REFUSED(speaks(world_.key("city")), suspended);
  EXPECT_DONE(world_.offer("city", camera, world_.handle("clinic")));
  EXPECT_DONE(world_.say(world_.key("city"), ownership::Cancel{Type::device, camera}));
  EXPECT_DONE(world_.retire("city", camera));
  EXPECT_DONE(world_.destroy("city", camera));
}

TEST_F(Matters, LastVotingMemberIsNotSuspended) {
  TestOptions options;
  options.members = {{"one", {Role::maker}}};
  TestWorld world(options);
  EXPECT_VOIDED(open_matter(world, "one", "x", about_member(Matter::suspend, world.handle("one"))));
  EXPECT_VOIDED(open_matter(world, "one", "y", about_roles(world.handle("one"), {}, 0)));
  EXPECT_EQ(world.member("one").state, party::State::active);
  EXPECT_EQ(world.member("one").weight.value, 1U);
}

TEST_F(Matters, RolesAndWeightAreGivenWhole) {
  const std::vector roles{Role::laboratory, Role::certifier}, granted{Role::premises};
  EXPECT_DONE(decide(world_, about_roles(world_.handle("city"), {std::span(roles)}, 5), four_));
  EXPECT_EQ(world_.member("city").roles.size(), 2U);
  EXPECT_EQ(ledger().total_weight, 10U);
  EXPECT_VOIDED(
      decide(world_, about_roles(world_.handle("city"), {std::span(granted)}, 5), {"chips", "cameras", "city"}));
  EXPECT_VOIDED(decide(world_, about_roles(world_.handle("city"), {}, weight_max + 1), {"chips", "cameras", "city"}));
}

// Parameters

TEST_F(Matters, NoVoteLowersAWaitOrAReserveBelowTheRulesMinimum) {
  const auto opened = [&](auto change) {
    Parameters parameters;
    change(parameters);
    return open_matter(world_, "chips", "x", about_parameters(parameters));
  };
  EXPECT_REFUSED(opened([](Parameters& p) { p.veto_ms = day_ms - 1; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.recovery_ms = 30 * day_ms - 1; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.force_ms = 90 * day_ms - 1; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.reserve_statements = 63; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.reserve_bytes = 65'535; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.reserve_rows_part = 17; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.ledger_rows = (1ULL << 27) + 1; }), bad_parameter);
  // With no refused body a day nobody could say anything, not even vote it back.
  EXPECT_REFUSED(opened([](Parameters& p) { p.member_day.refused = 0; }), bad_parameter);
  EXPECT_REFUSED(opened([](Parameters& p) { p.party_day.statements = 0; }), bad_parameter);
}

TEST_F(Matters, WhatWaitsAlreadyKeepsItsTime) {
  auto& second = world_.new_member_key("notary-2", "notary");
  world_.accepted(world_.key("notary"), world_.registration(second, world_.key("notary")));
  Parameters shorter;
  shorter.veto_ms = day_ms;
  ASSERT_TRUE(decide(world_, about_parameters(shorter), four_).accepted());
  world_.pass(2 * day_ms);
  EXPECT_REFUSED(speaks(second), key_not_active);
  auto& third = world_.new_member_key("notary-3", "notary");
  world_.accepted(world_.key("notary"), world_.registration(third, world_.key("notary")));
  world_.pass(day_ms);
  EXPECT_DONE(speaks(third));
}

// Mounts and bodies

TEST_F(Matters, RejectedMountLeavesThePartSalvagedWithTheOwnerOfTheRoot) {
  const Id cell = world_.cell("cell");
  const Id board = world_.board("board", {cell});
  const Id camera = world_.camera("camera", {board}, "city");
  const auto before = world_.device(camera);
  EXPECT_DONE(decide(world_, about_mount(cell), {"chips", "cameras", "clinic", "lab"}));
  EXPECT_TRUE(world_.part(cell).salvaged.value);
  EXPECT_EQ(world_.part(cell).owned_by(), world_.handle("city"));
  EXPECT_TRUE(world_.part(board).children.empty());
  EXPECT_EQ(world_.part(board).parent, camera);
  EXPECT_EQ(world_.device(camera).title, before.title);
  EXPECT_VOIDED(decide(world_, about_mount(cell), {"chips", "cameras", "clinic", "lab"}));
}

TEST_F(Matters, NoVoteRejectsAMountInARetiredDevice) {
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {world_.board("board", {cell})}, "city");
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  EXPECT_VOIDED(decide(world_, about_mount(cell), four_));
  EXPECT_EQ(world_.part(cell).state, part::State::mounted);
}

TEST_F(Matters, PartyCountsThePartThatAVoteGivesBack) {
  const Handle alice = world_.open_party("alice", "city");
  const Id cell = world_.cell("cell");
  const Id camera = world_.camera("camera", {cell});
  world_.hand_over(Type::device, camera, world_.key("cameras"), world_.key("alice"));
  ASSERT_TRUE(decide(world_, about_mount(cell), four_).accepted());
  EXPECT_EQ(world_.party(alice).things.value, 2U);
  EXPECT_EQ(world_.part(cell).owned_by(), alice);
}

TEST_F(Matters, BodyIsWithheldOnce) {
  const Digest identity = TestWorld::nonce("a statement");
  const auto height = world_.next_block().height + 3;
  EXPECT_DONE(decide(world_, about_body(identity, 4), four_));
  const auto row = world_.find<proposal::Withheld>(path::withheld(identity, 4));
  ASSERT_TRUE(row.has_value());
  EXPECT_EQ(row->height, height);
  EXPECT_FALSE(world_.find<proposal::Withheld>(path::withheld(identity, 3)).has_value());
  EXPECT_VOIDED(decide(world_, about_body(identity, 4), four_));
}

// Recovery

TEST_F(Matters, RecoveryKeysAreReplacedByThreeQuarters) {
  const std::vector keys{world_.new_key("r1", {}, key::Purpose::recovery).key(),
                         world_.new_key("r2", {}, key::Purpose::recovery).key()};
  proposal::Content content;
  content.matter = Matter::recovery;
  content.recovery_keys = RecoveryKeys{std::span(keys)};
  content.threshold = 2;
  const auto epoch = policy().epoch;
  EXPECT_DONE(decide(world_, content, four_));
  EXPECT_EQ(policy().epoch, epoch);  // four of six are not enough
  EXPECT_DONE(decide(world_, content, five_));
  EXPECT_EQ(policy().epoch, epoch + 1);
  EXPECT_EQ(policy().recovery_keys.size(), 2U);
  EXPECT_EQ(world_.key_record(world_.key("r1").kid()).subject.id, world_.ledger());
  content.threshold = 3;
  EXPECT_VOIDED(decide(world_, content, five_));
  const std::vector wallets{world_.key("chips").key()};
  content.recovery_keys = RecoveryKeys{std::span(wallets)};
  content.threshold = 1;
  EXPECT_VOIDED(decide(world_, content, five_));
}

class LostMemberKeys : public Matters {
 protected:
  static TestOptions with_two_city_keys() {
    TestOptions out;
    out.members[2].k = 2;
    out.members[2].further_keys = {"city-2"};
    return out;
  }
  BodyFate recover(std::string_view key_name, const std::vector<std::string>& voters) {
    const std::vector keys{bring(key_name)};
    return decide(lost_, about(Matter::recover, NewMember{"city", 0, 1, {}, {std::span(keys)}}), voters);
  }
  MemberKey bring(std::string_view name) {
    auto& key = lost_.new_key(name, subject_of_party(lost_.handle("city")));
    return {key.key(), key::Purpose::wallet, key::Level::file, key::Activation::nothing,
            lost_.possession(key, lost_.key("chips"))};
  }
  BodyFate says(TestKey& key) {
    return lost_.say(key, document::Evidence{document::Type::other, TestWorld::nonce("x"), {}, {}, {}});
  }

  CameraWorld lost_{with_two_city_keys()};
  TestKey& city_ = lost_.key("city");
  TestKey& city_2_ = lost_.key("city-2");
  const std::vector<std::string> without_city_{"chips", "cameras", "clinic", "lab"};
};

TEST_F(LostMemberKeys, ComeBackByVoteAfterThePublicWait) {
  EXPECT_DONE(recover("new", without_city_));
  EXPECT_REFUSED(says(lost_.key("new")), key_not_active);
  EXPECT_DONE(says(city_));
  lost_.pass(30 * day_ms);
  EXPECT_REFUSED(says(city_), key_not_active);
  EXPECT_DONE(says(lost_.key("new")));
}

TEST_F(LostMemberKeys, AreVetoedByAsManyKeysAsTheMemberDemands) {
  ASSERT_TRUE(recover("new", without_city_).accepted());
  const key::Veto veto{lost_.key("new").kid()};
  EXPECT_REFUSED(lost_.say(city_, veto), missing_approvals);
  EXPECT_REFUSED(lost_.say(city_, veto, {.approvers = {&lost_.key("lab")}}), missing_approvals);
  EXPECT_DONE(lost_.say(city_, veto, {.approvers = {&city_2_}}));
  lost_.pass(30 * day_ms);
  EXPECT_DONE(says(city_));
  // A vote can try again.
  EXPECT_DONE(recover("newer", without_city_));
}

TEST_F(LostMemberKeys, DoNotComeBackWithAKeyThatIsTakenMeanwhile) {
  const std::vector keys{bring("new")};
  const auto content = about(Matter::recover, NewMember{"city", 0, 1, {}, {std::span(keys)}});
  ASSERT_TRUE(open_matter(lost_, "chips", "x", content).accepted());
  auto& key = lost_.key("new");
  key.set_subject(subject_of_party(lost_.handle("notary")));
  lost_.accepted(lost_.key("notary"), lost_.registration(key, lost_.key("notary")));
  const Id x = lost_.id("chips", "x");
  ASSERT_TRUE(vote(lost_, "cameras", x).accepted() && vote(lost_, "clinic", x).accepted());
  EXPECT_VOIDED(vote(lost_, "lab", x));
  EXPECT_EQ(lost_.member("city").keys.size(), 2U);
}

TEST_F(LostMemberKeys, TakeOneWalletKeyOfAKnownMember) {
  const std::vector two{bring("a"), bring("b")};
  const auto opened = [&](const NewMember& member) {
    return open_matter(lost_, "chips", "x", about(Matter::recover, member));
  };
  EXPECT_REFUSED(opened(NewMember{"city", 0, 1, {}, {std::span(two)}}), malformed_body);
  EXPECT_REFUSED(opened(NewMember{"museum", 0, 1, {}, {std::span(two).first(1)}}), not_registered);
  auto& release = lost_.new_key("release", subject_of_party(lost_.handle("city")), key::Purpose::release);
  const std::vector other{MemberKey{release.key(), key::Purpose::release, key::Level::file, key::Activation::nothing,
                                    lost_.possession(release, lost_.key("chips"))}};
  EXPECT_REFUSED(opened(NewMember{"city", 0, 1, {}, {std::span(other)}}), malformed_body);
}

TEST_F(LostMemberKeys, OfAnExpelledMemberTakeThreeQuartersOfTheOthersToo) {
  ASSERT_TRUE(decide(lost_, about_member(Matter::expel, lost_.handle("city")), without_city_).accepted());
  ASSERT_EQ(lost_.find<LedgerRecord>(path::ledger())->total_weight, 5U);
  EXPECT_DONE(recover("new", {"chips", "cameras", "lab"}));  // three of five
  EXPECT_FALSE(lost_.find<key::Record>(path::key(lost_.key("new").kid())).has_value());
  EXPECT_DONE(recover("newer", without_city_));
  EXPECT_TRUE(lost_.find<key::Record>(path::key(lost_.key("newer").kid())).has_value());
}

}  // namespace
}  // namespace mikusari::ledger
