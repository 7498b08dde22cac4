// SPDX-License-Identifier: Apache-2.0
#include "consensus/solo/solo.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "platform/simulated/clock.hpp"

namespace mikusari::consensus {
namespace {

using platform::Buffer;
using platform::MutexLock;

Buffer numbered(std::uint64_t number) {
  Buffer out(8);
  std::memcpy(out.data(), &number, 8);
  return out;
}

std::uint64_t number_of(ByteView bytes) {
  std::uint64_t out = 0;
  std::memcpy(&out, bytes.data(), 8);
  return out;
}

// Keeps what it is given, in order; flush() can be held back, and can fail.
class Journal final : public Application {
 public:
  Position durable() const override { return {}; }
  Result<Digest> admit(ByteView) override { return Digest{}; }
  std::uint64_t next_height() const override { return blocks_.size() + 1; }
  std::size_t select(std::span<const Buffer> pending, std::size_t bytes_max) const override {
    return std::max<std::size_t>(1, std::min(pending.size(), bytes_max / 8));
  }
  Result<void> check(const Block& block) override {
    if (damaged) return fail(Code::corrupt, "a row was changed");
    if (number_of(block.submissions[0]) == poison) return fail(Code::unauthenticated, "poison");
    return {};
  }
  Result<Execution> execute(const Block& block) override {
    executed_.clear();
    for (const auto& submission : block.submissions) {
      if (executed_.size() == room) break;
      executed_.push_back(number_of(submission));
    }
    return Execution{{block.height, {}}, executed_.size()};
  }
  Result<void> commit() override {
    MutexLock lock(mutex_);
    blocks_.push_back(executed_);
    furthest_ = std::max(furthest_, blocks_.size() - flushed_);
    changed_.notify_all();
    return {};
  }
  Result<void> flush() override {
    MutexLock lock(mutex_);
    while (held_) changed_.wait(mutex_);
    if (failing) return fail(Code::unavailable, "the disk is gone");
    flushed_ = blocks_.size();
    changed_.notify_all();
    return {};
  }

  void hold(bool held) {
    MutexLock lock(mutex_);
    held_ = held;
    changed_.notify_all();
  }
  void wait_for_blocks(std::size_t count) {
    MutexLock lock(mutex_);
    while (flushed_ < count) changed_.wait(mutex_);
  }
  void wait_for_commits(std::size_t count) {
    MutexLock lock(mutex_);
    while (blocks_.size() < count) changed_.wait(mutex_);
  }
  // The most blocks that were committed and not flushed.
  std::size_t furthest() const { return furthest_; }
  std::vector<std::uint64_t> all() const {
    std::vector<std::uint64_t> out;
    for (const auto& block : blocks_) out.insert(out.end(), block.begin(), block.end());
    return out;
  }
  std::size_t blocks() const { return blocks_.size(); }
  std::size_t flushed() const { return flushed_; }

  static constexpr std::uint64_t poison = 666;
  bool failing = false, damaged = false;
  std::size_t room = 1'000'000;  // of a block, in submissions

 private:
  std::vector<std::uint64_t> executed_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  bool held_ = false;
  std::size_t flushed_ = 0, furthest_ = 0;
  std::vector<std::vector<std::uint64_t>> blocks_;
};

class SoloTest : public ::testing::Test {
 protected:
  void start(Solo& engine) {
    thread = std::jthread([&](const std::stop_token& stop) { result = engine.run(journal, stop); });
  }
  Result<void> finish() {
    thread.request_stop();
    thread.join();
    return result;
  }
  platform::SimulatedClock clock;
  Journal journal;
  Result<void> result;
  std::jthread thread;
};

TEST_F(SoloTest, KeepsTheOrderAndFinishesWhatIsQueuedWhenItIsStopped) {
  Solo engine(clock, {});
  for (std::uint64_t i = 0; i < 1000; ++i) ASSERT_TRUE(engine.submit(numbered(1000 + i)));
  start(engine);
  ASSERT_TRUE(finish());
  const auto all = journal.all();
  ASSERT_EQ(all.size(), 1000U);
  for (std::uint64_t i = 0; i < 1000; ++i) EXPECT_EQ(all[i], 1000 + i);
  EXPECT_EQ(journal.flushed(), journal.blocks());
}

TEST_F(SoloTest, CutsBlocksAtTheirLimit) {
  Solo engine(clock, {.block_bytes_max = 80});
  for (std::uint64_t i = 0; i < 25; ++i) ASSERT_TRUE(engine.submit(numbered(i)));
  start(engine);
  ASSERT_TRUE(finish());
  EXPECT_EQ(journal.blocks(), 3U);
}

TEST_F(SoloTest, PutsWhatABlockHasNoRoomForIntoTheNext) {
  Solo engine(clock, {});
  journal.room = 4;
  for (const std::uint64_t i : {std::uint64_t{1}, Journal::poison}) ASSERT_TRUE(engine.submit(numbered(i)));
  for (std::uint64_t i = 2; i <= 10; ++i) ASSERT_TRUE(engine.submit(numbered(i)));
  start(engine);
  ASSERT_TRUE(finish());
  EXPECT_EQ(journal.all(), (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(journal.blocks(), 3U);
}

TEST_F(SoloTest, LeavesOutWhatDoesNotHoldAnyMore) {
  Solo engine(clock, {});
  for (const std::uint64_t i : {std::uint64_t{1}, Journal::poison, std::uint64_t{2}})
    ASSERT_TRUE(engine.submit(numbered(i)));
  start(engine);
  ASSERT_TRUE(finish());
  EXPECT_EQ(journal.all(), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(SoloTest, RefusesWhatItsQueueCannotHold) {
  Solo by_number(clock, {.queue_count_max = 2});
  ASSERT_TRUE(by_number.submit(numbered(1)) && by_number.submit(numbered(2)));
  EXPECT_EQ(by_number.submit(numbered(3)).error().code(), Code::exhausted);
  Solo by_bytes(clock, {.queue_bytes_max = 20});
  ASSERT_TRUE(by_bytes.submit(numbered(1)) && by_bytes.submit(numbered(2)));
  EXPECT_EQ(by_bytes.submit(numbered(3)).error().code(), Code::exhausted);
}

TEST_F(SoloTest, ExecutesAheadOfTheDiskButNotFar) {
  Solo engine(clock, {.block_bytes_max = 8, .unflushed_max = 3});
  journal.hold(true);
  for (std::uint64_t i = 0; i < 500; ++i) ASSERT_TRUE(engine.submit(numbered(i)));
  start(engine);
  journal.wait_for_commits(3);
  journal.hold(false);
  journal.wait_for_blocks(500);
  ASSERT_TRUE(finish());
  EXPECT_EQ(journal.all().size(), 500U);
  EXPECT_EQ(journal.furthest(), 3U);
}

TEST_F(SoloTest, EndsWithTheErrorWhenTheDiskFailsAndTakesNothingMore) {
  Solo engine(clock, {});
  journal.failing = true;
  ASSERT_TRUE(engine.submit(numbered(1)));
  start(engine);
  thread.join();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), Code::unavailable);
  EXPECT_EQ(engine.submit(numbered(2)).error().code(), Code::unavailable);
}

TEST_F(SoloTest, EndsWhenTheApplicationFindsItsStoreDamagedAndOrdersNothingMore) {
  Solo engine(clock, {});
  journal.damaged = true;
  ASSERT_TRUE(engine.submit(numbered(1)));
  start(engine);
  thread.join();
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().code(), Code::corrupt);
  EXPECT_EQ(journal.blocks(), 0U);
  EXPECT_EQ(engine.submit(numbered(2)).error().code(), Code::unavailable);
}

}  // namespace
}  // namespace mikusari::consensus
