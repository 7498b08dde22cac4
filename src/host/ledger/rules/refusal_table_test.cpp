// SPDX-License-Identifier: Apache-2.0
// Every refusal that stands in the table is given by a rule in some test of this program; and those of the executor.
#include "ledger/rules/refusal_test_support.hpp"
#include "ledger/test_towers.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class EveryRefusalIsReached : public ::testing::Environment {
 public:
  void TearDown() override {
    if (GTEST_FLAG_GET(filter) != "*") return;
    for (const auto& text : statement::refusals()) {
      if (text.value == none) continue;
      EXPECT_TRUE(seen_refusals().contains(text.value))
          << text.name << " was never the reason of a refusal in these tests";
    }
  }
};

const auto* const environment = ::testing::AddGlobalTestEnvironment(new EveryRefusalIsReached);

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

TEST(Refusals, ExpiredStatementIsRefused) {
  CameraWorld world;
  const model::Register body{"x", model::Class::chip, {}, 0};
  EXPECT_REFUSED(world.say(world.key("chips"), body, {.valid_until_ms = world.time_ms() - 1}), expired);
  EXPECT_TRUE(world.say(world.key("chips"), body, {.valid_until_ms = world.time_ms()}).accepted());
}

TEST(Refusals, OneRefusedBodyOfAllOrNothingRollsTheOthersBack) {
  CameraWorld world;
  const std::vector bodies{part::Register{TestWorld::id("a"), CameraWorld::cell_model(), {}, {}, {}},
                           part::Register{TestWorld::id("a"), CameraWorld::cell_model(), {}, {}, {}},
                           part::Register{TestWorld::id("b"), CameraWorld::cell_model(), {}, {}, {}}};
  const auto fates = world.say_all(world.key("chips"), bodies, {.atomic = true});
  EXPECT_REFUSED(fates[0], rolled_back);
  EXPECT_REFUSED(fates[1], already_registered);
  EXPECT_REFUSED(fates[2], rolled_back);
  EXPECT_FALSE(world.find<part::Record>(path::part(TestWorld::id("a"))).has_value());
}

TEST(Refusals, OneStatementChangesOnlySoMuch) {
  TowerWorld world;
  const auto fates = world.block({world.attach_to_all()}).front().bodies;
  std::size_t written = 0, refused = 0;
  for (const auto& fate : fates) {
    written += fate.written;
    if (fate.accepted()) continue;
    ++refused;
    EXPECT_REFUSED(fate, too_many_changes);
    EXPECT_TRUE(fate.changed.empty());
  }
  EXPECT_GT(refused, 0U);
  EXPECT_LE(written, limits::changes_bytes_max);
  EXPECT_GT(written, limits::changes_bytes_max - 64 * 1024);
  std::size_t attached = 0;
  for (std::size_t tower = 0; tower < TowerWorld::towers; ++tower)
    attached += world.part(TestWorld::id("tower " + std::to_string(tower) + " level 0")).children.size();
  EXPECT_EQ(attached + refused, fates.size());
}

}  // namespace
}  // namespace mikusari::ledger
