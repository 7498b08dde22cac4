// SPDX-License-Identifier: Apache-2.0
// The invariants of docs/architecture.md, over random statements of every kind, and the rules about things against a
// reference model that is kept apart from them. Each test prints its seed; MIKUSARI_SEED sets it, and MIKUSARI_WALKS
// how many walks are made.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "ledger/reference_test_compared.hpp"

namespace mikusari::ledger {
namespace {

std::uint64_t seed_of(std::uint64_t fallback) {
  const char* text = std::getenv("MIKUSARI_SEED");
  const std::uint64_t seed = text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
  std::printf("MIKUSARI_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
}
std::uint64_t walks_wanted(std::uint64_t fallback) {
  const char* wanted = std::getenv("MIKUSARI_WALKS");
  return wanted == nullptr ? fallback : std::strtoull(wanted, nullptr, 10);
}

// What stands in what, checked from the records alone.
class Structure {
 public:
  explicit Structure(const RandomWorld& world) : world_(world) {
    for (const Id& id : world.devices()) {
      if (const auto record = world.device_of(id)) collect(id, record->children);
    }
    for (const Id& id : world.parts()) {
      if (const auto record = world.part_of(id)) collect(id, record->children);
    }
  }

  void check() const {
    for (const Id& id : world_.parts()) {
      if (const auto record = world_.part_of(id)) check_part(id, *record);
    }
    for (const Id& id : world_.devices()) {
      if (const auto record = world_.device_of(id)) check_device(id, *record);
    }
  }

 private:
  void collect(const Id& unit, const thing::Children& children) {
    for (const Id child : children) EXPECT_TRUE(parents_.emplace(child, unit).second) << "a part stands in two units";
  }
  void check_part(const Id& id, const part::Record& record) const {
    const auto found = parents_.find(id);
    const bool mounted = record.state == part::State::mounted;
    EXPECT_EQ(mounted, found != parents_.end());
    EXPECT_EQ(record.parent, mounted ? std::optional(found->second) : std::nullopt);
    EXPECT_EQ(record.grade.has_value(), mounted);
    if (mounted) {
      EXPECT_TRUE(!record.owner && !record.custodian && !record.is_offered() && !record.shipped_to);
    }
    check_levels(record);
    check_common(record, subject_of_part(id));
    EXPECT_TRUE(record.state != part::State::scrapped || (record.keys.empty() && record.children.empty()));
  }
  // Levels grow on the way up: so there is no cycle and every walk is short.
  void check_levels(const part::Record& record) const {
    EXPECT_LE(record.levels.value, thing::levels_max);
    if (!record.parent) return;
    if (const auto above = world_.part_of(*record.parent)) {
      EXPECT_GT(above->levels.value, record.levels.value);
    } else {
      EXPECT_LT(record.levels.value, thing::levels_max);
    }
  }
  void check_device(const Id& id, const device::Record& record) const {
    check_common(record, subject_of_device(id));
    EXPECT_TRUE(world_.find<party::Record>(path::party(record.owned_by())).has_value());
    EXPECT_TRUE(record.lives() || (record.keys.empty() && !record.is_offered()));
    EXPECT_TRUE(record.state != device::State::destroyed || (record.children.empty() && !record.shipped_to));
  }
  void check_common(const thing::Record& record, const Subject& subject) const {
    EXPECT_FALSE(record.offered_to && record.shipped_with_title.value) << "two hand-overs are open";
    EXPECT_TRUE(!record.shipped_with_title.value || record.shipped_to.has_value());
    EXPECT_GE(record.title, record.tenure.value);
    for (const auto entry : record.keys) {
      const auto key = world_.key_record(entry.key);
      EXPECT_TRUE(key.subject == subject) << "a thing lists a key of another";
      EXPECT_NE(key.state, key::State::revoked);
    }
  }

  const RandomWorld& world_;
  std::map<Id, Id> parents_;
};

// The histories of every record, rebuilt from the fates, and what may never change again.
class History {
 public:
  explicit History(const RandomWorld& world) : world_(world), rows_(world.state().rows()) {
    for (const auto& [key, value] : rows_) {
      const auto head = read_head(value);
      if (head && head->history.count != 0) histories_[key] = range_beside(*head, world.state().sides(key));
    }
  }

  void follow(const std::vector<SubmissionFate>& fates) {
    for (const auto& fate : fates) {
      for (const auto& body : fate.bodies) {
        EXPECT_TRUE(body.accepted() || body.gained.empty());
        for (const auto& key : body.gained) {
          histories_[key].append(body.leaf_hash);
        }
      }
    }
    for (const auto& [key, value] : world_.state().rows()) {
      const auto before = rows_.find(key);
      if (before != rows_.end() && equal(before->second, value)) continue;
      check_row(key, value);
      if (before != rows_.end()) check_key(before->second, value);
    }
    for (const Id& id : world_.parts()) check_again(path::part(id), check_part);
    for (const Id& id : world_.devices()) check_again(path::device(id), check_device);
    for (const auto& [key, value] : rows_) EXPECT_TRUE(world_.state().exists(key)) << "a record was removed";
    rows_ = world_.state().rows();
  }

 private:
  static merkle::CompactRange range_beside(const Head& head, ByteView beside) {
    const auto sides = cbor::decode<Sides>(beside);
    std::vector<Digest> nodes;
    for (const auto node : sides->history) nodes.push_back(node);
    return *merkle::CompactRange::from(head.history.count, nodes);
  }
  void check_row(const Digest& key, ByteView value) const {
    const auto head = read_head(value);
    if (!head) return;
    const auto found = histories_.find(key);
    const auto events = found == histories_.end() ? merkle::CompactRange() : found->second;
    EXPECT_EQ(head->history.count, events.size());
    EXPECT_EQ(head->history.root, events.root());
    EXPECT_LE(head->life_tree().count, head->history.count);
    EXPECT_TRUE(!head->life || head->life->count < head->history.count) << "life is left out while it is the same";
    EXPECT_TRUE(Histories::of(*head, world_.state().sides(key)).has_value() || world_.state().sides(key).empty());
  }
  // Tombstones, scrapped parts and revoked keys stay as they are; a taint is for ever; a title counter never goes back.
  static void check_key(ByteView before, ByteView after) {
    const auto key = cbor::decode<key::Record>(before);
    if (!key) return;
    const auto now = cbor::decode<key::Record>(after);
    EXPECT_TRUE(key->state != key::State::revoked || now->state == key::State::revoked) << "a revoked key came back";
    EXPECT_TRUE(now->subject == key->subject && now->purpose == key->purpose);
  }
  void check_again(const Digest& path, void (*check)(ByteView before, ByteView after)) const {
    const auto before = rows_.find(path);
    const auto after = world_.state().value(path);
    if (before != rows_.end() && !equal(before->second, *after)) check(before->second, *after);
  }
  static void check_part(ByteView before, ByteView after) {
    const auto part = cbor::decode<part::Record>(before);
    const auto now = cbor::decode<part::Record>(after);
    EXPECT_TRUE(part->state != part::State::scrapped || now->title == part->title) << "a scrapped part acted";
    EXPECT_TRUE(now->salvaged.value >= part->salvaged.value && now->accepted.value >= part->accepted.value &&
                now->revoked.value >= part->revoked.value);
    check_counters(*part, *now);
  }
  static void check_device(ByteView before, ByteView after) {
    const auto device = cbor::decode<device::Record>(before);
    const auto now = cbor::decode<device::Record>(after);
    check_counters(*device, *now);
    EXPECT_TRUE(device->state != device::State::destroyed || now->title == device->title) << "a tombstone acted";
    if (device->lives()) return;
    EXPECT_FALSE(now->lives()) << "a retired device came back";
    EXPECT_EQ(now->owned_by(), device->owned_by());
    for (const Id child : now->children) EXPECT_TRUE(device->children.contains(child));
  }
  static void check_counters(const thing::Record& before, const thing::Record& now) {
    EXPECT_GE(now.title, before.title);
    EXPECT_GE(now.tenure.value, before.tenure.value);
    EXPECT_GE(now.alarms.value, before.alarms.value);
    const bool sold = now.tenure.value > before.tenure.value;
    EXPECT_TRUE(!sold || now.title > before.title);
  }

  const RandomWorld& world_;
  std::map<Digest, ByteView> rows_;
  std::map<Digest, merkle::CompactRange> histories_;
};

struct Count {
  std::map<std::uint16_t, std::size_t> accepted;
  std::size_t refused = 0, alarms = 0, discarded = 0, judged = 0, lively = 0, statements = 0;
};

void count(Count& into, const platform::Buffer& submission, const SubmissionFate& fate) {
  ++into.statements;
  into.discarded += fate.standing == Standing::discarded ? 1 : 0;
  for (const auto& body : fate.bodies) {
    if (body.accepted()) ++into.accepted[statement::parse(submission)->statement.payload.kind];
    into.refused += body.accepted() ? 0 : 1;
    into.alarms += body.outcome == statement::Outcome::alarm ? 1 : 0;
  }
}

void walk(std::uint64_t seed, Count& counted) {
  RandomWorld world(seed);
  History history(world);
  Compared compared(world);
  std::mt19937_64 random(seed + 1);
  for (int i = 0; i < 1000 && !::testing::Test::HasFailure(); ++i) {
    const auto submission = world.next();
    if (!world.door(submission)) continue;
    const MemorySource before = world.state();
    const auto block = world.next_block();
    const auto fates = world.block({submission});
    count(counted, submission, fates[0]);
    history.follow(fates);
    compared.follow(submission, fates[0], block, before);
    if (i % 5 == 0) {
      Structure(world).check();
      compared.compare();
    }
    if (i % 25 == 0) {
      Liveness liveness(world);
      for (const Id& device : world.devices()) liveness.check(device);
      constexpr std::size_t stride = 16;  // of the many parts some each time
      const auto& parts = world.parts();
      for (std::size_t j = random() % stride; j < parts.size(); j += stride) liveness.check_part(parts[j]);
      counted.lively += liveness.checked;
    }
    world.pass(world.idle_ms());
  }
  counted.judged += compared.judged;
}

TEST(Invariants, HoldAfterEveryBlockOfRandomStatements) {
  constexpr std::uint64_t usual = 1;
  const auto seed = seed_of(usual);
  Count counted;
  const std::uint64_t walks = walks_wanted(12);
  for (std::uint64_t i = 0; i < walks && !HasFailure(); ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed + i));
    walk(seed + i, counted);
  }
  std::printf("%zu statements, %zu bodies judged by the reference model, %zu refused, %zu alarms, %zu discarded\n",
              counted.statements, counted.judged, counted.refused, counted.alarms, counted.discarded);
  if (seed != usual) return;
  // The walks were worth it: every rule has accepted at times, and refused.
  EXPECT_GT(counted.refused, 500u);
  EXPECT_GT(counted.alarms, 20u);
  EXPECT_GT(counted.judged, 1000u);
  EXPECT_GT(counted.lively, 500u);
  statement::for_each_kind(
      [&]<class Body>() { EXPECT_TRUE(counted.accepted[Body::kind.number] > 0) << Body::kind.name; });
}

// The same blocks, executed from the genesis again, give the same states.
TEST(Determinism, SameStreamGivesTheSameStates) {
  const auto seed = seed_of(7);
  RandomWorld first(seed), second(seed);
  const auto step = [](RandomWorld& world) {
    const auto submission = world.next();
    return world.door(submission) ? world.block({submission}) : std::vector<SubmissionFate>();
  };
  for (int i = 0; i < 300; ++i) {
    step(first);
    step(second);
    ASSERT_EQ(first.state().digest(), second.state().digest()) << "after block " << i;
  }
}

// While time stands still, how a stream is cut into blocks decides nothing, but that keys speak a block later.
TEST(Determinism, CutsBetweenBlocksDoNotChangeOutcomes) {
  const auto seed = seed_of(8);
  auto still = RandomWorld::random_options();
  still.block_interval_ms = 0;
  RandomWorld world(seed, still);
  CameraWorld other(still);
  std::vector<SubmissionFate> fates, other_fates;
  std::vector<platform::Buffer> block;
  const auto flush = [&] {
    for (auto& fate : other.block(block)) other_fates.push_back(std::move(fate));
    block.clear();
  };
  for (int i = 0; i < 600; ++i) {
    const auto submission = world.next();
    if (!world.door(submission)) continue;
    fates.push_back(world.block({submission}).front());
    if (block.size() == 7 || !other.door(submission)) flush();
    block.push_back(submission);
  }
  flush();
  ASSERT_EQ(fates.size(), other_fates.size());
  for (std::size_t i = 0; i < fates.size(); ++i) {
    ASSERT_EQ(fates[i].standing, other_fates[i].standing);
    ASSERT_EQ(fates[i].bodies.size(), other_fates[i].bodies.size());
    for (std::size_t j = 0; j < fates[i].bodies.size(); ++j) {
      EXPECT_EQ(fates[i].bodies[j].refusal, other_fates[i].bodies[j].refusal);
      EXPECT_EQ(fates[i].bodies[j].outcome, other_fates[i].bodies[j].outcome);
      EXPECT_EQ(fates[i].bodies[j].gained, other_fates[i].bodies[j].gained);
    }
  }
}

}  // namespace
}  // namespace mikusari::ledger
