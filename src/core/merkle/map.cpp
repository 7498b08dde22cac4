// SPDX-License-Identifier: Apache-2.0
#include "merkle/map.hpp"

#include <bit>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"

namespace mikusari::merkle {
namespace {

std::size_t count_ones(ByteView bytes) {
  std::size_t ones = 0;
  for (const std::byte byte : bytes) ones += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(byte)));
  return ones;
}

// The one form of a proof, as far as it can be seen without hashing.
Result<void> check_form(const MapProof& proof) {
  if (proof.depth > limits::map_levels_max) return fail(Code::invalid, "a map proof has at most 256 levels");
  if (proof.bitmap.size() != (proof.depth + 7) / 8) return fail(Code::invalid, "the bitmap has a wrong length");
  for (std::size_t i = proof.depth; i < proof.bitmap.size() * 8; ++i) {
    if (bit_at(proof.bitmap, i)) return fail(Code::invalid, "unused bits of the bitmap are set", i / 8);
  }
  if (proof.siblings.size() != count_ones(proof.bitmap) * Digest::size()) {
    return fail(Code::invalid, "there is not one sibling for each bit of the bitmap");
  }
  if (proof.depth > 0 && !bit_at(proof.bitmap, proof.depth - 1)) {
    return fail(Code::invalid, "the deepest sibling is empty: the place lies deeper than in any map");
  }
  for (std::size_t at = 0; at < proof.siblings.size(); at += Digest::size()) {
    if (equal(proof.siblings.subspan(at, Digest::size()), empty_subtree)) {
      return fail(Code::invalid, "an empty sibling is given", at);
    }
  }
  return {};
}

// REQUIRES: check_form(proof) holds.
Digest root_above(Digest place, const Digest& key, const MapProof& proof) {
  ByteView siblings = proof.siblings;
  for (std::size_t level = proof.depth; level-- > 0;) {
    Digest sibling = empty_subtree;
    if (bit_at(proof.bitmap, level)) {
      sibling = Digest::copy(siblings.first(Digest::size()));
      siblings = siblings.subspan(Digest::size());
    }
    place = bit_at(key, level) ? node_hash(sibling, place) : node_hash(place, sibling);
  }
  return place;
}

}  // namespace

Digest map_leaf(const Digest& key, const Digest& value_hash) { return leaf_hash({key, value_hash}); }

std::size_t common_bits(const Digest& a, const Digest& b) {
  for (std::size_t i = 0; i < Digest::size(); ++i) {
    const auto difference = std::to_integer<std::uint8_t>(a[i] ^ b[i]);
    if (difference != 0) return i * 8 + static_cast<std::size_t>(std::countl_zero(difference));
  }
  return Digest::size() * 8;
}

Result<Digest> root_from_presence(const Digest& key, const Digest& value_hash, const MapProof& proof) {
  if (proof.other) return fail(Code::invalid, "a proof of presence names no other leaf");
  TRY(check_form(proof));
  return root_above(map_leaf(key, value_hash), key, proof);
}

Result<Digest> root_from_absence(const Digest& key, const MapProof& proof) {
  TRY(check_form(proof));
  if (!proof.other) return root_above(empty_subtree, key, proof);
  const MapLeaf& other = *proof.other;
  if (other.key == key) return fail(Code::invalid, "the other leaf is the key's own: it is present");
  if (common_bits(other.key, key) < proof.depth) {
    return fail(Code::invalid, "the other leaf does not stand where the key would");
  }
  return root_above(map_leaf(other.key, other.value_hash), key, proof);
}

}  // namespace mikusari::merkle
