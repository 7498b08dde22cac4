// SPDX-License-Identifier: Apache-2.0
#include "statement/head.hpp"

#include <gtest/gtest.h>

#include <random>

#include "merkle/log.hpp"
#include "statement/test_values.hpp"

namespace mikusari {
namespace {

using statement::Gains;
using test::encoding_of;
using test::filled;

Digest leaf(std::uint64_t number) { return merkle::leaf_hash(as_bytes(std::to_string(number))); }

// A record's head and what lies beside it, moved on event by event as the executor does.
struct Kept {
  Head head;
  test::Octets sides;

  void move_on(const Digest& event, Gains gains) {
    auto histories = Histories::of(head, sides).value();
    histories.append(event, gains);
    keep(histories);
  }
  void keep(const Histories& histories) {
    histories.write(head);
    std::byte buffer[Histories::sides_bytes_max];
    const auto bytes = histories.sides(buffer).value();
    sides.assign(bytes.begin(), bytes.end());
  }
  static Kept born(const Digest& event) {
    Kept out;
    Histories histories;
    histories.append(event, Gains::life);
    out.keep(histories);
    return out;
  }
};

TEST(EmptyTree, HasTheRootOfNoLeaves) {
  EXPECT_EQ(Tree{}.root, merkle::empty_root());
  EXPECT_EQ(Tree{}.count, 0U);
}

TEST(Histories, AreTheTreesOfAllEventsAndOfThoseThatChangedPower) {
  std::mt19937 random(3);
  for (int round = 0; round < 8; ++round) {
    std::vector<Digest> all{leaf(0)}, life{leaf(0)};
    Kept kept = Kept::born(leaf(0));
    for (std::uint64_t event = 1; event < 70; ++event) {
      const Gains gains = random() % 4 <= static_cast<unsigned>(round % 4) ? Gains::history : Gains::life;
      kept.move_on(leaf(event), gains);
      all.push_back(leaf(event));
      if (gains == Gains::life) life.push_back(leaf(event));
      ASSERT_EQ(kept.head.history, (Tree{all.size(), merkle::root_of(all)}));
      ASSERT_EQ(kept.head.life_tree(), (Tree{life.size(), merkle::root_of(life)}));
      ASSERT_EQ(kept.head.life.has_value(), life.size() != all.size()) << "left out while it is the same";
    }
  }
}

TEST(Histories, BookkeepingIsNoEvent) {
  Histories histories;
  histories.append(leaf(1), statement::Gains::life);
  histories.append(leaf(2), statement::Gains::nothing);
  Head head;
  histories.write(head);
  EXPECT_EQ(head.history.count, 1U);
  EXPECT_EQ(head.history.root, leaf(1));
  EXPECT_FALSE(head.life.has_value());
}

TEST(Histories, RefuseSidesThatAreNotTheHeads) {
  Kept kept = Kept::born(leaf(0));
  for (std::uint64_t event = 1; event < 7; ++event) kept.move_on(leaf(event), Gains::history);
  ASSERT_TRUE(Histories::of(kept.head, kept.sides).has_value());
  const auto refused = [&](const Head& head, const test::Octets& sides) {
    const auto opened = Histories::of(head, sides);
    return !opened.has_value() && (opened.error().code() == Code::corrupt || opened.error().code() == Code::invalid);
  };
  for (std::size_t at = 0; at < kept.sides.size(); ++at) {
    auto changed = kept.sides;
    changed[at] ^= std::byte{1};
    EXPECT_TRUE(refused(kept.head, changed)) << at;
  }
  Kept other = kept;
  other.move_on(leaf(9), Gains::history);
  EXPECT_TRUE(refused(other.head, kept.sides)) << "of an earlier head";
  EXPECT_TRUE(refused(kept.head, other.sides)) << "of a later head";
  Head shorter = kept.head;
  shorter.life.reset();
  EXPECT_TRUE(refused(shorter, kept.sides)) << "a life that the head does not have";
  Head lying = kept.head;
  lying.life->root = leaf(1);
  EXPECT_TRUE(refused(lying, kept.sides));
  lying = kept.head;
  lying.history.count += 8;
  EXPECT_TRUE(refused(lying, kept.sides)) << "as many nodes, another root";
  Kept same = Kept::born(leaf(0));
  Head longer = same.head;
  longer.life = longer.history;
  EXPECT_TRUE(refused(longer, same.sides)) << "a life that is not beside it";
  EXPECT_TRUE(refused(kept.head, {}));
}

TEST(Histories, OfTheLargestTreesFitTheirBuffer) {
  const std::vector<Digest> nodes(62, leaf(1));
  const std::uint64_t size = merkle::CompactRange::size_max - 1;
  const auto range = merkle::CompactRange::from(size, nodes).value();
  Head head;
  head.history = {size, range.root()};
  head.life = head.history;
  const cbor::List<Digest, limits::log_levels_max> list = std::span<const Digest>(nodes);
  const auto sides = encoding_of(Sides{list, list});
  EXPECT_LE(sides.size(), Histories::sides_bytes_max);
  EXPECT_TRUE(Histories::of(head, sides).has_value());
}

// A device's record with another head, field by field.
TEST(Head, IsReplacedAndTheRestStays) {
  for (const bool had_life : {false, true}) {
    for (const bool has_life : {false, true}) {
      auto record = filled<device::Record>();
      if (!had_life) record.life.reset();
      const auto before = encoding_of(record);
      Head head;
      head.changed = 99;
      head.history = {4, leaf(4)};
      if (has_life) head.life = Tree{2, leaf(2)};
      std::byte buffer[4096];
      const auto after = with_head(before, head, buffer);
      ASSERT_TRUE(after.has_value()) << after.error().message();
      static_cast<Head&>(record) = head;
      EXPECT_EQ(test::to_hex(*after), test::to_hex(encoding_of(record)));
      const auto read = read_head(*after).value();
      EXPECT_EQ(read.changed, 99U);
      EXPECT_EQ(read.history, head.history);
      EXPECT_EQ(read.life, head.life);
    }
  }
}

TEST(Head, IsReadOffEveryRecordThatHasOne) {
  test::for_each_record([]<class T>(std::string_view name) {
    const auto head = read_head(encoding_of(filled<T>()));
    EXPECT_EQ(head.has_value(), (std::is_base_of_v<Head, T>)) << name;
    if constexpr (std::is_base_of_v<Head, T>) {
      T bare{};
      const auto plain = read_head(encoding_of(bare));
      ASSERT_TRUE(plain.has_value()) << name;
      EXPECT_FALSE(plain->life.has_value());
      EXPECT_EQ(plain->history, Tree{});
    }
  });
}

// A row that a newer program wrote moves on with its additions; a row of a newer form is left alone.
TEST(Head, KeepsAdditionsAndCallsALaterFormNewer) {
  const auto record = filled<device::Record>();
  const auto with_addition = test::Entries(record).put(64, test::Tree{std::string("later")}).bytes();
  Head head;
  head.changed = 7;
  std::byte buffer[4096];
  const auto moved = with_head(with_addition, head, buffer);
  ASSERT_TRUE(moved.has_value());
  auto wanted = record;
  static_cast<Head&>(wanted) = head;
  EXPECT_EQ(test::to_hex(*moved),
            test::to_hex(test::Entries(wanted).put(64, test::Tree{std::string("later")}).bytes()));
  const auto later = test::Entries(record).put(1, 3).bytes();
  EXPECT_EQ(read_head(later).error().code(), Code::newer);
  EXPECT_EQ(with_head(later, head, buffer).error().code(), Code::newer);
}

TEST(Head, IsNotFoundInOtherBytes) {
  std::byte out[4096];
  const auto record = encoding_of(filled<device::Record>());
  // What follows the head is not looked at; a head that is cut off is none.
  const std::size_t head_end = encoding_of(static_cast<const Head&>(filled<device::Record>())).size();
  for (std::size_t size = 0; size < head_end; ++size) {
    EXPECT_FALSE(read_head(ByteView(record).first(size)).has_value()) << size;
    EXPECT_FALSE(with_head(ByteView(record).first(size), {}, out).has_value()) << size;
  }
  EXPECT_FALSE(with_head(test::unhex("a0"), {}, out).has_value());
  EXPECT_FALSE(with_head(test::unhex("80"), {}, out).has_value());
  for (const std::uint64_t key : {1U, 2U, 3U})
    EXPECT_EQ(read_head(test::Entries(filled<device::Record>()).erase(key).bytes()).error().code(), Code::internal);
  EXPECT_EQ(with_head(record, {}, std::span(out).first(8)).error().code(), Code::exhausted);
}

}  // namespace
}  // namespace mikusari
