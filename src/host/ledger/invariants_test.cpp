// SPDX-License-Identifier: Apache-2.0
// The invariants of docs/architecture.md, over random statements. Each test prints its seed; MIKUSARI_SEED sets it, and
// MIKUSARI_WALKS how many walks are made.
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "ledger/random_test_world.hpp"

namespace mikusari::ledger {
namespace {

std::uint64_t seed_of(std::uint64_t fallback) {
  const char* text = std::getenv("MIKUSARI_SEED");
  const std::uint64_t seed = text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
  std::printf("MIKUSARI_SEED=%llu\n", static_cast<unsigned long long>(seed));
  return seed;
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
  void collect(const Id& unit, const part::Children& children) {
    for (const Id child : children) {
      EXPECT_TRUE(claimants_[child].insert(unit).second) << "a unit lists a child twice";
    }
  }
  std::set<Id> claimants(const Id& part) const {
    return claimants_.contains(part) ? claimants_.at(part) : std::set<Id>();
  }

  std::uint64_t disputes_in(const Id& unit, const part::Children& children) const {
    std::uint64_t out = 0;
    for (const Id child : children) {
      const auto record = world_.part_of(child);
      out += record->state == part::State::disputed ? 1 : 0;
      if (record->parent == unit) out += disputes_in(child, record->children);
    }
    return out;
  }

  void check_part(const Id& id, const part::Record& record) const {
    const auto units = claimants(id);
    switch (record.state) {
      case part::State::mounted:
        EXPECT_EQ(units, std::set{record.parent.value()});
        EXPECT_TRUE(record.claims.empty() && record.grade && !record.disputed_by);
        break;
      case part::State::disputed: {
        std::set<Id> claims;
        for (const Id claim : record.claims) claims.insert(claim);
        EXPECT_EQ(units, claims);
        EXPECT_TRUE(record.claims.size() > 1 || record.disputed_by);
        EXPECT_EQ(record.parent, claims.empty() ? std::optional<Id>() : std::optional(*record.claims.begin()));
        break;
      }
      default:
        EXPECT_TRUE(units.empty() && record.claims.empty() && !record.parent && !record.grade && !record.disputed_by);
    }
    EXPECT_EQ(record.disputes, disputes_in(id, record.children));
    check_levels(id, record);
    if (record.key) {
      EXPECT_TRUE(world_.key_record(*record.key).subject.is(SubjectType::part, id));
    }
  }
  // Levels grow on the way up, over every claim: so there is no cycle and every walk is short.
  void check_levels(const Id& id, const part::Record& record) const {
    EXPECT_LE(record.levels, part::levels_max);
    for (const Id& unit : claimants(id)) {
      EXPECT_NE(unit, id);
      if (const auto above = world_.part_of(unit)) {
        EXPECT_GT(above->levels, record.levels);
      } else {
        EXPECT_LT(record.levels, part::levels_max);
      }
    }
  }
  void check_device(const Id& id, const device::Record& record) const {
    EXPECT_EQ(record.disputes, disputes_in(id, record.children));
    EXPECT_TRUE(world_.find<member::Record>(path::member(record.owner)).has_value());
    for (const Digest kid : record.keys) {
      const auto key = world_.key_record(kid);
      EXPECT_TRUE(key.subject.is(SubjectType::device, id));
      EXPECT_EQ(key.state, key::State::active);
    }
    const bool ended = record.state == device::State::retired || record.state == device::State::destroyed;
    EXPECT_TRUE(!ended || (record.keys.empty() && !record.offered_to));
    EXPECT_TRUE(record.state != device::State::destroyed || (record.children.empty() && !record.in_transit_to));
  }

  const RandomWorld& world_;
  std::map<Id, std::set<Id>> claimants_;
};

// The history of every thing's record, rebuilt from the fates, and what may never change again.
class History {
 public:
  explicit History(const RandomWorld& world) : world_(world), rows_(world.state().rows()) {
    for (const auto& [key, value] : rows_) {
      if (const auto head = read_head(value)) heads_[key] = *head;
    }
  }

  void follow(const std::vector<platform::Buffer>& submissions, const std::vector<SubmissionFate>& fates,
              std::uint64_t height) {
    std::set<Digest> may_change{path::parameters()};
    for (const auto* name : {"chips", "cameras", "city", "clinic", "lab", "notary"}) {
      may_change.insert(path::list(name, list::Kind::devices));
    }
    for (std::size_t i = 0; i < submissions.size(); ++i) {
      const auto kid = statement::parse(submissions[i])->statement.header.kid;
      may_change.insert(path::replay(kid));
      for (const auto& body : fates[i].bodies) follow(body, kid, height, may_change);
    }
    check_rows(may_change);
    rows_ = world_.state().rows();
  }

 private:
  void follow(const BodyFate& body, const Digest& kid, std::uint64_t height, std::set<Digest>& may_change) {
    if (!body.accepted()) {
      EXPECT_TRUE(body.changed.empty());
      return;
    }
    EXPECT_FALSE(was_revoked(kid)) << "a revoked key acted";
    for (const auto& key : body.changed) {
      Head& head = heads_[key];
      ++head.seq;
      head.changed = height;
      head.events_head = next_events_head(head.events_head, body.leaf_hash);
      may_change.insert(key);
    }
  }
  bool was_revoked(const Digest& kid) const {
    return cbor::decode<key::Record>(rows_.at(path::key(kid)))->state == key::State::revoked;
  }

  void check_rows(const std::set<Digest>& may_change) const {
    for (const auto& [key, value] : world_.state().rows()) {
      const auto before = rows_.find(key);
      const bool same = before != rows_.end() && equal(before->second, value);
      EXPECT_TRUE(same || may_change.contains(key)) << "a record changed that no body has changed";
      if (const auto head = heads_.find(key); head != heads_.end()) check_head(value, head->second);
      if (!same && before != rows_.end()) check_was_alive(before->second, value);
    }
    for (const auto& [key, value] : rows_) EXPECT_TRUE(world_.state().exists(key)) << "a record was removed";
  }
  static void check_head(ByteView record, const Head& wanted) {
    const auto head = read_head(record);
    ASSERT_TRUE(head.has_value());
    EXPECT_EQ(head->seq, wanted.seq);
    EXPECT_EQ(head->changed, wanted.changed);
    EXPECT_EQ(head->events_head, wanted.events_head);
  }
  // Tombstones, scrapped parts and revoked keys stay as they are; retired devices only move, lose parts, or are
  // destroyed.
  static void check_was_alive(ByteView before, ByteView after) {
    const auto part = cbor::decode<part::Record>(before);
    EXPECT_FALSE(part && part->state == part::State::scrapped) << "a scrapped part changed";
    const auto key = cbor::decode<key::Record>(before);
    EXPECT_FALSE(key && key->state == key::State::revoked) << "a revoked key changed";
    const auto device = cbor::decode<device::Record>(before);
    if (!device) return;
    EXPECT_NE(device->state, device::State::destroyed);
    if (device->state != device::State::retired) return;
    const auto now = cbor::decode<device::Record>(after);
    EXPECT_TRUE(now->state == device::State::retired || now->state == device::State::destroyed);
    EXPECT_EQ(now->owner, device->owner);
    EXPECT_EQ(now->transfers, device->transfers);
    for (const Id child : now->children) EXPECT_TRUE(device->children.contains(child));
  }

  const RandomWorld& world_;
  std::map<Digest, ByteView> rows_;
  std::map<Digest, Head> heads_;
};

struct Count {
  std::map<std::uint16_t, std::size_t> accepted;
  std::size_t refused = 0, disputed = 0;
};

void count(Count& into, const platform::Buffer& submission, const SubmissionFate& fate) {
  for (const auto& body : fate.bodies) {
    if (body.accepted()) ++into.accepted[statement::parse(submission)->statement.payload.kind];
    into.refused += body.accepted() ? 0 : 1;
    into.disputed += body.outcome == statement::Outcome::disputed ? 1 : 0;
  }
}

void walk(std::uint64_t seed, Count& counted) {
  RandomWorld world(seed, {.rotation_veto_ms = 20'000});
  History history(world);
  std::mt19937_64 random(seed + 1);
  for (int i = 0; i < 1000 && !::testing::Test::HasFailure(); ++i) {
    std::vector<platform::Buffer> submissions;
    for (auto left = 1 + random() % 3; left > 0; --left) {
      auto submission = world.next();
      if (world.door(submission)) submissions.push_back(std::move(submission));
    }
    const auto height = world.next_block().height;
    const auto fates = world.block(submissions);
    for (std::size_t j = 0; j < fates.size(); ++j) count(counted, submissions[j], fates[j]);
    history.follow(submissions, fates, height);
    Structure(world).check();
  }
}

TEST(Invariants, HoldAfterEveryBlockOfRandomStatements) {
  constexpr std::uint64_t usual = 1;
  const auto seed = seed_of(usual);
  Count counted;
  const char* wanted = std::getenv("MIKUSARI_WALKS");
  const std::uint64_t walks = wanted == nullptr ? 6 : std::strtoull(wanted, nullptr, 10);
  for (std::uint64_t i = 0; i < walks && !HasFailure(); ++i) {
    SCOPED_TRACE("seed " + std::to_string(seed + i));
    walk(seed + i, counted);
  }
  if (seed != usual) return;
  // The walks were worth it: every rule of which they make use has accepted at times, and refused.
  EXPECT_GT(counted.refused, 1000u);
  EXPECT_GT(counted.disputed, 50u);
  statement::for_each_kind([&]<class Body>() {
    const bool unused =
        Body::kind.number == member::Admit::kind.number || Body::kind.number == model::Register::kind.number;
    EXPECT_TRUE(unused || counted.accepted[Body::kind.number] > 0) << Body::kind.name;
  });
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

// Records without what height and leaf put into them.
std::map<Digest, platform::Buffer> without_heads(const TestWorld& world) {
  std::map<Digest, platform::Buffer> out;
  for (const auto& [key, value] : world.state().rows()) {
    auto bytes = platform::copy(value);
    if (const auto head = read_head(value)) {
      const auto plain = platform::encode(Head{head->schema, head->seq, 0, {}});
      const auto whole = platform::encode(*head);
      bytes = plain;
      platform::append(bytes, value.subspan(whole.size()));
    }
    out[key] = bytes;
  }
  return out;
}

// While time stands still, how a stream is cut into blocks decides nothing, but that keys speak a block later.
TEST(Determinism, CutsBetweenBlocksDoNotChangeOutcomes) {
  const auto seed = seed_of(8);
  const TestOptions still{.block_interval_ms = 0};
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
      EXPECT_EQ(fates[i].bodies[j].changed, other_fates[i].bodies[j].changed);
    }
  }
  EXPECT_TRUE(without_heads(world) == without_heads(other));
}

}  // namespace
}  // namespace mikusari::ledger
