// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;
using firmware::Action;

constexpr std::uint64_t step = 1024;

class ModelRules : public ::testing::Test {
 protected:
  // A model of cameras with these release keys.
  BodyFate with_keys(const std::vector<Digest>& keys, std::uint64_t threshold) {
    auto body = CameraWorld::model("other", thing::Class::device);
    body.release_keys = {std::span(keys)};
    body.release_threshold = threshold;
    return world_.say(cameras_, body);
  }
  BodyFate amend(TestKey& by, const std::vector<Digest>& keys, std::uint64_t threshold,
                 std::vector<TestKey*> approvers = {}) {
    return world_.say(by, model::Amend{camera_, {std::span(keys)}, threshold}, {.approvers = std::move(approvers)});
  }
  BodyFate release(std::uint64_t sequence, TestKey& by, std::vector<TestKey*> approvers,
                   std::string_view version = "1.0") {
    const std::vector images{firmware::Image{TestWorld::nonce("image"), 7}};
    return world_.say(by, firmware::Release{camera_, sequence, version, {std::span(images)}, {}, {}},
                      {.approvers = std::move(approvers)});
  }
  BodyFate release(std::uint64_t sequence) { return release(sequence, one_, {&two_}); }
  BodyFate floor(std::uint64_t sequence) {
    return world_.say(one_, firmware::Floor{camera_, sequence}, {.approvers = {&two_}});
  }
  BodyFate recall(TestKey& by, std::uint64_t sequence, Action action, std::vector<TestKey*> approvers = {}) {
    return world_.say(by, firmware::Recall{camera_, sequence, action}, {.approvers = std::move(approvers)});
  }
  firmware::Record record(std::uint64_t sequence) {
    return world_.find<firmware::Record>(path::firmware(camera_, sequence)).value();
  }
  BodyFate certify(TestKey& by, std::uint64_t sequence = 0) {
    return world_.say(by, certification::Certify{camera_, sequence, {}, {}});
  }

  CameraWorld world_;
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& lab_ = world_.key("lab");
  TestKey& one_ = world_.key("release-1");
  TestKey& two_ = world_.key("release-2");
  TestKey& three_ = world_.key("release-3");
  const Id camera_ = world_.camera_model();
};

// Models

TEST_F(ModelRules, MakerRegistersUnderANameThatIsShown) {
  const auto of_name = [](std::string_view name) {
    auto body = CameraWorld::model("x", thing::Class::chip);
    body.name = name;
    return body;
  };
  EXPECT_REFUSED(world_.say(world_.key("city"), of_name("x")), missing_role);
  for (const auto& name : {std::string(), std::string("a\nb"), std::string(65, 'x'), std::string("\xe2\x80\xae")})
    EXPECT_REFUSED(world_.say(chips_, of_name(name)), bad_name);
  EXPECT_DONE(world_.say(chips_, of_name(std::string(64, 'x'))));
  EXPECT_REFUSED(world_.say(chips_, of_name("again")), already_registered);
  EXPECT_EQ(world_.state().entries(path::list(chips_.subject().id, list::Kind::models)).back().what,
            world_.id("chips", "x"));
}

TEST_F(ModelRules, RecordNamesTheBodyThatSaysTheName) {
  const auto bytes = world_.submission(chips_, std::vector{CameraWorld::model("x", thing::Class::chip)});
  world_.block({bytes});
  EXPECT_EQ(world_.model(world_.id("chips", "x")).text, statement::body_leaf(*statement::parse(bytes)->bodies.begin()));
}

TEST_F(ModelRules, ReleaseKeysAreTheVendorsEachOnceWithAThresholdWithin) {
  EXPECT_REFUSED(with_keys({one_.kid(), two_.kid()}, 0), bad_threshold);
  EXPECT_REFUSED(with_keys({one_.kid(), two_.kid()}, 3), bad_threshold);
  EXPECT_REFUSED(with_keys({one_.kid(), one_.kid()}, 1), bad_threshold);
  EXPECT_REFUSED(with_keys({}, 1), bad_threshold);
  EXPECT_REFUSED(with_keys({chips_.kid()}, 1), not_registered);
  EXPECT_REFUSED(with_keys({cameras_.kid()}, 1), key_not_for_signing);
  world_.accepted(cameras_, key::Freeze{three_.kid()});
  EXPECT_REFUSED(with_keys({three_.kid()}, 1), key_not_for_signing);
  EXPECT_DONE(with_keys({one_.kid(), two_.kid()}, 2));
}

TEST_F(ModelRules, ReleaseKeysOfAModelAreAMatterOfTheMembersOwnKeys) {
  auto& second = world_.new_member_key("cameras-2", "cameras");
  world_.accepted(cameras_, world_.registration(second, cameras_));
  world_.pass(7 * day_ms);
  party::Amend two;
  two.k = 2;
  world_.accepted(cameras_, two, {.approvers = {&second}});
  EXPECT_REFUSED(with_keys({one_.kid()}, 1), missing_approvals);
  EXPECT_DONE(world_.say(cameras_, CameraWorld::model("without firmware", thing::Class::chip)));
  EXPECT_REFUSED(world_.say(cameras_, model::Withdraw{camera_}), missing_approvals);
  EXPECT_DONE(world_.say(cameras_, model::Withdraw{camera_}, {.approvers = {&second}}));
}

TEST_F(ModelRules, AmendTakesTheOldThreshold) {
  EXPECT_REFUSED(amend(one_, {one_.kid()}, 1), missing_approvals);
  EXPECT_REFUSED(amend(one_, {one_.kid()}, 2, {&two_}), bad_threshold);
  EXPECT_REFUSED(amend(one_, {chips_.kid()}, 1, {&two_}), not_registered);
  EXPECT_DONE(amend(one_, {three_.kid()}, 1, {&two_}));
  EXPECT_REFUSED(release(1), missing_approvals);  // one and two release nothing any more
  EXPECT_REFUSED(amend(one_, {one_.kid()}, 1, {&two_}), missing_approvals);
  EXPECT_DONE(release(1, three_, {}));
}

TEST_F(ModelRules, OnlyTheVendorWithdraws) {
  EXPECT_REFUSED(world_.say(chips_, model::Withdraw{camera_}), not_entitled);
  EXPECT_REFUSED(world_.say(chips_, model::Withdraw{world_.id("chips", "none")}), not_registered);
  EXPECT_DONE(world_.say(cameras_, model::Withdraw{camera_}));
  EXPECT_REFUSED(world_.say(cameras_, model::Withdraw{camera_}), already_said);
}

// Certification

TEST_F(ModelRules, LaboratoryCertifiesWhatIsNotItsOwn) {
  EXPECT_REFUSED(certify(world_.key("notary")), missing_role);
  EXPECT_DONE(certify(lab_));
  EXPECT_DONE(certify(lab_, 7));
  EXPECT_REFUSED(world_.say(lab_, certification::Certify{world_.id("cameras", "none"), {}, {}, {}}), not_registered);
  const std::vector roles{Role::maker, Role::laboratory};
  ASSERT_TRUE(
      decide(world_, about_roles(world_.handle("cameras"), {std::span(roles)}, 1), {"chips", "city", "clinic", "lab"})
          .accepted());
  EXPECT_REFUSED(certify(cameras_), not_entitled);
}

TEST_F(ModelRules, LaboratoryTakesItsOwnWordBackAlsoWhileSuspended) {
  EXPECT_REFUSED(world_.say(lab_, certification::Decertify{camera_, {}}), not_registered);
  ASSERT_TRUE(certify(lab_).accepted());
  EXPECT_REFUSED(world_.say(world_.key("notary"), certification::Decertify{camera_, {}}), not_registered);
  ASSERT_TRUE(decide(world_, about_member(proposal::Matter::suspend, world_.handle("lab")),
                     {"chips", "cameras", "city", "clinic"})
                  .accepted());
  EXPECT_REFUSED(certify(lab_), suspended);
  EXPECT_DONE(world_.say(lab_, certification::Decertify{camera_, {}}));
  EXPECT_REFUSED(world_.say(lab_, certification::Decertify{camera_, {}}), already_said);
}

// Firmware

TEST_F(ModelRules, ReleaseTakesKOfTheModelsKeys) {
  EXPECT_REFUSED(release(1, one_, {}), missing_approvals);
  world_.accepted(cameras_, key::Freeze{three_.kid()});
  EXPECT_REFUSED(release(1, one_, {&three_}), missing_approvals);
  EXPECT_DONE(release(1, one_, {&two_}));
  EXPECT_EQ(world_.model(camera_).latest.value, 1U);
  EXPECT_EQ(world_.model(camera_).available.value, 1U);
  EXPECT_EQ(world_.find<firmware::ImageRecord>(path::image(camera_, TestWorld::nonce("image")))->sequence, 1U);
  EXPECT_EQ(world_.state().entries(path::list(cameras_.subject().id, list::Kind::releases)).back().what,
            path::firmware(camera_, 1));
}

TEST_F(ModelRules, ReleaseIsShownAndHoldsImages) {
  EXPECT_REFUSED(release(1, one_, {&two_}, "a\tb"), malformed_body);
  EXPECT_REFUSED(world_.say(one_, firmware::Release{camera_, 1, "1", {}, {}, {}}, {.approvers = {&two_}}),
                 malformed_body);
  EXPECT_REFUSED(world_.say(one_, firmware::Release{world_.sensor_model(), 1, "1", {}, {}, {}}, {.approvers = {&two_}}),
                 missing_approvals);  // a model without release keys
}

TEST_F(ModelRules, SequenceGrowsByABoundedStep) {
  EXPECT_REFUSED(release(0), not_increasing);
  EXPECT_REFUSED(release(step + 1), step_too_large);
  EXPECT_REFUSED(release(~0ULL), step_too_large);
  EXPECT_DONE(release(step));
  EXPECT_REFUSED(release(step), not_increasing);
  EXPECT_REFUSED(release(2 * step + 1), step_too_large);
  EXPECT_DONE(release(step + 1));
  EXPECT_EQ(record(step + 1).previous.value, step);
  EXPECT_EQ(world_.find<firmware::ImageRecord>(path::image(camera_, TestWorld::nonce("image")))->sequence, step + 1);
}

TEST_F(ModelRules, FloorGrowsUpToTheNewestThatIsNotRecalled) {
  EXPECT_REFUSED(floor(1), not_increasing);
  ASSERT_TRUE(release(1).accepted() && release(2).accepted() && release(3).accepted());
  ASSERT_TRUE(recall(one_, 3, Action::recall, {&two_}).accepted());
  EXPECT_EQ(world_.model(camera_).available.value, 2U);
  EXPECT_REFUSED(floor(3), not_increasing);
  EXPECT_DONE(floor(2));
  EXPECT_REFUSED(floor(2), not_increasing);
  EXPECT_REFUSED(floor(1), not_increasing);
  EXPECT_REFUSED(world_.say(one_, firmware::Floor{camera_, 3}), missing_approvals);
  EXPECT_DONE(recall(one_, 3, Action::lift, {&two_}));
  EXPECT_DONE(floor(3));
}

TEST_F(ModelRules, OneKeyHaltsOnceAndKRecallOrLift) {
  ASSERT_TRUE(release(1).accepted());
  EXPECT_REFUSED(recall(one_, 2, Action::halt), not_registered);
  EXPECT_REFUSED(recall(one_, 1, Action::lift, {&two_}), wrong_state);
  EXPECT_DONE(recall(one_, 1, Action::halt));
  EXPECT_EQ(record(1).state, firmware::State::halted);
  EXPECT_REFUSED(recall(one_, 1, Action::halt), already_said);
  EXPECT_REFUSED(recall(two_, 1, Action::halt), wrong_state);
  EXPECT_REFUSED(recall(one_, 1, Action::lift), missing_approvals);
  EXPECT_DONE(recall(three_, 1, Action::lift, {&two_}));
  EXPECT_REFUSED(recall(one_, 1, Action::halt), already_said);  // once
  EXPECT_DONE(recall(two_, 1, Action::halt));
  EXPECT_REFUSED(recall(one_, 1, Action::recall), missing_approvals);
  EXPECT_DONE(recall(one_, 1, Action::recall, {&two_}));
  EXPECT_REFUSED(recall(one_, 1, Action::recall, {&two_}), already_said);
  EXPECT_REFUSED(recall(three_, 1, Action::halt), wrong_state);
  EXPECT_EQ(world_.model(camera_).available.value, 0U);
}

// A member with two wallet keys and thirteen release keys, one of which is enough.
TEST(FirmwareHalts, AreRememberedOfSixteenKeys) {
  TestOptions options;
  auto& member = options.members[0];
  member.further_keys = {"wallet-2"};
  for (int i = 0; i < 13; ++i) member.release_keys.push_back("r" + std::to_string(i));
  TestWorld world(options);
  auto& chips = world.key("chips");
  std::vector<Digest> kids;
  const auto kids_of = [&](int first, int end) {
    kids.clear();
    for (int i = first; i < end; ++i) kids.push_back(world.key("r" + std::to_string(i)).kid());
    return model::ReleaseKeys{std::span<const Digest>(kids)};
  };
  auto model = CameraWorld::model("model", thing::Class::device);
  model.release_keys = kids_of(0, 13);
  model.release_threshold = 1;
  world.accepted(chips, model);
  const Id id = world.id("chips", "model");
  const std::vector images{firmware::Image{TestWorld::nonce("image"), 7}};
  world.accepted(world.key("r0"), firmware::Release{id, 1, "1", {std::span(images)}, {}, {}});
  const auto halt = [&](int i) {
    return world.say(world.key("r" + std::to_string(i)), firmware::Recall{id, 1, Action::halt});
  };
  const auto lift = [&](int i) {
    world.accepted(world.key("r" + std::to_string(i)), firmware::Recall{id, 1, Action::lift});
  };
  for (int i = 0; i < 13; ++i) {
    EXPECT_DONE(halt(i));
    lift(i);
  }
  // Four of them go, and four others come.
  for (int i = 0; i < 4; ++i)
    world.accepted(chips, key::Revoke{world.key("r" + std::to_string(i)).kid(), key::Reason::superseded},
                   {.approvers = {&world.key("wallet-2")}});
  for (int i = 13; i < 17; ++i) {
    auto& key = world.new_key("r" + std::to_string(i), chips.subject(), key::Purpose::release);
    world.accepted(chips, world.registration(key, chips));
  }
  world.pass(7 * day_ms);
  world.accepted(world.key("r4"), model::Amend{id, kids_of(4, 17), 1});
  for (int i = 13; i < 16; ++i) {
    EXPECT_DONE(halt(i));
    lift(i);
  }
  EXPECT_REFUSED(halt(16), too_many_keys);
  EXPECT_DONE(world.say(world.key("r16"), firmware::Recall{id, 1, Action::recall}));
}

TEST_F(ModelRules, RecallGoesBackPastWhatWasRecalledBefore) {
  ASSERT_TRUE(release(1).accepted() && release(2).accepted() && release(3).accepted());
  ASSERT_TRUE(recall(one_, 2, Action::recall, {&two_}).accepted());
  EXPECT_EQ(world_.model(camera_).available.value, 3U);
  ASSERT_TRUE(recall(one_, 3, Action::recall, {&two_}).accepted());
  EXPECT_EQ(world_.model(camera_).available.value, 1U);
}

TEST_F(ModelRules, SuspendedVendorReleasesNothingAndStillHaltsAndRecalls) {
  ASSERT_TRUE(release(1).accepted() && release(2).accepted());
  ASSERT_TRUE(
      decide(world_, about_member(proposal::Matter::suspend, cameras_.subject().id), {"chips", "city", "clinic", "lab"})
          .accepted());
  EXPECT_REFUSED(release(3), suspended);
  EXPECT_DONE(recall(one_, 2, Action::halt));
  EXPECT_DONE(recall(one_, 2, Action::recall, {&two_}));
  EXPECT_DONE(floor(1));
  EXPECT_DONE(amend(one_, {three_.kid()}, 1, {&two_}));
}

}  // namespace
}  // namespace mikusari::ledger
