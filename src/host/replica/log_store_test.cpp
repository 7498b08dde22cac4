// SPDX-License-Identifier: Apache-2.0
#include "replica/log_store.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "crypto/hash.hpp"
#include "platform/posix/file.hpp"
#include "platform/simulated/disk.hpp"

namespace mikusari::replica {
namespace {

constexpr const char* directory = "log";

Digest leaf_of(std::uint64_t i) { return merkle::leaf_hash(std::as_bytes(std::span(&i, 1))); }

std::vector<Digest> leaves_of(std::uint64_t begin, std::uint64_t end) {
  std::vector<Digest> out;
  for (std::uint64_t i = begin; i < end; ++i) out.push_back(leaf_of(i));
  return out;
}

// RFC 6962 section 2.1, word for word.
Digest naive_root(std::span<const Digest> leaves) {
  if (leaves.empty()) return merkle::empty_root();
  if (leaves.size() == 1) return leaves[0];
  const std::size_t split = std::bit_floor(leaves.size() - 1);
  return merkle::node_hash(naive_root(leaves.first(split)), naive_root(leaves.subspan(split)));
}

Digest naive_root(std::uint64_t size) { return naive_root(leaves_of(0, size)); }

std::unique_ptr<LogStore> open(platform::Files& files) {
  auto store = LogStore::open(files, directory);
  EXPECT_TRUE(store.has_value()) << store.error().message();
  return *std::move(store);
}

std::string level_path(std::size_t level) {
  return std::string(directory) + (level < 10 ? "/level-0" : "/level-") + std::to_string(level);
}

void expect_inclusion(const LogStore& store, std::uint64_t index, std::uint64_t size) {
  const auto path = store.inclusion(index, size);
  ASSERT_TRUE(path.has_value());
  const auto root = merkle::root_from_inclusion(index, size, store.leaf(index).value(), *path);
  ASSERT_TRUE(root.has_value());
  EXPECT_EQ(*root, store.root_at(size).value()) << index << " in " << size;
}

void expect_consistency(const LogStore& store, std::uint64_t size1, std::uint64_t size2) {
  const auto path = store.consistency(size1, size2);
  ASSERT_TRUE(path.has_value());
  const auto verified =
      merkle::verify_consistency(size1, store.root_at(size1).value(), size2, store.root_at(size2).value(), *path);
  EXPECT_TRUE(verified.has_value()) << size1 << " in " << size2;
}

// Every file holds what a log of this size has, and no more.
void expect_whole(const LogStore& store, const platform::SimulatedDisk& disk, std::uint64_t size) {
  ASSERT_EQ(store.size(), size);
  std::vector<Digest> nodes = leaves_of(0, size);
  EXPECT_EQ(store.root(), naive_root(nodes));
  for (std::size_t level = 0; level < 41; ++level) {
    if (disk.exists(level_path(level)) || !nodes.empty()) {
      const auto bytes = disk.contents(level_path(level));
      ASSERT_TRUE(bytes.has_value()) << level;
      EXPECT_TRUE(equal(*bytes, std::as_bytes(std::span(nodes)))) << "level " << level << " of " << size;
    }
    std::vector<Digest> above;
    for (std::size_t i = 0; i + 1 < nodes.size(); i += 2) above.push_back(merkle::node_hash(nodes[i], nodes[i + 1]));
    nodes = std::move(above);
  }
}

TEST(LogStore, ProvesEverySizeUpTo300) {
  constexpr std::uint64_t count = 300;
  platform::SimulatedDisk disk;
  const auto store = open(disk);
  EXPECT_EQ(store->root(), merkle::empty_root());
  for (std::uint64_t size = 0; size < count; ++size) {
    ASSERT_TRUE(store->append(leaves_of(size, size + 1)).has_value());
    ASSERT_EQ(store->size(), size + 1);
    ASSERT_EQ(store->root(), naive_root(size + 1));
  }
  for (std::uint64_t size = 1; size <= count; ++size) {
    EXPECT_EQ(store->root_at(size).value(), naive_root(size));
    for (std::uint64_t index = 0; index < size; ++index) expect_inclusion(*store, index, size);
    for (std::uint64_t before = 1; before <= size; ++before) expect_consistency(*store, before, size);
  }
  expect_whole(*store, disk, count);
}

TEST(LogStore, TakesBatchesOfAnySize) {
  std::mt19937_64 random(1);
  platform::SimulatedDisk disk;
  const auto store = open(disk);
  std::uint64_t size = 0;
  while (size < 20000) {
    const std::uint64_t batch = random() % (random() % 4 == 0 ? 3000 : 20);
    ASSERT_TRUE(store->append(leaves_of(size, size + batch)).has_value());
    size += batch;
    ASSERT_EQ(store->size(), size);
  }
  expect_whole(*store, disk, size);
  for (int i = 0; i < 300; ++i) {
    const std::uint64_t some = 1 + random() % size;
    expect_inclusion(*store, random() % some, some);
    expect_consistency(*store, 1 + random() % some, some);
  }
}

TEST(LogStore, RefusesWhatItDoesNotHave) {
  platform::SimulatedDisk disk;
  const auto store = open(disk);
  ASSERT_TRUE(store->append(leaves_of(0, 10)).has_value());
  EXPECT_EQ(store->root_at(11).error().code(), Code::invalid);
  EXPECT_EQ(store->leaf(10).error().code(), Code::invalid);
  EXPECT_EQ(store->inclusion(10, 10).error().code(), Code::invalid);
  EXPECT_EQ(store->inclusion(0, 11).error().code(), Code::invalid);
  EXPECT_EQ(store->consistency(0, 10).error().code(), Code::invalid);
  EXPECT_EQ(store->consistency(5, 4).error().code(), Code::invalid);
  EXPECT_EQ(store->consistency(5, 11).error().code(), Code::invalid);
  EXPECT_EQ(store->truncate(11).error().code(), Code::invalid);
}

TEST(LogStore, OpensWhereItWas) {
  platform::SimulatedDisk disk;
  for (std::uint64_t size = 0; size < 400; size += 37) {
    const auto store = open(disk);
    expect_whole(*store, disk, size);
    ASSERT_TRUE(store->append(leaves_of(size, size + 37)).has_value());
    if (size % 2 == 0) {
      ASSERT_TRUE(store->sync().has_value());
    }
  }
}

TEST(LogStore, CutsBackToAnySize) {
  for (const std::uint64_t size : {0U, 1U, 2U, 63U, 64U, 65U, 99U, 100U}) {
    platform::SimulatedDisk disk;
    const auto store = open(disk);
    ASSERT_TRUE(store->append(leaves_of(0, 100)).has_value());
    ASSERT_TRUE(store->sync().has_value());
    ASSERT_TRUE(store->truncate(size).has_value());
    expect_whole(*store, disk, size);
    expect_whole(*open(disk), disk, size);
    ASSERT_TRUE(store->append(leaves_of(size, 130)).has_value());
    expect_whole(*store, disk, 130);
  }
}

TEST(LogStore, RepairsLevelsThatAreTornBehindOrAhead) {
  for (std::size_t level = 0; level <= 6; ++level) {
    for (const std::ptrdiff_t more : {-100000, -97, -64, -32, -31, -1, 1, 31, 32, 97}) {
      SCOPED_TRACE(testing::Message() << "level " << level << ", " << more << " bytes");
      platform::SimulatedDisk disk;
      ASSERT_TRUE(open(disk)->append(leaves_of(0, 100)).has_value());
      platform::Buffer bytes = disk.contents(level_path(level)).value();
      const auto length = std::max<std::ptrdiff_t>(0, static_cast<std::ptrdiff_t>(bytes.size()) + more);
      bytes.resize(static_cast<std::size_t>(length), std::byte{0x5a});
      disk.replace(level_path(level), bytes);

      const auto store = open(disk);
      if (level != 0) {
        expect_whole(*store, disk, 100);
      } else if (length / 32 <= 100) {
        expect_whole(*store, disk, static_cast<std::uint64_t>(length) / 32);
      } else {  // leaves that nobody appended: the root tells
        EXPECT_NE(store->root_at(store->size()).value(), naive_root(store->size()));
        ASSERT_TRUE(store->truncate(100).has_value());
        expect_whole(*store, disk, 100);
      }
    }
  }
}

TEST(LogStore, ComputesAgainWhateverWasNotSynced) {
  platform::SimulatedDisk disk;
  {
    const auto store = open(disk);
    ASSERT_TRUE(store->append(leaves_of(0, 60)).has_value());
    ASSERT_TRUE(store->sync().has_value());
    ASSERT_TRUE(store->append(leaves_of(60, 200)).has_value());
  }
  for (std::size_t level = 1; level <= 7; ++level) {  // a power cut leaves zeros in the middle of a file
    platform::Buffer bytes = disk.contents(level_path(level)).value();
    const std::size_t from = (std::size_t{60} >> level) * 32;
    std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(from), bytes.end(), std::byte{0});
    disk.replace(level_path(level), bytes);
  }
  expect_whole(*open(disk), disk, 200);
}

TEST(LogStore, DoesNotTakeWhatGrewAgainForSynced) {
  platform::SimulatedDisk disk;
  {
    const auto store = open(disk);
    ASSERT_TRUE(store->append(leaves_of(900, 1000)).has_value());
    ASSERT_TRUE(store->sync().has_value());
    ASSERT_TRUE(store->truncate(0).has_value());
    ASSERT_TRUE(store->append(leaves_of(0, 100)).has_value());
  }
  platform::Buffer bytes = disk.contents(level_path(1)).value();
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  disk.replace(level_path(1), bytes);
  expect_whole(*open(disk), disk, 100);
}

TEST(LogStore, ComputesAllAgainWhenItsNoteOfWhatIsSyncedIsDamaged) {
  for (const std::size_t size : {0U, 7U, 8U, 9U, 100U}) {
    platform::SimulatedDisk disk;
    {
      const auto store = open(disk);
      ASSERT_TRUE(store->append(leaves_of(0, 77)).has_value());
      ASSERT_TRUE(store->sync().has_value());
    }
    disk.replace(std::string(directory) + "/synced", platform::Buffer(size, std::byte{0xff}));
    disk.replace(level_path(3), {});
    expect_whole(*open(disk), disk, 77);
  }
}

// After a power cut at any moment: what was synced is there, and what is there either is right or shows in the root.
TEST(LogStore, SurvivesAPowerCutAtEveryChange) {
  static constexpr std::uint64_t end = 90;
  const auto run = [](platform::SimulatedDisk& disk) {
    std::uint64_t synced = 0;
    auto store = LogStore::open(disk, directory);
    if (!store) return synced;
    for (std::uint64_t size = (*store)->size(); size < end; size = (*store)->size()) {
      if (!(*store)->append(leaves_of(size, std::min(end, size + 7)))) break;
      if (size % 3 == 0) {
        if (!(*store)->sync()) break;
        synced = (*store)->size();
      }
    }
    return synced;
  };
  platform::SimulatedDisk whole;
  run(whole);
  std::size_t intact = 0;
  for (std::uint64_t change = 1; change <= whole.changes(); ++change) {
    SCOPED_TRACE(change);
    platform::SimulatedDisk disk(change);
    disk.crash_at(change);
    const std::uint64_t synced = run(disk);
    ASSERT_TRUE(disk.crashed());
    disk.restart();
    const auto store = open(disk);
    ASSERT_GE(store->size(), synced);
    ASSERT_EQ(store->root_at(synced).value(), naive_root(synced));
    if (store->root() == naive_root(store->size())) {
      expect_whole(*store, disk, store->size());
      ++intact;
    } else {
      ASSERT_TRUE(store->reset().has_value());
    }
    run(disk);
    ASSERT_TRUE(store->reset().has_value());
    ASSERT_TRUE(store->append(leaves_of(0, end)).has_value());
    expect_whole(*store, disk, end);
  }
  EXPECT_GT(intact, 10);
}

TEST(LogStore, IsAsBeforeWhenAnAppendFailsAndTakesItAgain) {
  platform::SimulatedDisk whole;
  ASSERT_TRUE(open(whole)->append(leaves_of(0, 50)).has_value());
  const std::uint64_t before = whole.changes();
  ASSERT_TRUE(open(whole)->append(leaves_of(50, 120)).has_value());
  const std::uint64_t after = whole.changes();
  std::size_t failures = 0;
  for (std::uint64_t change = before + 1; change <= after + 3; ++change) {
    SCOPED_TRACE(change);
    platform::SimulatedDisk disk;
    ASSERT_TRUE(open(disk)->append(leaves_of(0, 50)).has_value());
    const auto store = open(disk);
    disk.fail_at(change, Error(Code::exhausted, "disk full"));
    const auto appended = store->append(leaves_of(50, 120));
    if (!appended) {
      ++failures;
      EXPECT_EQ(appended.error().code(), Code::exhausted);
      EXPECT_EQ(store->size(), 50);
      EXPECT_EQ(store->root(), naive_root(50));
      expect_inclusion(*store, 20, 50);
      ASSERT_TRUE(store->append(leaves_of(50, 120)).has_value());
    }
    expect_whole(*store, disk, 120);
  }
  EXPECT_GE(failures, 6);
}

TEST(LogStore, GivesTilesAsC2spLaysThemOut) {
  // The example of tlog-tiles: 273 full tiles and one of 112 at level 0, one full and one of 17 above, one of 1 on top.
  constexpr std::uint64_t size = 70000;
  platform::SimulatedDisk disk;
  const auto store = open(disk);
  const std::vector<Digest> leaves = leaves_of(0, size);
  ASSERT_TRUE(store->append(leaves).has_value());
  const auto expect_tile = [&](unsigned level, std::uint64_t index, unsigned width) {
    const auto tile = store->tile(level, index, width, size);
    ASSERT_TRUE(tile.has_value());
    ASSERT_EQ(tile->size(), width * 32U);
    const std::size_t span = std::size_t{1} << (8 * level);
    for (std::size_t i = 0; i < width; i += width > 20 ? 7 : 1) {
      const std::size_t begin = (static_cast<std::size_t>(index) * 256 + i) * span;
      EXPECT_TRUE(equal(ByteView(*tile).subspan(i * 32, 32), naive_root(std::span(leaves).subspan(begin, span))));
    }
  };
  expect_tile(0, 0, 256);
  expect_tile(0, 272, 256);
  expect_tile(0, 273, 112);
  expect_tile(0, 273, 1);
  expect_tile(1, 0, 256);
  expect_tile(1, 1, 17);
  expect_tile(2, 0, 1);

  const auto refused = [&](unsigned level, std::uint64_t index, unsigned width, std::uint64_t at) {
    return store->tile(level, index, width, at).error().code();
  };
  EXPECT_EQ(refused(0, 273, 113, size), Code::not_found);
  EXPECT_EQ(refused(0, 273, 256, size), Code::not_found);
  EXPECT_EQ(refused(0, 274, 1, size), Code::not_found);
  EXPECT_EQ(refused(1, 1, 18, size), Code::not_found);
  EXPECT_EQ(refused(2, 0, 2, size), Code::not_found);
  EXPECT_EQ(refused(3, 0, 1, size), Code::not_found);
  EXPECT_EQ(refused(63, 0, 1, size), Code::not_found);
  EXPECT_EQ(refused(4'000'000'000U, 0, 1, size), Code::not_found);
  EXPECT_EQ(refused(0, ~std::uint64_t{0}, 256, size), Code::not_found);
  EXPECT_EQ(refused(0, 0, 11, 10), Code::not_found);
  EXPECT_EQ(refused(1, 0, 1, 255), Code::not_found);
  EXPECT_EQ(refused(0, 0, 0, size), Code::invalid);
  EXPECT_EQ(refused(0, 0, 257, size), Code::invalid);
  EXPECT_EQ(refused(0, 0, 1, size + 1), Code::invalid);
}

TEST(LogStore, AnswersReadersWhileItGrows) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("log_store_test." + std::to_string(::getpid()))).string();
  platform::PosixFiles files;
  {
    const auto store = LogStore::open(files, path).value();
    ASSERT_TRUE(store->append(leaves_of(0, 1)).has_value());
    std::atomic<bool> stop = false;
    std::atomic<std::size_t> proved = 0;
    const auto read = [&](std::uint64_t seed) {
      std::mt19937_64 random(seed);
      while (!stop || proved < 50) {
        const std::uint64_t size = store->size();
        expect_inclusion(*store, random() % size, size);
        expect_consistency(*store, 1 + random() % size, size);
        ++proved;
      }
    };
    std::thread one(read, 1);
    std::thread two(read, 2);
    for (std::uint64_t size = 1; size < 5000; size += 1 + size / 20) {
      const std::uint64_t next = size + 1 + size / 20;
      ASSERT_TRUE(store->append(leaves_of(size, next)).has_value());
    }
    stop = true;
    one.join();
    two.join();
    EXPECT_EQ(store->root(), naive_root(store->size()));
  }
  std::filesystem::remove_all(path);
}

}  // namespace
}  // namespace mikusari::replica
