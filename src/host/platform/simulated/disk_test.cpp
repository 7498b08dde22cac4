// SPDX-License-Identifier: Apache-2.0
#include "platform/simulated/disk.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace mikusari::platform {
namespace {

constexpr std::uint64_t seeds = 200;

std::string text_of(SimulatedDisk& disk, const std::string& path) {
  const auto bytes = disk.contents(path);
  return bytes ? std::string(as_text(*bytes)) : "(absent)";
}

// Every content of /d/a that a crash after `scenario` leaves, over all seeds.
std::set<std::string> outcomes(const std::function<void(SimulatedDisk&)>& scenario) {
  std::set<std::string> out;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    SimulatedDisk disk(seed);
    EXPECT_TRUE(disk.make_directory("/d"));
    scenario(disk);
    disk.crash();
    disk.restart();
    out.insert(text_of(disk, "/d/a"));
  }
  return out;
}

void make(SimulatedDisk& disk, std::string_view text) {
  auto file = disk.open("/d/a", Open::create).value();
  ASSERT_TRUE(file->append(as_bytes(text)));
  ASSERT_TRUE(file->sync());
  ASSERT_TRUE(disk.sync_directory("/d"));
}

TEST(SimulatedDisk, KeepsWhatWasSynced) {
  EXPECT_EQ(outcomes([](SimulatedDisk& disk) { make(disk, "abc"); }), std::set<std::string>{"abc"});
}

TEST(SimulatedDisk, ForgetsNamesOfUnsyncedDirectories) {
  const auto out = outcomes([](SimulatedDisk& disk) {
    auto file = disk.open("/d/a", Open::create).value();
    ASSERT_TRUE(file->append(as_bytes("abc")));
    ASSERT_TRUE(file->sync());
  });
  EXPECT_EQ(out, (std::set<std::string>{"(absent)", "abc"}));
}

TEST(SimulatedDisk, KeepsCutsDropsOrZeroesEachUnsyncedAppend) {
  const auto out = outcomes([](SimulatedDisk& disk) {
    make(disk, "1");
    auto file = disk.open("/d/a", Open::append).value();
    ASSERT_TRUE(file->append(as_bytes("23")));
    ASSERT_TRUE(file->append(as_bytes("4")));
  });
  using namespace std::string_literals;
  const std::set<std::string> expected = {"1",
                                          "12",
                                          "123",
                                          "1\0\0"s,
                                          "1\0\0\0"s,
                                          "12\0\0"s,
                                          "123\0"s,
                                          "1\0\0"
                                          "4"s,
                                          "12\0"
                                          "4"s,
                                          "1234"};
  EXPECT_EQ(out, expected);
}

TEST(SimulatedDisk, MayForgetAnUnsyncedTruncation) {
  const auto out = outcomes([](SimulatedDisk& disk) {
    make(disk, "abc");
    ASSERT_TRUE(disk.open("/d/a", Open::append).value()->truncate(1));
  });
  EXPECT_EQ(out, (std::set<std::string>{"a", "abc"}));
}

TEST(SimulatedDisk, MayForgetAnUnsyncedRenameOrRemoval) {
  EXPECT_EQ(outcomes([](SimulatedDisk& disk) {
              make(disk, "old");
              ASSERT_TRUE(disk.remove("/d/a"));
            }),
            (std::set<std::string>{"(absent)", "old"}));
  EXPECT_EQ(outcomes([](SimulatedDisk& disk) {
              make(disk, "old");
              ASSERT_TRUE(write_atomically(disk, "/d/b", as_bytes("new")));
              ASSERT_TRUE(disk.rename("/d/b", "/d/a"));
            }),
            (std::set<std::string>{"new", "old"}));
}

TEST(SimulatedDisk, SyncAfterAFailedOneSavesNothingOfBefore) {
  const auto out = outcomes([](SimulatedDisk& disk) {
    make(disk, "1");
    auto file = disk.open("/d/a", Open::append).value();
    ASSERT_TRUE(file->append(as_bytes("2")));
    disk.fail_at(disk.changes() + 1, Error(Code::internal, "injected"));
    ASSERT_EQ(file->sync().error().code(), Code::internal);
    ASSERT_TRUE(file->sync());
  });
  using namespace std::string_literals;
  EXPECT_EQ(out, (std::set<std::string>{"1", "12", "1\0"s}));
}

TEST(SimulatedDisk, InjectsOneFaultAndGoesOn) {
  SimulatedDisk disk;
  auto file = disk.open("a", Open::create).value();
  disk.fail_at(2, Error(Code::exhausted, "no space left on the device"));
  EXPECT_EQ(file->append(as_bytes("abc")).error().code(), Code::exhausted);
  EXPECT_LT(file->size(), 3U);
  ASSERT_TRUE(file->truncate(0));
  EXPECT_TRUE(file->append(as_bytes("abc")));
  EXPECT_EQ(text_of(disk, "a"), "abc");
}

TEST(SimulatedDisk, IsUnavailableFromTheCrashToTheRestart) {
  SimulatedDisk disk;
  auto file = disk.open("a", Open::create).value();
  const auto lock = disk.lock(".").value();
  disk.crash_at(disk.changes() + 2);
  EXPECT_TRUE(file->append(as_bytes("x")));
  EXPECT_EQ(file->sync().error().code(), Code::unavailable);
  EXPECT_TRUE(disk.crashed());
  EXPECT_EQ(disk.list(".").error().code(), Code::unavailable);
  EXPECT_EQ(disk.open("a", Open::read).error().code(), Code::unavailable);
  disk.restart();
  EXPECT_TRUE(disk.list("."));
  EXPECT_TRUE(disk.lock("."));
  EXPECT_EQ(file->append(as_bytes("x")).error().code(), Code::unavailable) << "from before the crash";
}

TEST(SimulatedDisk, AtomicWriteIsOldOrNewWhereverItCrashes) {
  for (std::uint64_t crash = 1; crash <= 8; ++crash) {
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      SimulatedDisk disk(seed);
      ASSERT_TRUE(disk.make_directory("/d"));
      make(disk, "old");
      disk.crash_at(disk.changes() + crash);
      const bool acknowledged = write_atomically(disk, "/d/a", as_bytes("new")).has_value();
      disk.crash();
      disk.restart();
      const std::string text = text_of(disk, "/d/a");
      EXPECT_TRUE(text == "new" || (text == "old" && !acknowledged)) << text << " seed " << seed << " at " << crash;
      EXPECT_EQ(acknowledged, crash > 5);
      ASSERT_TRUE(write_atomically(disk, "/d/a", as_bytes("again")));
    }
  }
}

TEST(SimulatedDisk, RepeatsUnderItsSeed) {
  const auto run = [](std::uint64_t seed) {
    SimulatedDisk disk(seed);
    auto file = disk.open("a", Open::create).value();
    (void)disk.sync_directory(".");
    for (int i = 0; i < 20; ++i) (void)file->append(Buffer(100, static_cast<std::byte>(i + 1)));
    disk.crash();
    disk.restart();
    return disk.contents("a").value();
  };
  EXPECT_EQ(run(3), run(3));
  EXPECT_NE(run(3), run(4));
}

}  // namespace
}  // namespace mikusari::platform
