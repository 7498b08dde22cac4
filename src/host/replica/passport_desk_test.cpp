// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_desk.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "ledger/test_votes.hpp"
#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;
using ledger::TestWorld;

class PassportDeskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node.open());
    live(world);
    flood();
    node.play(world);
    desk.emplace([this] { return read(); }, node.clock);
  }
  void TearDown() override { desk.reset(); }
  void flood() {
    const std::vector<part::Inspect> bodies(4000, {thing::Type::device, second, part::Finding::passed, {}, {}});
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(world.say_all(world.key("clinic"), bodies).back().accepted());
  }
  void one_more_block() {
    world.accepted(world.key("chips"), world.cell_registration("cell " + std::to_string(made_++)));
    node.play(world);
  }
  // The desk asks for a reading under its lock: that is where a test can hold it up.
  Reading read() {
    platform::MutexLock lock(mutex_);
    ++readings_;
    return node.replica->read();
  }
  std::uint64_t log_size_of(const PassportDesk::Answer& answer) {
    return cbor::decode<proof::PassportPage>(answer.page.bytes)->anchor.checkpoint.size;
  }

  CameraWorld world;
  TestReplica node{world};
  const Id camera = world.id("cameras", "camera"), second = world.id("cameras", "second camera");
  std::optional<PassportDesk> desk;

 private:
  platform::Mutex mutex_;
  int readings_ = 0, made_ = 0;
};

TEST_F(PassportDeskTest, GivesAllPagesUnderTheCheckpointOfTheFirst) {
  const auto first = desk->ask({second, {}, {}});
  ASSERT_TRUE(first.has_value()) << first.error().message();
  ASSERT_TRUE((*first)->page.more);
  EXPECT_EQ(log_size_of(**first), (*first)->log_size);
  one_more_block();
  const auto next = desk->ask({second, {.page = 1}, (*first)->log_size});
  ASSERT_TRUE(next.has_value()) << next.error().message();
  EXPECT_EQ(log_size_of(**next), (*first)->log_size);
  EXPECT_NE((*desk->ask({second, {}, {}}))->log_size, (*first)->log_size) << "who begins now begins with the newest";
}

TEST_F(PassportDeskTest, KeepsNothingForAPassportOfOnePage) {
  const auto answer = desk->ask({camera, {}, {}});
  ASSERT_TRUE(answer.has_value());
  EXPECT_FALSE((*answer)->page.more);
  EXPECT_EQ(desk->kept(), 0U);
  EXPECT_EQ(desk->ask({camera, {}, (*answer)->log_size}).error().code(), Code::conflict);
  EXPECT_EQ(desk->ask({TestWorld::nonce("nothing"), {}, {}}).error().code(), Code::not_found);
}

TEST_F(PassportDeskTest, LetsGoOfAReadingWhenItsTimeIsOver) {
  const auto size = (*desk->ask({second, {}, {}}))->log_size;
  node.clock.advance(PassportDesk::kept_ms - 1);
  ASSERT_TRUE(desk->ask({second, {}, size})) << "asked for again, it stays";
  node.clock.advance(PassportDesk::kept_ms - 1);
  ASSERT_TRUE(desk->ask({second, {}, size}));
  node.clock.advance(PassportDesk::kept_ms);
  EXPECT_EQ(desk->kept(), 1U);
  desk->let_go();
  EXPECT_EQ(desk->kept(), 0U);
  EXPECT_EQ(desk->ask({second, {}, size}).error().code(), Code::conflict);
}

TEST_F(PassportDeskTest, LetsGoOfAReadingHoweverOftenItIsAskedFor) {
  const auto size = (*desk->ask({second, {}, {}}))->log_size;
  std::int64_t passed = 0;
  while (desk->ask({second, {}, size})) {
    node.clock.advance(PassportDesk::kept_ms / 2);
    passed += PassportDesk::kept_ms / 2;
    ASSERT_LE(passed, PassportDesk::kept_in_all_ms);
  }
  EXPECT_EQ(passed, PassportDesk::kept_in_all_ms);
}

TEST_F(PassportDeskTest, KeepsFewReadingsAndOfThoseTheOnesUsedLast) {
  std::vector<std::uint64_t> sizes;
  for (std::size_t i = 0; i < PassportDesk::kept_max + 2; ++i) {
    sizes.push_back((*desk->ask({second, {}, {}}))->log_size);
    EXPECT_TRUE(desk->ask({second, {}, sizes.front()})) << "it is used again and again";
    one_more_block();
  }
  EXPECT_EQ(desk->kept(), PassportDesk::kept_max);
  EXPECT_TRUE(desk->ask({second, {}, sizes.front()}));
  EXPECT_EQ(desk->ask({second, {}, sizes[1]}).error().code(), Code::conflict);
  EXPECT_TRUE(desk->ask({second, {}, sizes.back()}));
}

TEST_F(PassportDeskTest, MakesAPageOnceForAllWhoAskAtTheSameTimeAndOneAtATime) {
  std::vector<std::jthread> askers;
  std::atomic<std::size_t> answered = 0;
  {
    // Nobody's turn comes while the desk is held up.
    const PassportDesk::Hold hold(*desk);
    for (int i = 0; i < 12; ++i) {
      askers.emplace_back([&, i] {
        const auto answer = desk->ask({i % 3 == 0 ? camera : second, {}, {}});
        if (answer && (*answer)->page.more == (i % 3 != 0)) ++answered;
      });
    }
    while (desk->asking() != 12) std::this_thread::yield();
  }
  askers.clear();
  EXPECT_EQ(answered, 12U);
  EXPECT_EQ(desk->made(), 2U) << "two passports, for twelve";
  EXPECT_EQ(desk->asking(), 0U);
}

// However often its pages are asked for while nothing is ordered, who begins now has the newest cosignature.
TEST_F(PassportDeskTest, GivesThePresentCheckpointToWhoBeginsThoughTheLogIsTheSame) {
  const auto time_of = [](const PassportDesk::Answer& answer) {
    const auto page = cbor::decode<proof::PassportPage>(answer.page.bytes);
    return (*page->anchor.checkpoint.signatures.begin()).time;
  };
  const auto first = *desk->ask({second, {}, {}});
  node.clock.advance(30'000);
  ASSERT_TRUE(node.replica->beat());
  ASSERT_TRUE(desk->ask({second, {.page = 1}, first->log_size}));
  EXPECT_EQ(time_of(**desk->ask({second, {}, {}})), time_of(*first) + 30);
  EXPECT_EQ(desk->kept(), 1U);
  EXPECT_TRUE(desk->ask({second, {.page = 1}, first->log_size}));
}

// A reading is kept as it was; what a vote withholds is not shown of it any more.
TEST_F(PassportDeskTest, GivesNoFurtherPageThatWasMadeBeforeABodyWasWithheld) {
  const auto first = *desk->ask({second, {}, {}});
  const auto flooded = statement::parse(world.history().back().submissions.front())->identity;
  one_more_block();
  ASSERT_TRUE(desk->ask({second, {.page = 1}, first->log_size}));
  ASSERT_TRUE(ledger::decide(world, ledger::about_body(flooded, 0), {"chips", "cameras", "city", "lab"}).accepted());
  node.play(world);
  EXPECT_EQ(desk->ask({second, {.page = 1}, first->log_size}).error().code(), Code::conflict);
  EXPECT_EQ(desk->ask({second, {}, first->log_size}).error().code(), Code::conflict);
  EXPECT_TRUE(desk->ask({second, {}, {}}));
}

}  // namespace
}  // namespace mikusari::replica
