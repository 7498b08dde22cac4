// SPDX-License-Identifier: Apache-2.0
#include "replica/state_tree.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

using merkle::MapLeaf;
using Model = std::map<Digest, Digest>;  // key -> value hash

// The definition in merkle/map.hpp, word for word.
Digest naive_root(std::span<const MapLeaf> leaves, std::size_t depth = 0) {
  if (leaves.empty()) return merkle::empty_subtree;
  if (leaves.size() == 1) return merkle::map_leaf(leaves[0].key, leaves[0].value_hash);
  std::size_t left = 0;
  while (left < leaves.size() && !bit_at(leaves[left].key, depth)) ++left;
  return merkle::node_hash(naive_root(leaves.first(left), depth + 1), naive_root(leaves.subspan(left), depth + 1));
}

Digest naive_root(const Model& model) {
  std::vector<MapLeaf> leaves;
  for (const auto& [key, value_hash] : model) leaves.push_back({key, value_hash});
  return naive_root(leaves);
}

Digest digest_of_number(std::uint64_t n) { return crypto::sha256(std::as_bytes(std::span(&n, 1))); }

// A chain file as far as the tree sees it: row i has position i.
class MemoryRows final : public Rows {
 public:
  Result<Digest> key(const Leaf& leaf) const override {
    ++reads;
    TRY(const MapLeaf found, row(leaf.place()));
    EXPECT_EQ(merkle::map_leaf(found.key, found.value_hash), leaf.hash()) << "a leaf is not that of its row";
    return found.key;
  }
  Result<MapLeaf> row(const Place& place) const {
    const platform::MutexLock lock(mutex_);
    if (broken || place.position >= rows_.size()) return fail(Code::corrupt, "no such row");
    return rows_[static_cast<std::size_t>(place.position)];
  }
  Place add(const Digest& key, const Digest& value_hash) {
    const platform::MutexLock lock(mutex_);
    rows_.push_back({key, value_hash});
    return {rows_.size() - 1, 100};
  }

  mutable std::atomic<std::size_t> reads = 0;
  std::atomic<bool> broken = false;

 private:
  mutable platform::Mutex mutex_;
  std::deque<MapLeaf> rows_ MIKUSARI_GUARDED_BY(mutex_);
};

// A tree, its rows, and what must be in it.
struct Bench {
  explicit Bench(std::size_t threads = 1) : workers(threads) {}

  // Stages the values over `base` and gives each its place only then, as the replica does.
  Staged stage(const Version& base, const Model& values) {
    std::vector<Change> changes;
    for (const auto& [key, value_hash] : values) changes.push_back({.key = key, .value_hash = value_hash});
    Result<Staged> staged = tree.apply(base, changes);
    EXPECT_TRUE(staged.has_value());
    for (std::size_t i = 0; i < changes.size(); ++i) {
      staged->set_place(i, rows.add(changes[i].key, changes[i].value_hash));
    }
    return *std::move(staged);
  }
  void commit(const Model& values) { tree.publish(stage(tree.published(), values)); }

  MemoryRows rows;
  platform::Workers workers;
  StateTree tree{rows, workers};
};

void merge(Model& into, const Model& changes) {
  for (const auto& [key, value_hash] : changes) into[key] = value_hash;
}

// What prove() answers for a key is right, and meets the root.
void expect_proved(const Bench& bench, const Version& version, const Model& model, const Digest& key) {
  const auto expected = model.find(key);
  const Result<StateProof> proof = bench.tree.prove(version, key);
  ASSERT_TRUE(proof.has_value());
  Result<Digest> root = fail(Code::internal, "no root");
  if (!proof->leaf) {
    ASSERT_EQ(expected, model.end());
    root = merkle::root_from_absence(key, proof->path.proof());
  } else {
    const Result<MapLeaf> row = bench.rows.row(proof->leaf->place());
    ASSERT_TRUE(row.has_value());
    EXPECT_EQ(merkle::map_leaf(row->key, row->value_hash), proof->leaf->hash());
    if (row->key == key) {
      ASSERT_NE(expected, model.end());
      ASSERT_EQ(row->value_hash, expected->second);
      root = merkle::root_from_presence(key, row->value_hash, proof->path.proof());
    } else {
      ASSERT_EQ(expected, model.end());
      root = merkle::root_from_absence(key, proof->path.proof(*row));
    }
  }
  ASSERT_TRUE(root.has_value()) << root.error().message();
  EXPECT_EQ(*root, version.root());

  const auto found = bench.tree.find(version, key);
  ASSERT_TRUE(found.has_value());
  EXPECT_EQ(found->has_value(), expected != model.end());
  EXPECT_EQ(bench.tree.exists(version, key).value(), expected != model.end());
  const auto candidate = bench.tree.candidate(version, key);
  ASSERT_TRUE(candidate.has_value());
  if (found->has_value()) {
    EXPECT_EQ(bench.rows.row(**found)->key, key);
    EXPECT_EQ(bench.rows.row(**found)->value_hash, expected->second);
    ASSERT_TRUE(candidate->has_value());
    EXPECT_EQ((*candidate)->place(), **found);
    const Digest leaf = merkle::map_leaf(key, expected->second);
    EXPECT_EQ((*candidate)->hash(), leaf);
    EXPECT_EQ(bench.tree.place_of(version, key, leaf), **found);
  }
  EXPECT_EQ(bench.tree.place_of(version, key, digest_of_number(0)), std::nullopt);
}

// Random keys, some of them present, some new, some close to others.
class Keys {
 public:
  explicit Keys(std::uint64_t seed) : random_(seed) {}
  Digest fresh() { return digest_of_number(random_()); }
  // Differs from `key` in bit `bit` and, at random, in those behind it.
  Digest beside(Digest key, std::size_t bit) {
    key.data[bit / 8] ^= static_cast<std::byte>(0x80U >> (bit % 8));
    for (std::size_t i = bit + 1; i < 256; ++i) {
      if (random_() % 2 == 0) key.data[i / 8] ^= static_cast<std::byte>(0x80U >> (i % 8));
    }
    return key;
  }
  Digest present(const Model& model) {
    auto at = model.lower_bound(fresh());
    return at == model.end() ? model.begin()->first : at->first;
  }
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  Digest next(const Model& model) {
    if (model.empty()) return fresh();
    switch (below(8)) {
      case 0:
      case 1: return present(model);
      case 2: return beside(present(model), below(256));
      case 3: return beside(present(model), 56 + below(16));
      case 4: return beside(present(model), 64 + below(192));
      case 5: return beside(present(model), 255);
      default: return fresh();
    }
  }
  Model batch(const Model& model, std::size_t size) {
    Model out;
    while (out.size() < size) out[next(below(2) == 0 && !out.empty() ? out : model)] = fresh();
    return out;
  }

 private:
  std::mt19937_64 random_;
};

TEST(StateTree, IsEmptyAtFirst) {
  Bench bench;
  const Snapshot snapshot = bench.tree.read();
  EXPECT_EQ(snapshot.root(), merkle::empty_subtree);
  EXPECT_EQ(snapshot.count(), 0);
  expect_proved(bench, snapshot.version(), {}, digest_of_number(1));
}

TEST(StateTree, MeetsTheModelAfterEveryRandomBatch) {
  for (std::uint64_t seed = 1; seed <= 15; ++seed) {
    SCOPED_TRACE(seed);
    Bench bench(1 + seed % 3);
    Keys keys(seed);
    Model model;
    for (std::size_t round = 0; round < 25; ++round) {
      const Model batch = keys.batch(model, 1 + keys.below(round % 5 == 4 ? 700 : 12));
      merge(model, batch);
      bench.commit(batch);
      const Version version = bench.tree.published();
      ASSERT_EQ(version.root(), naive_root(model));
      ASSERT_EQ(version.count(), model.size());
    }
    for (std::size_t i = 0; i < 200; ++i) expect_proved(bench, bench.tree.published(), model, keys.next(model));
  }
}

TEST(StateTree, ProvesKeysThatAgreeInUpTo255Bits) {
  for (const std::size_t bit : {0U, 7U, 63U, 64U, 65U, 127U, 254U, 255U}) {
    SCOPED_TRACE(bit);
    Bench bench;
    Keys keys(bit);
    const Digest first = keys.fresh();
    const Digest second = keys.beside(first, bit);
    Model model{{first, keys.fresh()}};
    bench.commit(model);
    expect_proved(bench, bench.tree.published(), model, second);
    const Model batch{{second, keys.fresh()}};
    bench.commit(batch);
    merge(model, batch);
    ASSERT_EQ(bench.tree.published().root(), naive_root(model));
    expect_proved(bench, bench.tree.published(), model, first);
    expect_proved(bench, bench.tree.published(), model, second);
    for (std::size_t other = 0; other < 256; ++other) {
      expect_proved(bench, bench.tree.published(), model, keys.beside(first, other));
    }
  }
}

TEST(StateTree, SplitsABucketWhoseKeysAgreeIn64BitsAndMore) {
  for (const std::size_t bit : {64U, 100U, 240U}) {
    Bench bench;
    Keys keys(bit);
    const Digest first = keys.fresh();
    Model model;
    for (std::size_t i = 0; i < 60; ++i) {  // one by one, so that old leaves are split without their keys at hand
      const Model one{{i == 0 ? first : keys.beside(first, bit + keys.below(256 - bit)), keys.fresh()}};
      merge(model, one);
      bench.commit(one);
      ASSERT_EQ(bench.tree.published().root(), naive_root(model));
    }
    for (const auto& [key, value_hash] : model) expect_proved(bench, bench.tree.published(), model, key);
  }
}

TEST(StateTree, ReadsNoRowForAKeyThatSharesNo64BitsWithAnother) {
  Bench bench;
  Keys keys(7);
  bench.commit(keys.batch({}, 1));
  Model batch;
  for (std::size_t i = 0; i < 5000; ++i) batch[keys.fresh()] = keys.fresh();
  bench.rows.reads = 0;
  bench.commit(batch);
  for (std::size_t i = 0; i < 1000; ++i) {
    const Digest key = keys.fresh();
    EXPECT_FALSE(bench.tree.exists(bench.tree.published(), key).value());
    EXPECT_TRUE(bench.tree.prove(bench.tree.published(), key).has_value());
  }
  for (const auto& [key, value_hash] : batch) {
    EXPECT_TRUE(bench.tree.candidate(bench.tree.published(), key).value().has_value());
  }
  EXPECT_EQ(bench.rows.reads, 0);
}

TEST(StateTree, ReadsNoRowForAnUpdateThatSaysWhatItReplaces) {
  Bench bench;
  Keys keys(8);
  Model model;
  for (std::size_t i = 0; i < 1000; ++i) model[keys.fresh()] = keys.fresh();
  bench.commit(model);
  std::vector<Change> changes;
  for (auto& [key, value_hash] : model) {
    const Place replaces = bench.tree.find(bench.tree.published(), key)->value();
    value_hash = keys.fresh();
    changes.push_back({key, value_hash, bench.rows.add(key, value_hash), replaces});
  }
  bench.rows.reads = 0;
  Result<Staged> staged = bench.tree.apply(bench.tree.published(), changes);
  ASSERT_TRUE(staged.has_value());
  EXPECT_EQ(bench.rows.reads, 0);
  bench.tree.publish(*std::move(staged));
  EXPECT_EQ(bench.tree.published().root(), naive_root(model));
  EXPECT_EQ(bench.tree.published().count(), model.size());
}

TEST(StateTree, IsNotMisledByAWrongWordOnWhatAChangeReplaces) {
  Bench bench;
  Keys keys(9);
  const Digest first = keys.fresh();
  Model model{{first, keys.fresh()}, {keys.beside(first, 70), keys.fresh()}};
  bench.commit(model);
  const Digest third = keys.beside(first, 90);
  model[third] = keys.fresh();
  model[first] = keys.fresh();
  std::vector<Change> changes;
  for (const Digest& key : {first, third}) {
    changes.push_back({key, model[key], bench.rows.add(key, model[key]), Place{12345, 6}});
  }
  std::ranges::sort(changes, {}, &Change::key);
  Result<Staged> staged = bench.tree.apply(bench.tree.published(), changes);
  ASSERT_TRUE(staged.has_value());
  EXPECT_EQ(staged->version().root(), naive_root(model));
  EXPECT_EQ(staged->version().count(), 3);
}

TEST(StateTree, StacksStagedVersionsAndPublishesThemInOrder) {
  Bench bench;
  Keys keys(10);
  Model one = keys.batch({}, 300);
  Model two = one;
  Staged first = bench.stage(bench.tree.published(), one);
  merge(two, keys.batch(one, 300));
  Staged second = bench.stage(first.version(), two);
  Model three = two;
  merge(three, keys.batch(two, 300));
  Staged third = bench.stage(second.version(), three);
  EXPECT_EQ(bench.tree.published().count(), 0);
  EXPECT_EQ(first.version().root(), naive_root(one));
  EXPECT_EQ(second.version().root(), naive_root(two));
  EXPECT_EQ(third.version().root(), naive_root(three));

  bench.tree.publish(std::move(first));
  EXPECT_EQ(bench.tree.published().root(), naive_root(one));
  for (std::size_t i = 0; i < 50; ++i) expect_proved(bench, third.version(), three, keys.next(three));
  bench.tree.publish(std::move(second));
  bench.tree.publish(std::move(third));
  EXPECT_EQ(bench.tree.published().root(), naive_root(three));
  for (std::size_t i = 0; i < 50; ++i) expect_proved(bench, bench.tree.published(), three, keys.next(three));
}

TEST(StateTree, ForgetsWhatIsDiscarded) {
  Bench bench;
  Keys keys(11);
  Model model = keys.batch({}, 500);
  bench.commit(model);
  const Version before = bench.tree.published();
  const std::size_t used = bench.tree.memory().used_bytes;
  for (int i = 0; i < 20; ++i) {
    Staged staged = bench.stage(before, keys.batch(model, 400));
    Staged upon = bench.stage(staged.version(), keys.batch(model, 400));
    EXPECT_GT(bench.tree.memory().used_bytes, used);
    bench.tree.discard(std::move(upon));
    if (i % 2 == 0) bench.tree.discard(std::move(staged));  // else by its destructor
  }
  EXPECT_EQ(bench.tree.memory().used_bytes, used);
  EXPECT_EQ(bench.tree.published().root(), naive_root(model));
}

TEST(StateTree, UsesNodesAgainOnceNobodyHoldsTheOldVersion) {
  Bench bench;
  Keys keys(12);
  Model model = keys.batch({}, 1000);
  bench.commit(model);
  const std::size_t used = bench.tree.memory().used_bytes;
  Model update = model;
  {
    const Snapshot old = bench.tree.read();
    for (int i = 0; i < 5; ++i) {
      for (auto& [key, value_hash] : update) value_hash = keys.fresh();
      bench.commit(update);
    }
    EXPECT_GT(bench.tree.memory().used_bytes, 5 * used);
    EXPECT_EQ(old.root(), naive_root(model));
    for (std::size_t i = 0; i < 100; ++i) expect_proved(bench, old.version(), model, keys.next(model));
  }
  for (auto& [key, value_hash] : update) value_hash = keys.fresh();
  bench.commit(update);
  EXPECT_EQ(bench.tree.memory().used_bytes, used);
  EXPECT_EQ(bench.tree.published().root(), naive_root(update));
}

TEST(StateTree, FailsAndLeavesNothingBehindWhenARowCannotBeRead) {
  Bench bench(2);
  Keys keys(13);
  Model model = keys.batch({}, 2000);
  bench.commit(model);
  const std::size_t used = bench.tree.memory().used_bytes;
  std::vector<Change> changes;
  for (const auto& [key, value_hash] : model) changes.push_back({.key = key, .value_hash = value_hash});
  bench.rows.broken = true;
  const Result<Staged> staged = bench.tree.apply(bench.tree.published(), changes);
  ASSERT_FALSE(staged.has_value());
  EXPECT_EQ(staged.error().code(), Code::corrupt);
  EXPECT_EQ(bench.tree.find(bench.tree.published(), model.begin()->first).error().code(), Code::corrupt);
  bench.rows.broken = false;
  EXPECT_EQ(bench.tree.memory().used_bytes, used);
  EXPECT_EQ(bench.tree.published().root(), naive_root(model));
}

TEST(StateTree, HasTheSameRootWithAnyNumberOfThreads) {
  Keys keys(14);
  Model model;
  std::vector<Model> batches;
  for (std::size_t i = 0; i < 6; ++i) {
    batches.push_back(keys.batch(model, 1500));
    merge(model, batches.back());
  }
  std::set<Digest> roots;
  for (const std::size_t threads : {1U, 2U, 3U, 8U}) {
    Bench bench(threads);
    for (const Model& batch : batches) bench.commit(batch);
    EXPECT_EQ(bench.tree.published().count(), model.size());
    roots.insert(bench.tree.published().root());
  }
  EXPECT_EQ(roots, std::set<Digest>{naive_root(model)});
}

TEST(StateTree, DoesNotDependOnTheOrderOfChanges) {
  Keys keys(15);
  const Model model = keys.batch({}, 400);
  std::vector<std::pair<Digest, Digest>> order(model.begin(), model.end());
  for (unsigned seed = 0; seed < 5; ++seed) {
    std::ranges::shuffle(order, std::mt19937(seed));
    Bench bench;
    for (const auto& one : order) bench.commit({one});
    EXPECT_EQ(bench.tree.published().root(), naive_root(model));
  }
}

TEST(StateTree, ProvesWhileItIsWritten) {
  Bench bench(2);
  Keys keys(16);
  Model model = keys.batch({}, 2000);
  bench.commit(model);
  std::vector<Digest> known;
  for (const auto& [key, value_hash] : model) known.push_back(key);

  std::atomic<bool> stop = false;
  std::atomic<std::size_t> proved = 0;
  const auto read = [&](std::uint64_t seed) {
    Keys some(seed);
    while (!stop || proved < 100) {
      const Snapshot snapshot = bench.tree.read();
      for (std::size_t i = 0; i < 20; ++i) {
        const Digest key = some.below(2) == 0 ? known[some.below(known.size())] : some.fresh();
        const StateProof proof = snapshot.prove(key).value();
        const bool nothing = !proof.leaf;
        const MapLeaf row = nothing ? MapLeaf{} : bench.rows.row(proof.leaf->place()).value();
        const bool present = !nothing && row.key == key;
        const Result<Digest> root = present   ? merkle::root_from_presence(key, row.value_hash, proof.path.proof())
                                    : nothing ? merkle::root_from_absence(key, proof.path.proof())
                                              : merkle::root_from_absence(key, proof.path.proof(row));
        ASSERT_TRUE(root.has_value());
        ASSERT_EQ(*root, snapshot.root());
        ++proved;
      }
    }
  };
  std::thread one(read, 1);
  std::thread two(read, 2);
  for (std::size_t round = 0; round < 60; ++round) {
    const Model batch = keys.batch(model, round % 10 == 0 ? 1500 : 40);
    merge(model, batch);
    Staged staged = bench.stage(bench.tree.published(), batch);
    if (round % 7 == 3) bench.tree.discard(bench.stage(staged.version(), keys.batch(model, 300)));
    bench.tree.publish(std::move(staged));
  }
  stop = true;
  one.join();
  two.join();
  EXPECT_EQ(bench.tree.published().root(), naive_root(model));
}

TEST(StateTree, HoldsAMillionThingsInAtMost80BytesEach) {
  Bench bench(2);
  constexpr std::size_t count = 1'000'000;
  constexpr std::size_t batches = 10;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    std::vector<Change> changes;
    for (std::size_t i = 0; i < count / batches; ++i) {
      changes.push_back({.key = digest_of_number(batch * count + i), .value_hash = {}, .place = {i, 1}});
    }
    std::ranges::sort(changes, {}, &Change::key);
    Result<Staged> staged = bench.tree.apply(bench.tree.published(), changes);
    ASSERT_TRUE(staged.has_value());
    bench.tree.publish(*std::move(staged));
  }
  ASSERT_EQ(bench.tree.published().count(), count);
  const NodeArena::Use use = bench.tree.memory();
  const auto a_leaf = [](std::size_t bytes) { return static_cast<double>(bytes) / static_cast<double>(count); };
  std::cout << "state tree of 1 million: " << a_leaf(use.used_bytes) << " B a leaf in use, "
            << a_leaf(use.reserved_bytes) << " B at most while it grew\n";
  EXPECT_LE(a_leaf(use.used_bytes), 80);
}

}  // namespace
}  // namespace mikusari::replica
