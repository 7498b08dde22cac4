// SPDX-License-Identifier: Apache-2.0
#include "replica/door.hpp"

#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using ledger::CameraWorld;

class DoorTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(node_.open());
    std::vector<part::Register> bodies;
    for (std::size_t i = 0; i < Door::rows_max + 1; ++i)
      bodies.push_back(world_.cell_registration("cell " + std::to_string(i)));
    for (const auto& fate : world_.say_all(world_.key("chips"), bodies)) ASSERT_TRUE(fate.accepted());
    node_.play(world_);
    // The node holds its own chain: what is read here is a copy.
    ASSERT_TRUE(copy_.make_directory("store/chain"));
    for (const auto& [path, bytes] : files_in(node_.disk, {"store/chain"}))
      ASSERT_TRUE(platform::write_atomically(copy_, path, bytes));
    const storage::ChainSource source{copy_, "store/chain", world_.ledger()};
    const auto visit = [](const storage::Frame&) { return Result<void>(); };
    auto opened = storage::ChainFile::open(source, {random_, log_}, visit);
    ASSERT_TRUE(opened.has_value()) << opened.error().message();
    chain_ = *std::move(opened);
  }
  std::unique_ptr<DoorState> take() { return door_.take(node_.replica->read(), reader()); }
  const ChainReader& reader() {
    if (!reader_) reader_.emplace(*chain_, damage_);
    return *reader_;
  }
  Digest cell(std::size_t i) { return path::part(world_.id("chips", "cell " + std::to_string(i))); }

  CameraWorld world_;
  TestReplica node_{world_};
  platform::SimulatedDisk copy_;
  platform::SimulatedRandom random_{1};
  platform::SimulatedClock clock_;
  platform::MemoryLog log_{clock_};
  Damage damage_;
  std::unique_ptr<storage::ChainFile> chain_;
  std::optional<ChainReader> reader_;
  Door door_;
};

TEST_F(DoorTest, WhatWasReadOfOneEndServesTheNext) {
  auto state = take();
  ASSERT_TRUE(state->before.value(cell(0)).has_value());
  const auto* first = state.get();
  EXPECT_NE(take().get(), first) << "one thread at a time";
  door_.give_back(std::move(state));
  state = take();
  EXPECT_EQ(state.get(), first);
  EXPECT_EQ(state->before.rows(), 1U);
}

TEST_F(DoorTest, EveryStateOfAnEarlierEndGoesWhenANewOneIsAskedFor) {
  auto one = take(), two = take(), late = take();
  door_.give_back(std::move(one));
  door_.give_back(std::move(two));
  world_.accepted(world_.key("chips"), CameraWorld::model("later", thing::Class::chip));
  ASSERT_TRUE(node_.order(world_.history().back()));
  auto present = take();
  EXPECT_EQ(door_.idle(), 0U);
  // One that comes back late does not stay below the present ones.
  door_.give_back(std::move(late));
  door_.give_back(std::move(present));
  std::ignore = take();
  EXPECT_EQ(door_.idle(), 0U);
}

TEST_F(DoorTest, AStateThatHasReadTooMuchIsNotKept) {
  auto state = take();
  for (std::size_t i = 0; i < Door::rows_max; ++i) ASSERT_TRUE(state->before.value(cell(i)).has_value());
  door_.give_back(std::move(state));
  EXPECT_EQ(door_.idle(), 1U);
  state = take();
  ASSERT_TRUE(state->before.value(cell(Door::rows_max)).has_value());
  door_.give_back(std::move(state));
  EXPECT_EQ(door_.idle(), 0U);
}

}  // namespace
}  // namespace mikusari::replica
