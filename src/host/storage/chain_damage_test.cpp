// SPDX-License-Identifier: Apache-2.0
// Stored bytes that are not what was written: each kind of damage is found, named, and told apart from a torn tail.
#include <gtest/gtest.h>

#include <functional>

#include "storage/chain_test_support.hpp"

namespace mikusari::storage {
namespace {

using platform::Buffer;

class ChainDamage : public ::testing::Test {
 protected:
  // Frames of one synced append each; payloads "frame 0", "frame 1" ...
  void write(std::uint64_t frames) {
    const auto chain = machine_.open().value();
    for (std::uint64_t i = 0; i < frames; ++i) {
      ASSERT_TRUE(chain->append(chain->next_height(), as_bytes("frame " + std::to_string(chain->next_height()))));
      ASSERT_TRUE(chain->sync());
    }
  }
  Buffer bytes(const std::string& path) { return machine_.disk.contents(path).value(); }
  void flip(const std::string& path, std::size_t offset, unsigned mask = 1) {
    Buffer content = bytes(path);
    content.at(offset) ^= static_cast<std::byte>(mask);
    machine_.disk.replace(path, content);
  }
  void expect_corrupt(const std::string& part) {
    const auto scanned = machine_.scan();
    ASSERT_FALSE(scanned) << "expected: " << part;
    EXPECT_EQ(scanned.error().code(), Code::corrupt);
    EXPECT_NE(scanned.error().message().find(part), std::string::npos) << scanned.error().message();
    const auto before = machine_.disk.changes();
    EXPECT_EQ(machine_.open().error().code(), Code::corrupt);
    EXPECT_EQ(machine_.disk.changes(), before) << "a damaged chain is left as it is";
  }
  // The scan reports it and changes nothing; opening drops it, writes on, and finds all well afterwards.
  void expect_torn(std::uint64_t height, std::uint64_t dropped) {
    const auto before = machine_.disk.changes();
    const auto told = machine_.log.count("chain_tail_dropped");
    const auto scanned = machine_.scan();
    ASSERT_TRUE(scanned) << scanned.error().message();
    ASSERT_TRUE(scanned->torn_tail);
    EXPECT_EQ(scanned->torn_tail->height, height);
    EXPECT_EQ(scanned->torn_tail->bytes, dropped);
    EXPECT_EQ(machine_.disk.changes(), before);
    {
      const auto chain = machine_.open();
      ASSERT_TRUE(chain) << chain.error().message();
      EXPECT_EQ((*chain)->recovered().next_height, height);
      EXPECT_EQ((*chain)->recovered().dropped_bytes, dropped);
      EXPECT_EQ(machine_.log.count("chain_tail_dropped"), told + 1);
      ASSERT_TRUE((*chain)->append(height, as_bytes("again")));
      ASSERT_TRUE((*chain)->sync());
    }
    const auto after = machine_.scan();
    ASSERT_TRUE(after);
    EXPECT_FALSE(after->torn_tail);
    EXPECT_EQ(machine_.seen[height], "again");
  }

  static constexpr std::size_t frame_bytes = frame_header_bytes + 7 + frame_trailer_bytes;
  static constexpr std::size_t frame_at(std::size_t i) { return segment_header_bytes + i * frame_bytes; }

  ChainMachine machine_;
};

TEST_F(ChainDamage, EveryCutOfTheLastFrameIsATornTail) {
  write(2);
  const Buffer whole = bytes(machine_.segment());
  for (std::size_t kept = 1; kept < frame_bytes; ++kept) {
    machine_.disk.replace(machine_.segment(), ByteView(whole).first(frame_at(1) + kept));
    expect_torn(1, kept);
  }
}

TEST_F(ChainDamage, ZeroesAtTheEndAreATornTail) {
  for (const std::size_t zeroes : {1, 27, 28, 29, 4096, 3 * 1024 * 1024}) {
    SCOPED_TRACE(zeroes);
    machine_.disk.replace(machine_.segment(), {});
    ASSERT_TRUE(machine_.open());
    write(1);
    Buffer content = bytes(machine_.segment());
    content.resize(content.size() + zeroes);
    machine_.disk.replace(machine_.segment(), content);
    expect_torn(1, zeroes);
  }
}

TEST_F(ChainDamage, NoiseAtTheEndIsATornTail) {
  write(1);
  Buffer content = bytes(machine_.segment());
  Buffer noise(100000);
  platform::SimulatedRandom(5).fill(noise);
  platform::append(content, noise);
  platform::append(content, as_bytes("MKF1MKF1MKF1MKF1MKF1MKF1MKF1MKF1"));
  machine_.disk.replace(machine_.segment(), content);
  expect_torn(1, noise.size() + 32);
}

// What each byte of a frame is for, with the frame in the middle of three.
TEST_F(ChainDamage, DamageBeforeSyncedFramesIsNamedWhereverItIs) {
  write(3);
  const std::string where = "0000000000000000.frames, byte " + std::to_string(frame_at(1)) + ", expected height 1: ";
  const std::pair<std::size_t, const char*> places[] = {
      {0, "no frame begins here"},                    // magic
      {4, "checksum of the frame header is wrong"},   // payload size, now shorter or longer
      {6, "checksum of the frame header is wrong"},   // payload size, now beyond the end of the file
      {8, "checksum of the frame header is wrong"},   // height
      {16, "checksum of the frame header is wrong"},  // durable end
      {24, "checksum of the frame header is wrong"},  // the checksum itself
      {28, "checksum of the payload is wrong"},       // payload
      {frame_bytes - 1, "checksum of the payload is wrong"}};
  for (const auto& [offset, text] : places) {
    flip(machine_.segment(), frame_at(1) + offset, 0x10);
    expect_corrupt(where + text + ": restore this segment from a backup or from another node");
    flip(machine_.segment(), frame_at(1) + offset, 0x10);
  }
  EXPECT_TRUE(machine_.scan());
}

TEST_F(ChainDamage, ZeroedFrameBeforeSyncedOnesIsNotATornTail) {
  write(3);
  Buffer content = bytes(machine_.segment());
  std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(frame_at(0)), 2 * frame_bytes, std::byte{0});
  machine_.disk.replace(machine_.segment(), content);
  expect_corrupt("byte " + std::to_string(frame_at(0)) + ", expected height 0: no frame begins here");
}

TEST_F(ChainDamage, RepeatedOrSwappedFrameIsFound) {
  write(3);
  const Buffer whole = bytes(machine_.segment());
  const auto frame = [&](std::size_t i) { return ByteView(whole).subspan(frame_at(i), frame_bytes); };
  Buffer swapped = platform::copy(ByteView(whole).first(frame_at(0)));
  for (const std::size_t i : {0, 2, 1}) platform::append(swapped, frame(i));
  platform::append(swapped, frame(2));
  machine_.disk.replace(machine_.segment(), swapped);
  // The last frame stands at another place than it was written for: nothing behind the flaw counts.
  const auto torn = machine_.scan();
  ASSERT_TRUE(torn);
  EXPECT_EQ(torn->torn_tail->height, 1U);

  Buffer repeated = whole;
  platform::append(repeated, frame(2));
  machine_.disk.replace(machine_.segment(), repeated);
  expect_torn(3, frame_bytes);
}

TEST_F(ChainDamage, RemovedFrameIsFound) {
  write(4);
  Buffer content = bytes(machine_.segment());
  const auto begin = content.begin() + static_cast<std::ptrdiff_t>(frame_at(1));
  content.erase(begin, begin + frame_bytes);
  machine_.disk.replace(machine_.segment(), content);
  const auto scanned = machine_.scan();
  ASSERT_TRUE(scanned);
  ASSERT_TRUE(scanned->torn_tail);
  EXPECT_EQ(scanned->torn_tail->bytes, 2 * frame_bytes);
  auto source = machine_.source();
  source.durable_height = 3;
  EXPECT_EQ(scan(source, [](const Frame&) { return Result<void>(); }).error().code(), Code::corrupt);
}

TEST_F(ChainDamage, WhoKnowsWhatWasAcknowledgedLosesNoneOfItUnnoticed) {
  write(3);
  auto source = machine_.source();
  source.durable_height = 2;
  const auto look = [](const Frame&) { return Result<void>(); };
  EXPECT_TRUE(scan(source, look));
  const Buffer whole = bytes(machine_.segment());

  flip(machine_.segment(), frame_at(2) + 30);  // looks like a torn tail, but had been acknowledged
  EXPECT_FALSE(scan(source, look));
  const auto opened = ChainFile::open(source, {.random = machine_.random, .log = machine_.log}, look);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code(), Code::corrupt);
  EXPECT_NE(opened.error().message().find("acknowledged"), std::string::npos);
  EXPECT_EQ(bytes(machine_.segment()).size(), whole.size());

  machine_.disk.replace(machine_.segment(), ByteView(whole).first(frame_at(2)));  // cut between frames
  EXPECT_FALSE(scan(source, look));
  ASSERT_TRUE(machine_.disk.remove(machine_.segment()));
  EXPECT_FALSE(scan(source, look));
}

TEST_F(ChainDamage, BytesInsideAPayloadAreNeverTakenForAFrame) {
  // Frame 1 carries a frame that is right in every respect but for the salt, which its sender cannot know.
  const std::uint64_t inner_position = frame_at(1) + frame_header_bytes + 20;
  const auto inner = encode(FrameHeader{0, 2, inner_position}, {.salt = 12345, .position = inner_position});
  write(1);
  {
    const auto chain = machine_.open().value();
    Buffer payload(20);
    platform::append(payload, inner);
    platform::append(payload, frame_trailer(inner, {}));
    ASSERT_TRUE(chain->append(1, payload));
    ASSERT_TRUE(chain->sync());
  }
  flip(machine_.segment(), frame_at(1));  // the outer header is lost, the payload is there
  expect_torn(1, frame_header_bytes + 20 + frame_header_bytes + frame_trailer_bytes + frame_trailer_bytes);
}

// Even somebody who knows the salt: what is inside a frame whose header is right is not searched.
TEST_F(ChainDamage, PayloadOfAFrameWithARightHeaderIsNotSearched) {
  write(1);
  const std::uint64_t salt = decode_segment_header(ByteView(bytes(machine_.segment())).first(68))->salt;
  const std::uint64_t inner_position = frame_at(1) + frame_header_bytes;
  const auto inner = encode(FrameHeader{0, 2, inner_position}, {.salt = salt, .position = inner_position});
  {
    const auto chain = machine_.open().value();
    ASSERT_TRUE(chain->append(1, inner));
    ASSERT_TRUE(chain->sync());
  }
  flip(machine_.segment(), bytes(machine_.segment()).size() - 1);
  expect_torn(1, 2 * frame_header_bytes + frame_trailer_bytes);
}

// Right in itself and at its place, but written by a program that has gone wrong.
TEST_F(ChainDamage, HeightThatDoesNotFollowIsDamageEvenAtTheEnd) {
  write(1);
  Buffer content = bytes(machine_.segment());
  const std::uint64_t salt = decode_segment_header(ByteView(content).first(68))->salt;
  const auto header = encode(FrameHeader{0, 2, frame_at(1)}, {.salt = salt, .position = frame_at(1)});
  platform::append(content, header);
  platform::append(content, frame_trailer(header, {}));
  machine_.disk.replace(machine_.segment(), content);
  expect_corrupt("byte " + std::to_string(frame_at(1)) + ", expected height 1: height does not follow");
}

TEST_F(ChainDamage, SegmentWhoseHeightsDoNotFollowIsDamage) {
  write(2);
  const SegmentHeader header{machine_.ledger_id, frame_at(2), 3, 0};
  machine_.disk.replace(machine_.segment(frame_at(2)), encode(header));
  expect_corrupt("byte 48, expected height 2: heights do not follow");
}

// Several frames appended before one sync: a power cut may keep a later one and lose an earlier one.
TEST_F(ChainDamage, LostFrameBeforeAnotherUnsyncedOneIsATornTail) {
  write(1);
  {
    const auto chain = machine_.open().value();
    for (std::uint64_t height = 1; height < 4; ++height) ASSERT_TRUE(chain->append(height, as_bytes("frame x")));
    ASSERT_TRUE(chain->sync());
  }
  Buffer content = bytes(machine_.segment());
  std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(frame_at(1)), frame_bytes, std::byte{0});
  machine_.disk.replace(machine_.segment(), content);
  expect_torn(1, 3 * frame_bytes);
}

class ChainDamageOfSegments : public ChainDamage {
 protected:
  ChainDamageOfSegments() {
    machine_.segment_bytes_max = segment_header_bytes + 2 * frame_bytes;
    write(6);
  }
  static constexpr std::size_t segment_bytes = segment_header_bytes + 2 * frame_bytes;
};

TEST_F(ChainDamageOfSegments, EarlierSegmentMustBeWhole) {
  const Buffer whole = bytes(machine_.segment());
  machine_.disk.replace(machine_.segment(), ByteView(whole).first(frame_at(1) + 5));
  expect_corrupt("0000000000000000.frames, byte " + std::to_string(frame_at(1)) + ", expected height 1: frame is inc");
  machine_.disk.replace(machine_.segment(), ByteView(whole).first(frame_at(1)));
  expect_corrupt("expected height 1: does not begin where the segment before it ends");
  machine_.disk.replace(machine_.segment(), {});
  expect_corrupt("segment header is incomplete");
}

TEST_F(ChainDamageOfSegments, MissingSegmentIsNoticed) {
  ASSERT_TRUE(machine_.disk.remove(machine_.segment(segment_bytes)));
  expect_corrupt("expected height 2: does not begin where the segment before it ends");
}

TEST_F(ChainDamageOfSegments, MissingFirstSegmentIsNoticed) {
  ASSERT_TRUE(machine_.disk.remove(machine_.segment()));
  expect_corrupt("expected height 0: does not begin where the segment before it ends");
}

TEST_F(ChainDamageOfSegments, SegmentUnderAnotherNameIsNoticed) {
  machine_.disk.replace(machine_.segment(segment_bytes), bytes(machine_.segment()));
  expect_corrupt("segment has the name of another");
}

TEST_F(ChainDamageOfSegments, StrangeSegmentNameIsNoticedAndOtherFilesAreNot) {
  machine_.disk.replace("/chain/notes.txt", as_bytes("x"));
  EXPECT_TRUE(machine_.scan());
  machine_.disk.replace("/chain/copy of 0000000000000000.frames", as_bytes("x"));
  expect_corrupt("not the name of a segment");
}

TEST_F(ChainDamageOfSegments, LastSegmentThatIsOnlyATornHeaderIsDropped) {
  const Buffer last = bytes(machine_.segment(2 * segment_bytes));
  for (std::size_t kept = 0; kept < segment_header_bytes; ++kept) {
    machine_.disk.replace(machine_.segment(2 * segment_bytes), ByteView(last).first(kept));
    expect_torn(4, kept);
    machine_.disk.replace(machine_.segment(2 * segment_bytes), {});
  }
}

TEST_F(ChainDamageOfSegments, HeaderWithFramesBehindItIsNotTorn) {
  flip(machine_.segment(2 * segment_bytes), 60);
  expect_corrupt("byte 0, expected height 4: checksum of the segment header is wrong");
}

// The promise of the whole format: no byte can change unnoticed.
TEST(ChainFlips, EveryByteOfASmallStoreIsCovered) {
  const auto make = [](ChainMachine& machine) {
    machine.segment_bytes_max = 150;
    const auto chain = machine.open().value();
    for (std::uint64_t height = 0; height < 5; ++height) {
      ASSERT_TRUE(chain->append(height, as_bytes("payload " + std::to_string(height))));
      ASSERT_TRUE(chain->sync());
    }
  };
  ChainMachine original;
  make(original);
  ASSERT_TRUE(original.scan());
  const auto names = original.disk.list("/chain").value();
  ASSERT_EQ(names.size(), 3U);
  std::size_t torn = 0;
  std::size_t corrupt = 0;
  for (const std::string& name : names) {
    const std::string path = "/chain/" + name;
    const Buffer whole = original.disk.contents(path).value();
    for (std::size_t offset = 0; offset < whole.size(); ++offset) {
      for (const unsigned mask : {0x01U, 0x80U, 0xffU}) {
        Buffer damaged = whole;
        damaged[offset] ^= static_cast<std::byte>(mask);
        original.disk.replace(path, damaged);
        const auto scanned = original.scan();
        const bool found = !scanned || scanned->torn_tail;
        EXPECT_TRUE(found) << name << " byte " << offset;
        if (scanned && scanned->torn_tail) {
          // Only the last frame can be mistaken for torn, and only without knowledge of what was acknowledged.
          EXPECT_EQ(scanned->torn_tail->height, 4U) << name << " byte " << offset;
          auto source = original.source();
          source.durable_height = 4;
          EXPECT_FALSE(scan(source, [](const Frame&) { return Result<void>(); }));
          ++torn;
        } else {
          ++corrupt;
        }
      }
    }
    original.disk.replace(path, whole);
  }
  EXPECT_EQ(torn, 3 * (frame_header_bytes + 9 + frame_trailer_bytes));
  EXPECT_EQ(corrupt, 3 * (3 * segment_header_bytes + 4 * (frame_header_bytes + 9 + frame_trailer_bytes)));
}

}  // namespace
}  // namespace mikusari::storage
