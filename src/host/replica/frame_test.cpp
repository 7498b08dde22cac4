// SPDX-License-Identifier: Apache-2.0
#include "replica/frame.hpp"

#include <gtest/gtest.h>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

TEST(Frame, StoresAShortenedSubmissionInThePlaceOfAnyLongerOne) {
  for (const std::size_t size : {0U, 1U, 22U, 23U, 24U, 25U, 255U, 256U, 300U, 65'530U, 65'536U, 70'000U}) {
    const Buffer submission(size, std::byte{0xab});
    const std::size_t whole = platform::encode(ByteView(submission)).size();
    for (const std::size_t more :
         {3U,   4U,   20U,  24U,  25U,   26U,     27U,     28U,     29U,     257U,    258U,    259U,
          260U, 261U, 262U, 263U, 1000U, 65'538U, 65'539U, 65'540U, 65'541U, 65'542U, 65'543U, 65'544U}) {
      const auto stored = encode_stored(submission, whole + more);
      ASSERT_TRUE(stored.has_value()) << size << " + " << more;
      EXPECT_EQ(stored->size(), whole + more);
      const auto read = decode_stored(*stored);
      ASSERT_TRUE(read.has_value());
      EXPECT_TRUE(equal(*read, submission));
    }
    for (std::size_t more = 0; more < 2; ++more)
      EXPECT_EQ(encode_stored(submission, whole + more).error().code(), Code::exhausted);
    const auto plain = platform::encode(ByteView(submission));
    EXPECT_TRUE(equal(*decode_stored(plain), submission));
  }
}

Buffer frame_of_form(std::uint64_t form) {
  return platform::encode_with([&](cbor::Writer& out) {
    out.array(5);
    out.uint(form);
    for (int i = 0; i < 4; ++i) out.array(0);
  });
}

TEST(Frame, OfAnotherFormIsToldFromABrokenOne) {
  EXPECT_EQ(decode_frame(frame_of_form(3)).error().code(), Code::newer);
  const auto first_form = platform::encode_with([](cbor::Writer& out) {
    out.array(4);
    out.bytes({});
    for (int i = 0; i < 3; ++i) out.array(0);
  });
  EXPECT_EQ(decode_frame(first_form).error().code(), Code::conflict);
  EXPECT_EQ(decode_frame(frame_of_form(2)).error().code(), Code::invalid) << "no record";
}

TEST(Frame, OfTheFirstFormHasAStoreRefusedWithOneSentence) {
  ledger::TestWorld world;
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.replica.reset();
  platform::SimulatedRandom random(1);
  platform::MemoryLog log(node.clock);
  const storage::ChainSource source{node.disk, "other/chain", world.ledger()};
  const auto chain =
      *storage::ChainFile::open(source, {random, log}, [](const storage::Frame&) { return Result<void>(); });
  const auto first_form = platform::encode_with([](cbor::Writer& out) {
    out.array(4);
    out.bytes({});
    for (int i = 0; i < 3; ++i) out.array(0);
  });
  ASSERT_TRUE(chain->append(0, first_form).has_value());
  ASSERT_TRUE(chain->sync().has_value());
  for (const auto& [path, bytes] : files_in(node.disk, {"other/chain"})) {
    if (path.ends_with(".frames")) node.disk.replace("store" + path.substr(std::string("other").size()), bytes);
  }
  node.disk.replace("signer/memory", {});
  const auto refused = node.open();
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Code::conflict);
  EXPECT_EQ(refused.error().message(), first_form_text);
}

TEST(Frame, AGenesisOfTheFirstFormIsRefusedWithTheSameSentence) {
  const auto genesis = platform::encode_with([](cbor::Writer& out) {
    out.map(2);
    out.uint(1);
    out.uint(1);  // its version
    out.uint(2);
    out.bytes(Bytes<32>{});
  });
  const auto refused = read_genesis(genesis);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), Code::conflict);
  EXPECT_EQ(refused.error().message(), first_form_text);
}

// What a frame says of events and lists, found again in what it holds.
TEST(Frame, SaysWhichBodiesChangedAThing) {
  ledger::CameraWorld world;
  live(world);
  TestReplica node(world);
  ASSERT_TRUE(node.open());
  node.play(world);
  node.replica.reset();
  std::size_t events = 0, entries = 0;
  std::map<Digest, Place> newest;
  const auto visit = [&](const storage::Frame& stored) -> Result<void> {
    TRY(const auto frame, decode_frame(stored.payload));
    TRY(const auto submissions, parse_submissions(frame));
    TRY(const auto leaves, log_leaves(frame, submissions));
    for (std::size_t i = 0; i < frame.rows.size(); ++i) {
      const Row& row = frame.rows[i];
      EXPECT_EQ(row.previous, newest.contains(row.key) ? newest[row.key] : Place{});
      newest[row.key] = shifted(frame.places.rows[i], stored.position);
      TRY(const std::size_t gained, count_entries(row));
      entries += gained;
      if (gained != 0) continue;
      TRY(const auto places, events_of(row));
      for (const auto& event : places) {
        const std::uint64_t at = frame.places.rows[i].position - event.back;
        const ByteView bytes =
            stored.payload.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(event.length));
        TRY(const ByteView submission, decode_stored(bytes));
        TRY(const auto parsed, statement::parse(submission));
        EXPECT_LT(event.body, parsed.bodies.size());
        EXPECT_LT(event.leaf + 1, leaves.size());
        ++events;
      }
    }
    return {};
  };
  ASSERT_TRUE(storage::scan({node.disk, "store/chain", world.ledger()}, visit).has_value());
  EXPECT_GT(events, 30U);
  EXPECT_GT(entries, 5U);
}

}  // namespace
}  // namespace mikusari::replica
