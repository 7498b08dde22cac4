// SPDX-License-Identifier: Apache-2.0
#include "merkle/map.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/test_vectors.hpp"
#include "merkle/log.hpp"
#include "merkle/map_path.hpp"

namespace mikusari::merkle {
namespace {

using Model = std::map<Digest, Digest>;  // key -> SHA-256 of the value
using Entry = Model::const_iterator;

// The first key of [begin, end) whose bit `depth` is one. REQUIRES: the keys share their first `depth` bits.
Entry split(Entry begin, Entry end, std::size_t depth) {
  return std::find_if(begin, end, [depth](const auto& entry) { return bit_at(entry.first, depth); });
}

// The definition of the tree, naively.
Digest digest(Entry begin, Entry end, std::size_t depth) {
  if (begin == end) return empty_subtree;
  if (std::next(begin) == end) return map_leaf(begin->first, begin->second);
  const Entry middle = split(begin, end, depth);
  return node_hash(digest(begin, middle, depth + 1), digest(middle, end, depth + 1));
}

Digest root(const Model& model) { return digest(model.begin(), model.end(), 0); }

struct Walked {
  MapPath path;
  std::optional<MapLeaf> leaf;  // what stands in the place
};

Walked walk(const Model& model, const Digest& key) {
  Walked out;
  Entry begin = model.begin(), end = model.end();
  while (begin != end && std::next(begin) != end) {
    const std::size_t depth = out.path.depth();
    const Entry middle = split(begin, end, depth);
    const bool right = bit_at(key, depth);
    out.path.descend(right ? digest(begin, middle, depth + 1) : digest(middle, end, depth + 1));
    (right ? begin : end) = middle;
  }
  if (begin != end) out.leaf = MapLeaf{begin->first, begin->second};
  return out;
}

// What the model says of a key, proved; the test fails when the proof does not meet the root.
void expect_proved(const Model& model, const Digest& key) {
  const Walked walked = walk(model, key);
  const auto found = model.find(key);
  if (found != model.end()) {
    const auto met = root_from_presence(key, found->second, walked.path.proof());
    ASSERT_TRUE(met.has_value()) << met.error().message();
    ASSERT_EQ(*met, root(model));
    // The same path does not prove the absence of the key, nor another value.
    const auto empty = root_from_absence(key, walked.path.proof());
    ASSERT_TRUE(!empty || *empty != root(model));
    ASSERT_FALSE(root_from_absence(key, walked.path.proof(*walked.leaf)).has_value());
    ASSERT_NE(*root_from_presence(key, Digest{}, walked.path.proof()), root(model));
  } else {
    const MapProof proof = walked.leaf ? walked.path.proof(*walked.leaf) : walked.path.proof();
    const auto met = root_from_absence(key, proof);
    ASSERT_TRUE(met.has_value()) << met.error().message();
    ASSERT_EQ(*met, root(model));
    // Nor does the proof of absence prove that the key is present.
    const auto present = root_from_presence(key, Digest{}, walked.path.proof());
    ASSERT_TRUE(!present || *present != root(model));
  }
}

Digest random_digest(std::mt19937_64& random) {
  Digest out;
  for (std::byte& byte : out.data) byte = static_cast<std::byte>(random());
  return out;
}

Digest flip(Digest key, std::size_t bit) {
  key.data[bit / 8] ^= static_cast<std::byte>(0x80U >> (bit % 8));
  return key;
}

// Keys that part from one another after 0 to 255 bits.
std::vector<Digest> adversarial_keys(std::mt19937_64& random) {
  std::vector<Digest> out{random_digest(random)};
  for (const std::size_t bit : {255UL, 254UL, 250UL, 128UL, 127UL, 64UL, 8UL, 7UL, 1UL, 0UL}) {
    out.push_back(flip(out[0], bit));
    out.push_back(flip(out.back(), 255));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

TEST(Map, HasTheRootsOfItsDefinition) {
  const Digest left{}, value = crypto::sha256(as_bytes("value"));
  const Digest right = flip(left, 0);
  EXPECT_EQ(root({}), Digest{});
  EXPECT_EQ(root({{left, value}}), crypto::sha256({Bytes<1>{}, left, value}));
  EXPECT_EQ(root({{left, value}, {right, value}}), node_hash(map_leaf(left, value), map_leaf(right, value)));
  // Two keys that part at the second bit: the right half is empty, and enters as zeros.
  EXPECT_EQ(root({{left, value}, {flip(left, 1), value}}),
            node_hash(node_hash(map_leaf(left, value), map_leaf(flip(left, 1), value)), empty_subtree));
}

TEST(Map, CountsCommonBits) {
  const Digest key = crypto::sha256(ByteView());
  EXPECT_EQ(common_bits(key, key), 256U);
  for (std::size_t bit = 0; bit < 256; ++bit) EXPECT_EQ(common_bits(key, flip(key, bit)), bit);
}

TEST(Map, ProvesEveryKeyOfAnEmptyMapAbsent) {
  expect_proved({}, crypto::sha256(as_bytes("key")));
  EXPECT_EQ(*root_from_absence(Digest{}, MapProof{}), empty_subtree);
}

TEST(Map, ProvesPresenceAndAbsenceThroughRandomChanges) {
  std::mt19937_64 random(3);
  Model model;
  std::vector<Digest> keys;
  for (int i = 0; i < 60; ++i) keys.push_back(random_digest(random));
  for (int step = 0; step < 300; ++step) {
    const Digest& key = keys[random() % keys.size()];
    if (random() % 3 == 0) {
      model.erase(key);
    } else {
      model[key] = random_digest(random);  // insert or update
    }
    expect_proved(model, key);
    expect_proved(model, keys[random() % keys.size()]);
    expect_proved(model, random_digest(random));
  }
}

TEST(Map, ProvesKeysThatShareUpTo255Bits) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 12; ++round) {
    const std::vector<Digest> keys = adversarial_keys(random);
    Model model;
    for (const Digest& key : keys) {
      if (random() % 2 == 0) model[key] = random_digest(random);
    }
    for (const Digest& key : keys) {
      expect_proved(model, key);
      expect_proved(model, flip(key, random() % 256));
    }
  }
  const Digest key = random_digest(random);
  const Model twins{{key, key}, {flip(key, 255), key}};
  EXPECT_EQ(walk(twins, key).path.depth(), 256U);
  EXPECT_EQ(walk(twins, key).path.siblings().size(), 1U);
  expect_proved(twins, key);
}

// A proof's parts as bytes of its own, to be changed.
struct Loose {
  std::size_t depth;
  std::vector<std::byte> bitmap, siblings;
  std::optional<MapLeaf> other;
  MapProof proof() const { return {depth, bitmap, siblings, other}; }
};

Loose loosen(const MapProof& proof) {
  return {proof.depth,
          {proof.bitmap.begin(), proof.bitmap.end()},
          {proof.siblings.begin(), proof.siblings.end()},
          proof.other};
}

Model random_model(std::size_t count) {
  std::mt19937_64 random(5);
  Model model;
  while (model.size() < count) model[random_digest(random)] = random_digest(random);
  return model;
}

TEST(Map, MissesTheRootWithAnyFlippedBitOfTheProof) {
  Model model = random_model(40);
  const auto twin = *model.begin();
  model[flip(twin.first, 20)] = twin.second;  // some empty siblings
  const Digest expected = root(model);
  for (const bool present : {true, false}) {
    const Digest key = present ? twin.first : flip(twin.first, 25);
    const Walked walked = walk(model, key);
    ASSERT_TRUE(walked.leaf.has_value());
    const Loose good = loosen(present ? walked.path.proof() : walked.path.proof(*walked.leaf));
    const auto meets = [&](const Loose& loose) {
      const auto met =
          present ? root_from_presence(key, twin.second, loose.proof()) : root_from_absence(key, loose.proof());
      return met && *met == expected;
    };
    ASSERT_TRUE(meets(good));
    for (std::size_t bit = 0; bit < good.siblings.size() * 8; ++bit) {
      Loose bad = good;
      bad.siblings[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      ASSERT_FALSE(meets(bad));
    }
    for (std::size_t bit = 0; bit < good.bitmap.size() * 8; ++bit) {
      Loose bad = good;
      bad.bitmap[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
      ASSERT_FALSE(meets(bad));
    }
    for (std::size_t bit = 0; !present && bit < 512; ++bit) {
      Loose bad = good;
      Digest& part = bit < 256 ? bad.other->key : bad.other->value_hash;
      part = flip(part, bit % 256);
      ASSERT_FALSE(meets(bad)) << bit;
    }
    for (std::size_t depth = 0; depth <= 300; ++depth) {
      Loose bad = good;
      bad.depth = depth;
      ASSERT_EQ(meets(bad), depth == good.depth);
    }
  }
}

TEST(Map, MissesTheRootForEveryKeyThatTheProofIsNotAbout) {
  const Model model = random_model(30);
  for (const auto& [key, value] : model) {
    const Walked walked = walk(model, key);
    for (std::size_t bit = 0; bit < 256; ++bit) {
      ASSERT_NE(*root_from_presence(flip(key, bit), value, walked.path.proof()), root(model));
      // The leaf proves the absence of those keys that would stand in its place, and of no others.
      const auto absent = root_from_absence(flip(key, bit), walked.path.proof(*walked.leaf));
      ASSERT_EQ(absent && *absent == root(model), bit >= walked.path.depth());
    }
  }
}

// A proof of presence in its one form, to be spoilt.
struct OneForm {
  Model model = random_model(20);
  Digest key = model.begin()->first, value = model.begin()->second;
  Walked walked = walk(model, key);
  Loose good = loosen(walked.path.proof());
  Result<Digest> judge(const Loose& loose) const { return root_from_presence(key, value, loose.proof()); }
  void expect_refused(const Loose& loose) const {
    const auto met = judge(loose);
    ASSERT_FALSE(met.has_value());
    EXPECT_EQ(met.error().code(), Code::invalid);
  }
};

TEST(MapProof, HasOneBitmap) {
  const OneForm form;
  ASSERT_GT(form.good.depth, 1U);
  ASSERT_NE(form.good.depth % 8, 0U);
  EXPECT_EQ(form.judge(form.good).value(), root(form.model));

  Loose bad = form.good;  // a level more, beside which nothing is
  bad.depth += 1;
  form.expect_refused(bad);

  bad = form.good;
  bad.bitmap.push_back(std::byte{0});
  form.expect_refused(bad);

  bad = form.good;
  bad.bitmap.clear();
  form.expect_refused(bad);

  bad = form.good;
  bad.bitmap.back() |= std::byte{1};  // an unused bit, without and with a sibling for it
  form.expect_refused(bad);
  bad.siblings.resize(bad.siblings.size() + 32, std::byte{7});
  form.expect_refused(bad);
}

TEST(MapProof, HasOneSiblingForEachBitAndNoOtherLeaf) {
  const OneForm form;
  const std::size_t right = form.good.siblings.size();
  for (const std::size_t size : {right + 32, right - 32, right - 1}) {
    Loose bad = form.good;
    bad.siblings.resize(size, std::byte{7});
    form.expect_refused(bad);
  }

  Loose bad = form.good;
  std::fill(bad.siblings.begin(), bad.siblings.begin() + 32, std::byte{0});
  form.expect_refused(bad);

  bad = form.good;
  bad.other = MapLeaf{flip(form.key, 255), form.value};
  form.expect_refused(bad);
}

TEST(MapProof, HasAtMost256Levels) {
  const OneForm form;
  const std::vector<std::byte> siblings(257 * 32, std::byte{7});
  const std::vector<std::byte> bitmap(33, std::byte{0xff});
  EXPECT_FALSE(root_from_presence(form.key, form.value, {257, bitmap, siblings, {}}).has_value());
  const MapProof deepest{256, ByteView(bitmap).first(32), ByteView(siblings).first(std::size_t{256} * 32), {}};
  EXPECT_TRUE(root_from_presence(form.key, form.value, deepest).has_value());
}

TEST(MapProof, NamesAnotherLeafOnlyInTheKeysPlace) {
  const Model model = random_model(20);
  const auto& [key, value] = *model.begin();
  const Walked walked = walk(model, key);
  const auto code = [&](const Digest& asked) {
    return root_from_absence(asked, walked.path.proof(*walked.leaf)).error().code();
  };
  EXPECT_EQ(code(key), Code::invalid) << "the key's own leaf";
  EXPECT_EQ(code(flip(key, 0)), Code::invalid) << "a leaf somewhere else";
  EXPECT_EQ(code(flip(key, walked.path.depth() - 1)), Code::invalid) << "the leaf beside it";
}

}  // namespace
}  // namespace mikusari::merkle
