// SPDX-License-Identifier: Apache-2.0
#include "storage/chain_file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "platform/posix/file.hpp"
#include "storage/chain_test_support.hpp"

namespace mikusari::storage {
namespace {

using platform::Buffer;

TEST(ChainFile, GivesBackWhatWasAppended) {
  ChainMachine machine;
  {
    const auto chain = machine.open().value();
    EXPECT_EQ(chain->recovered().frames, 0U);
    EXPECT_EQ(chain->next_height(), 0U);
    const auto first = chain->append(0, as_bytes("genesis"));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->size, 7U);
    ASSERT_TRUE(chain->append(1, {}));
    const auto third = chain->append(2, as_bytes("third"));
    EXPECT_EQ(chain->durable_next_height(), 0U);
    ASSERT_TRUE(chain->sync());
    EXPECT_EQ(chain->durable_next_height(), 3U);
    EXPECT_EQ(text_at(*chain, first->position, 7), "genesis");
    EXPECT_EQ(text_at(*chain, third->position + 1, 2), "hi");
  }
  const auto chain = machine.open().value();
  EXPECT_EQ(machine.seen, (Payloads{{0, "genesis"}, {1, ""}, {2, "third"}}));
  EXPECT_EQ(chain->recovered().next_height, 3U);
  EXPECT_EQ(chain->recovered().dropped_bytes, 0U);
  EXPECT_EQ(text_at(*chain, machine.positions[2], 5), "third");
  ASSERT_TRUE(chain->append(3, as_bytes("fourth")));
}

TEST(ChainFile, TakesHeightsInOrderOnly) {
  ChainMachine machine;
  const auto chain = machine.open().value();
  EXPECT_EQ(chain->append(1, {}).error().code(), Code::conflict);
  ASSERT_TRUE(chain->append(0, {}));
  EXPECT_EQ(chain->append(0, {}).error().code(), Code::conflict);
  EXPECT_TRUE(chain->append(1, {}));
}

TEST(ChainFile, MayBeginAboveZero) {
  ChainMachine machine;
  auto source = machine.source();
  source.first_height = 7;
  const ChainOptions options{.random = machine.random, .log = machine.log};
  {
    const auto chain = ChainFile::open(source, options, machine.see()).value();
    ASSERT_TRUE(chain->append(7, as_bytes("x")));
    ASSERT_TRUE(chain->sync());
  }
  const auto again = scan(source, machine.see());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->next_height, 8U);
  EXPECT_EQ(machine.scan().error().code(), Code::corrupt) << "first height 0 was asked for";
}

TEST(ChainFile, RefusesPayloadsAboveItsLimitAndGoesOn) {
  ChainMachine machine;
  const auto chain = machine.open().value();
  EXPECT_EQ(chain->append(0, Buffer(frame_payload_bytes_max + 1)).error().code(), Code::exhausted);
  const auto largest = chain->append(0, Buffer(frame_payload_bytes_max, std::byte{7}));
  ASSERT_TRUE(largest);
  EXPECT_EQ(text_at(*chain, largest->position + frame_payload_bytes_max - 1, 1), "\7");
}

TEST(ChainFile, RollsIntoSegmentsWithOneSpaceOfPositions) {
  ChainMachine machine;
  machine.segment_bytes_max = 300;
  std::map<std::uint64_t, ChainPlace> places;
  {
    const auto chain = machine.open().value();
    for (std::uint64_t height = 0; height < 20; ++height) {
      const auto place = chain->append(height, as_bytes(std::string(50, static_cast<char>('a' + height))));
      ASSERT_TRUE(place);
      places[height] = *place;
    }
    const auto large = chain->append(20, Buffer(1000, std::byte{'z'}));  // larger than a segment: has one of its own
    ASSERT_TRUE(large);
    ASSERT_TRUE(chain->append(21, as_bytes("after")));
    ASSERT_TRUE(chain->sync());
    for (const auto& [height, place] : places) {
      EXPECT_EQ(text_at(*chain, place.position, 50), std::string(50, static_cast<char>('a' + height)));
    }
  }
  const auto names = machine.disk.list("/chain").value();
  EXPECT_EQ(names.size(), 12U);  // ten with two frames of 82 bytes, that of the large one, the last
  const auto chain = machine.open().value();
  EXPECT_EQ(machine.seen.size(), 22U);
  EXPECT_EQ(machine.positions[13], places[13].position);
  EXPECT_EQ(text_at(*chain, places[13].position, 3), "nnn");
  ASSERT_TRUE(chain->append(22, as_bytes("and on")));
}

TEST(ChainFile, ReadsNothingOutsideOfWhatWasWritten) {
  ChainMachine machine;
  machine.segment_bytes_max = 100;
  const auto chain = machine.open().value();
  ASSERT_TRUE(chain->append(0, as_bytes("0123456789")));
  const auto second = chain->append(1, as_bytes("0123456789")).value();  // in the second segment
  Buffer byte(1);
  EXPECT_TRUE(chain->read(chain->end() - 1, byte));
  EXPECT_EQ(chain->read(chain->end(), byte).error().code(), Code::not_found);
  EXPECT_EQ(chain->read(UINT64_MAX, byte).error().code(), Code::not_found);
  Buffer many(1000);
  EXPECT_EQ(chain->read(second.position, many).error().code(), Code::not_found);
  Buffer across(200);
  EXPECT_EQ(chain->read(0, across).error().code(), Code::not_found) << "no payload crosses a segment";
}

TEST(ChainFile, IsHeldByOneAtATime) {
  ChainMachine machine;
  auto chain = machine.open();
  ASSERT_TRUE(chain);
  EXPECT_EQ(machine.open().error().code(), Code::unavailable);
  chain->reset();
  EXPECT_TRUE(machine.open());
}

TEST(ChainFile, VisitorsErrorStopsOpeningAndNamesTheHeight) {
  ChainMachine machine;
  {
    const auto chain = machine.open().value();
    for (std::uint64_t height = 0; height < 3; ++height) ASSERT_TRUE(chain->append(height, {}));
    ASSERT_TRUE(chain->sync());
  }
  const auto refuse = [](const Frame& frame) -> Result<void> {
    if (frame.height == 1) return fail(Code::invalid, "no");
    return {};
  };
  const auto chain = ChainFile::open(machine.source(), {.random = machine.random, .log = machine.log}, refuse);
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().message(), "height 1: no");
}

TEST(ChainFile, ForeignLedgerIsNamed) {
  ChainMachine machine;
  machine.open().value().reset();
  machine.ledger_id.data[0] ^= std::byte{1};
  const auto chain = machine.open();
  ASSERT_FALSE(chain);
  EXPECT_EQ(chain.error().message(),
            "/chain/0000000000000000.frames, byte 8, expected height 0: segment belongs to another ledger: restore "
            "this segment from a backup or from another node");
}

TEST(ChainFile, ScanOfAnAbsentDirectoryIsNotFoundAndMakesNothing) {
  ChainMachine machine;
  EXPECT_EQ(machine.scan().error().code(), Code::not_found);
  EXPECT_EQ(machine.disk.changes(), 0U);
}

TEST(ChainFile, ManyThreadsReadWhileOneAppends) {
  ChainMachine machine;
  machine.segment_bytes_max = 4096;
  const auto chain = machine.open().value();
  constexpr std::uint64_t frames = 500;
  constexpr std::size_t size = 100;
  std::vector<std::atomic<std::uint64_t>> positions(frames);
  std::atomic<std::uint64_t> written = 0;
  std::atomic<int> wrong = 0;
  const auto reader = [&] {
    for (std::uint64_t i = 0; written < frames; ++i) {
      const std::uint64_t known = written;
      if (known == 0) continue;
      const std::uint64_t height = i % known;
      if (text_at(*chain, positions[height], size) != std::string(size, static_cast<char>(height % 100))) ++wrong;
    }
  };
  std::thread one(reader);
  std::thread two(reader);
  for (std::uint64_t height = 0; height < frames; ++height) {
    const std::string payload(size, static_cast<char>(height % 100));
    const auto place = chain->append(height, as_bytes(payload));
    positions[height] = place ? place->position : 0;
    written = height + 1;
    if (!place || (height % 7 == 0 && !chain->sync())) ++wrong;
  }
  one.join();
  two.join();
  EXPECT_EQ(wrong, 0);
}

TEST(ChainFile, WorksOnTheFileSystemOfThisMachine) {
  std::string pattern = (std::filesystem::temp_directory_path() / "mikusari-chain-XXXXXX").string();
  const std::string root = ::mkdtemp(pattern.data());
  ChainMachine machine;
  platform::PosixFiles files;
  const ChainSource source{.files = files, .directory = platform::join(root, "chain"), .ledger_id = machine.ledger_id};
  const ChainOptions options{.random = machine.random, .log = machine.log, .segment_bytes_max = 1000};
  {
    const auto chain = ChainFile::open(source, options, machine.see()).value();
    for (std::uint64_t height = 0; height < 50; ++height) {
      ASSERT_TRUE(chain->append(height, as_bytes(std::string(100, 'x') + std::to_string(height))));
    }
    ASSERT_TRUE(chain->sync());
    EXPECT_FALSE(ChainFile::open(source, options, machine.see()));
  }
  machine.seen.clear();
  {
    const auto chain = ChainFile::open(source, options, machine.see()).value();
    EXPECT_EQ(machine.seen.size(), 50U);
    EXPECT_EQ(machine.seen[49], std::string(100, 'x') + "49");
    EXPECT_EQ(text_at(*chain, machine.positions[17] + 100, 2), "17");
  }
  std::filesystem::remove_all(root);
}

}  // namespace
}  // namespace mikusari::storage
