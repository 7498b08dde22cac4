// SPDX-License-Identifier: Apache-2.0
// Every refusal that stands in the table is given by a rule in some test of this program; and those of the executor.
#include "ledger/rules/refusal_test_support.hpp"
#include "ledger/test_growth.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class EveryRefusalIsReached : public ::testing::Environment {
 public:
  void TearDown() override {
    if (GTEST_FLAG_GET(filter) != "*") return;
    for (const auto& text : statement::refusals()) {
      // A withheld body reaches no rule: who takes submissions refuses it (replica/executor.hpp).
      if (text.value == none || text.value == withheld) continue;
      EXPECT_TRUE(seen_refusals().contains(text.value))
          << text.name << " was never the reason of a refusal in these tests";
    }
  }
};

const auto* const environment = ::testing::AddGlobalTestEnvironment(new EveryRefusalIsReached);

part::Register cell(const CameraWorld& world, std::string_view name) { return world.cell_registration(name); }

TEST(Refusals, StandInTheOrderOfTheirNumbersEachWithItsTexts) {
  int last = -1;
  for (const auto& text : statement::refusals()) {
    EXPECT_GT(static_cast<int>(text.value), last);
    last = static_cast<int>(text.value);
    EXPECT_EQ(cbor::name_of(text.value), text.name);
    EXPECT_FALSE(text.english.empty());
    EXPECT_FALSE(text.japanese.empty());
    EXPECT_EQ(&statement::text_of(text.value), &text);
  }
  EXPECT_EQ(statement::refusals().size(), names_of(none).size());
}

TEST(Refusals, ExpiredStatementIsDiscarded) {
  CameraWorld world;
  const auto body = CameraWorld::model("x", thing::Class::chip);
  EXPECT_REFUSED(world.say(world.key("chips"), body, {.valid_until_ms = world.time_ms() - 1}), expired);
  EXPECT_DONE(world.say(world.key("chips"), body, {.valid_until_ms = world.time_ms()}));
}

TEST(Refusals, UsedCounterIsDiscarded) {
  CameraWorld world;
  EXPECT_DONE(world.say(world.key("chips"), CameraWorld::model("x", thing::Class::chip), {.n = 9}));
  EXPECT_REFUSED(world.say(world.key("chips"), CameraWorld::model("y", thing::Class::chip), {.n = 9}), counter_used);
}

TEST(Refusals, BodyThatDoesNotDecodeIsMalformed) {
  CameraWorld world;
  const auto submission = world.submission(world.key("chips"), part::Scrap::kind, {platform::Buffer{std::byte{0xa0}}});
  EXPECT_REFUSED(world.block({submission}).front().bodies.front(), malformed_body);
}

TEST(Refusals, OneRefusedBodyOfAllOrNothingRollsTheOthersBack) {
  CameraWorld world;
  const std::vector bodies{cell(world, "a"), cell(world, "a"), cell(world, "b")};
  const auto fates = world.say_all(world.key("chips"), bodies, {.atomic = true});
  EXPECT_REFUSED(fates[0], rolled_back);
  EXPECT_REFUSED(fates[1], already_registered);
  EXPECT_REFUSED(fates[2], rolled_back);
  EXPECT_FALSE(world.find<part::Record>(path::part(world.id("chips", "a"))).has_value());
}

TEST(Refusals, OneStatementChangesOnlySoMuch) {
  GrowthWorld world;
  const auto before = world.device(world.full()).history.count;
  const auto fates = world.block({world.inspect_often()}).front().bodies;
  std::size_t written = 0, refused = 0;
  for (const auto& fate : fates) {
    written += fate.written;
    if (fate.accepted()) continue;
    ++refused;
    EXPECT_REFUSED(fate, too_many_changes);
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LE(written, GrowthWorld::statement_growth);
  EXPECT_GT(written, GrowthWorld::statement_growth - 8 * 1024);
  EXPECT_EQ(world.device(world.full()).history.count, before + fates.size() - refused);
}

TEST(Refusals, StatementStopsWhenItsRefusedBodiesHaveUsedTheirSteps) {
  TestOptions options;
  options.parameters.refused_steps = 64;
  CameraWorld world(options);
  const std::vector<part::Register> bodies(64, cell(world, "a"));
  const auto fates = world.say_all(world.key("chips"), bodies);
  EXPECT_DONE(fates[0]);
  EXPECT_REFUSED(fates[1], already_registered);
  EXPECT_REFUSED(fates[63], stopped);
}

TEST(Refusals, DaysQuotaDiscards) {
  TestOptions options;
  options.parameters.member_day.statements = 8;
  CameraWorld world(options);
  auto& chips = world.key("chips");
  for (int i = 0; i < 6; ++i) world.accepted(chips, cell(world, std::to_string(i)));
  EXPECT_REFUSED(world.say(chips, cell(world, "x")), over_quota);
}

TEST(Refusals, FullLedgerRefusesRows) {
  TestOptions options;
  options.parameters.ledger_rows = 16;
  CameraWorld world(options);
  auto& chips = world.key("chips");
  for (int i = 0; i < 11; ++i) world.accepted(chips, cell(world, std::to_string(i)));
  EXPECT_REFUSED(world.say(chips, cell(world, "x")), no_room);
}

}  // namespace
}  // namespace mikusari::ledger
