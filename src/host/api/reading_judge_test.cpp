// SPDX-License-Identifier: Apache-2.0
#include "api/reading_judge.hpp"

#include <gtest/gtest.h>

#include "ledger/test_camera.hpp"
#include "platform/simulated/clock.hpp"

namespace mikusari::api {
namespace {

using ledger::CameraWorld;
using ledger::TestKey;
using ledger::TestOptions;
using What = About::What;

// The state of a test world, which counts the records that are read and there.
class WorldState final : public PublishedState {
 public:
  WorldState(const ledger::TestWorld& world, std::size_t& rows) : world_(world), rows_(rows) {}
  std::uint64_t log_size() const override { return world_.history().size(); }
  std::uint64_t time_ms() const override { return world_.history().back().time_ms; }
  Result<std::optional<platform::Buffer>> row(const Digest& key) const override {
    const auto value = world_.state().value(key);
    if (!value) return std::nullopt;
    ++rows_;
    return platform::copy(*value);
  }
  Result<std::optional<platform::Buffer>> submission(const Digest& identity) const override {
    for (const auto& block : world_.history()) {
      for (const auto& each : block.submissions) {
        if (statement::parse(each)->identity == identity) return each;
      }
    }
    return std::nullopt;
  }

 private:
  const ledger::TestWorld& world_;
  std::size_t& rows_;
};

TestOptions with_spare_keys() {
  TestOptions out;
  out.members[2].further_keys = {"city-2", "city-3"};
  return out;
}

class JudgeTest : public ::testing::Test {
 protected:
  std::optional<Reader> reader(const TestKey& key) {
    clock_.set(static_cast<std::int64_t>(world_.time_ms()));
    const auto known = judge_.known(key.kid());
    EXPECT_TRUE(known.has_value());
    if (!known || !*known) return std::nullopt;
    EXPECT_EQ((*known)->key, key.key());
    return (*known)->reader;
  }
  bool concerns(TestKey& key, const About& about) {
    const auto who = reader(key);
    EXPECT_TRUE(who.has_value());
    if (!who) return false;
    const auto answer = judge_.concerns(*who, about);
    EXPECT_TRUE(answer.has_value()) << answer.error().message();
    return answer.value_or(false);
  }
  bool concerns(std::string_view key, const About& about) { return concerns(world_.key(key), about); }
  std::size_t rows_for(TestKey& key, const About& about) {
    const auto who = reader(key);
    rows_ = 0;
    EXPECT_FALSE(judge_.concerns(*who, about).value());
    return rows_;
  }
  static About thing(const Id& id) { return {What::thing, id}; }
  static About life(const Id& id) { return {What::life, id}; }

  CameraWorld world_{with_spare_keys()};
  std::size_t rows_ = 0;
  platform::SimulatedClock clock_;
  StateJudge judge_{[this] { return std::make_unique<const WorldState>(world_, rows_); }, clock_};
};

TEST_F(JudgeTest, KnowsKeysThatSpeak) {
  const auto city = reader(world_.key("city"));
  ASSERT_TRUE(city.has_value());
  EXPECT_TRUE(city->speaks && city->is_member);
  EXPECT_EQ(city->subject, subject_of_party(world_.handle("city")));
  EXPECT_EQ(city->patron, world_.handle("city"));
  world_.open_party("garage", "city");
  const auto garage = reader(world_.key("garage"));
  ASSERT_TRUE(garage.has_value());
  EXPECT_TRUE(garage->speaks && !garage->is_member);
  EXPECT_EQ(garage->patron, world_.handle("city"));
}

TEST_F(JudgeTest, KnowsNoOtherKeys) {
  EXPECT_FALSE(reader(world_.new_member_key("unregistered", "city")).has_value());
  EXPECT_FALSE(reader(world_.key("release-1")).has_value());
  EXPECT_FALSE(reader(world_.key("recovery-1")).has_value());
  world_.accepted(world_.key("city"), key::Freeze{world_.key("city-2").kid()});
  EXPECT_FALSE(reader(world_.key("city-2")).has_value());
  world_.accepted(world_.key("city"), key::Revoke{world_.key("city-2").kid(), key::Reason::compromised},
                  {.approvers = {&world_.key("city-3")}});
  EXPECT_FALSE(reader(world_.key("city-2")).has_value());
}

TEST_F(JudgeTest, AThingConcernsOwnerMakerAndItsOwnKey) {
  const Id camera = world_.camera("camera-1", {world_.cell("cell-1")}, "city");
  for (const auto* who : {"city", "cameras", "camera-1"}) {
    EXPECT_TRUE(concerns(who, thing(camera))) << who;
    EXPECT_TRUE(concerns(who, life(camera))) << who;
  }
  for (const auto* who : {"clinic", "chips", "lab"}) EXPECT_FALSE(concerns(who, thing(camera))) << who;
  EXPECT_FALSE(concerns("city", thing(world_.id("cameras", "nothing"))));
}

TEST_F(JudgeTest, AThingConcernsWhoHoldsItAndToWhomItGoes) {
  const Id camera = world_.camera("camera-1", {}, "city");
  world_.lend(thing::Type::device, camera, "city", "lab");
  EXPECT_TRUE(concerns("lab", thing(camera)));
  EXPECT_FALSE(concerns("clinic", thing(camera)));
  ASSERT_TRUE(world_.offer("city", camera, world_.handle("clinic")).accepted());
  EXPECT_TRUE(concerns("clinic", thing(camera)));
  ASSERT_TRUE(world_.accept("clinic", camera).accepted());
  EXPECT_FALSE(concerns("city", thing(camera)));
}

TEST_F(JudgeTest, AThingConcernsTheRegistrarOfItsOwner) {
  world_.open_party("person", "city");
  const Id camera = world_.camera("camera-1", {});
  world_.sell(camera, world_.key("cameras"), world_.key("person"));
  EXPECT_TRUE(concerns("person", thing(camera)));
  EXPECT_TRUE(concerns("city", thing(camera)));
  EXPECT_FALSE(concerns("clinic", thing(camera)));
}

TEST_F(JudgeTest, AMountedPartConcernsItsMakerAndTheOwnerOfItsRoot) {
  const Id sensor = world_.sensor("sensor-1");
  const Id board = world_.board("board-1", {sensor});
  const Id camera = world_.camera("camera-1", {board}, "city");
  for (const auto* who : {"chips", "city", "sensor-1", "camera-1"}) EXPECT_TRUE(concerns(who, thing(sensor))) << who;
  EXPECT_FALSE(concerns("clinic", thing(sensor)));
  // Who made a part of it has no concern with the whole.
  EXPECT_FALSE(concerns("chips", thing(camera)));
  EXPECT_FALSE(concerns("sensor-1", thing(camera)));
}

TEST_F(JudgeTest, AKeyThatOnceSpokeReadsItsThingsRowAndNothingElse) {
  const Id camera = world_.camera("camera-1", {}, "city");
  world_.sell(camera, "city", "clinic");
  const auto old = reader(world_.key("camera-1"));
  ASSERT_TRUE(old.has_value());
  EXPECT_FALSE(old->speaks);
  EXPECT_TRUE(concerns("camera-1", thing(camera)));
  EXPECT_FALSE(concerns("camera-1", life(camera)));
  EXPECT_FALSE(concerns("camera-1", {What::party, world_.handle("clinic")}));
  EXPECT_FALSE(concerns("camera-1", thing(world_.id("cameras", "nothing"))));
}

TEST_F(JudgeTest, AGateReadsItsGrantorsThings) {
  const Id camera = world_.camera("camera-1", {}, "city");
  EXPECT_FALSE(concerns("lab", thing(camera)));
  world_.accepted(world_.key("city"), role::Grant{world_.handle("lab"), Role::gate, {}, {}}, {.approvers = {}});
  EXPECT_TRUE(concerns("lab", thing(camera)));
  EXPECT_FALSE(concerns("notary", thing(camera)));
  const Id other = world_.camera("camera-2", {}, "clinic");
  EXPECT_FALSE(concerns("lab", thing(other)));
  world_.accepted(world_.key("city"), role::Revoke{world_.handle("lab"), Role::gate, {}});
  EXPECT_FALSE(concerns("lab", thing(camera)));
}

TEST_F(JudgeTest, APartyConcernsItselfAndItsRegistrar) {
  const Handle person = world_.open_party("person", "city");
  world_.open_party("neighbour", "city");
  for (const auto what : {What::party, What::list, What::quota}) {
    EXPECT_TRUE(concerns("person", {what, person}));
    EXPECT_TRUE(concerns("city", {what, person}));
    EXPECT_FALSE(concerns("clinic", {what, person}));
    EXPECT_FALSE(concerns("neighbour", {what, person}));
  }
  // A member's record is no secret, its lists are.
  EXPECT_TRUE(concerns("neighbour", {What::party, world_.handle("clinic")}));
  EXPECT_FALSE(concerns("city", {What::list, world_.handle("clinic")}));
}

TEST_F(JudgeTest, AKeyConcernsItselfAndWhomItsSubjectConcerns) {
  world_.open_party("person", "city");
  const Digest key = world_.key("person").kid();
  for (const auto what : {What::key, What::replay}) {
    EXPECT_TRUE(concerns("person", {what, key}));
    EXPECT_TRUE(concerns("city", {what, key}));
    EXPECT_FALSE(concerns("clinic", {what, key}));
  }
  const Id camera = world_.camera("camera-1", {}, "clinic");
  const Digest device_key = world_.key("camera-1").kid();
  EXPECT_EQ(world_.device(camera).owned_by(), world_.handle("clinic"));
  EXPECT_TRUE(concerns("clinic", {What::replay, device_key}));
  EXPECT_TRUE(concerns("camera-1", {What::replay, device_key}));
  // The maker sees the key, and not how often it signs.
  EXPECT_TRUE(concerns("cameras", {What::key, device_key}));
  EXPECT_FALSE(concerns("cameras", {What::replay, device_key}));
}

TEST_F(JudgeTest, AGrantConcernsWhoGivesAndWhoHasIt) {
  world_.accepted(world_.key("city"), role::Grant{world_.handle("lab"), Role::gate, {}, {}});
  const About about{What::role, world_.handle("lab"), Role::gate, world_.handle("city")};
  EXPECT_TRUE(concerns("lab", about));
  EXPECT_TRUE(concerns("city", about));
  EXPECT_FALSE(concerns("clinic", about));
}

TEST_F(JudgeTest, AStatementConcernsItsSignersAndTheirRegistrar) {
  world_.open_party("person", "city");
  const Id camera = world_.camera("camera-1", {}, "city");
  ASSERT_TRUE(world_.retire("city", camera).accepted());
  ASSERT_TRUE(world_.destroy("city", camera).accepted());
  const Digest destroyed = statement::parse(world_.history().back().submissions.front())->identity;
  for (const auto* who : {"city", "city-2", "lab", "notary"}) EXPECT_TRUE(concerns(who, {What::statement, destroyed}));
  EXPECT_FALSE(concerns("clinic", {What::statement, destroyed}));
  world_.accepted(world_.key("person"), role::Grant{world_.handle("lab"), Role::gate, {}, {}});
  const Digest granted = statement::parse(world_.history().back().submissions.front())->identity;
  EXPECT_TRUE(concerns("person", {What::statement, granted}));
  EXPECT_TRUE(concerns("city", {What::statement, granted}));
  EXPECT_FALSE(concerns("clinic", {What::statement, granted}));
  EXPECT_FALSE(concerns("person", {What::statement, Digest{}}));
}

TEST_F(JudgeTest, ProposalsAreForMembers) {
  world_.open_party("person", "city");
  EXPECT_TRUE(concerns("clinic", {What::members, {}}));
  EXPECT_FALSE(concerns("person", {What::members, {}}));
}

TEST_F(JudgeTest, ARefusalCostsTheSameWhetherTheThingExistsOrNot) {
  const Handle person = world_.open_party("person", "city");
  const Id sensor = world_.sensor("sensor-1");
  const Id camera = world_.camera("camera-1", {world_.board("board-1", {sensor})}, "city");
  world_.sell(camera, world_.key("city"), world_.key("person"));
  auto& rival = world_.key("clinic");
  const std::size_t nothing = rows_for(rival, thing(world_.id("cameras", "nothing")));
  EXPECT_EQ(nothing, StateJudge::rows_of_refusal);
  for (const auto& about : {thing(camera), life(camera), thing(sensor)}) EXPECT_EQ(rows_for(rival, about), nothing);
  EXPECT_EQ(rows_for(rival, {What::party, person}), nothing);
  EXPECT_EQ(rows_for(rival, {What::party, world_.handle("nobody")}), nothing);
  EXPECT_EQ(rows_for(rival, {What::key, world_.key("camera-1").kid()}), nothing);
  EXPECT_EQ(rows_for(rival, {What::replay, world_.key("person").kid()}), nothing);
  EXPECT_EQ(rows_for(rival, {What::replay, Digest{}}), nothing);
}

TEST_F(JudgeTest, ALookForAKeyCostsTheSameWhetherTheLedgerKnowsItOrNot) {
  const Id sensor = world_.sensor("sensor-1");
  world_.camera("camera-1", {world_.board("board-1", {sensor})}, "city");
  const auto rows = [&](const Digest& key) {
    rows_ = 0;
    EXPECT_TRUE(judge_.known(key).has_value());
    return rows_;
  };
  for (const auto& key :
       {world_.key("city").kid(), world_.key("camera-1").kid(), world_.key("sensor-1").kid(), Digest{}})
    EXPECT_EQ(rows(key), StateJudge::rows_of_known);
}

}  // namespace
}  // namespace mikusari::api
