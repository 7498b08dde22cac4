// SPDX-License-Identifier: Apache-2.0
// Proofs from outside, and proofs of small trees that the input describes: what is true is proved, a changed proof is
// not, and nothing is proved present and absent.
// LINK: mikusari_merkle mikusari_crypto_openssl
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <vector>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"
#include "merkle/map.hpp"
#include "merkle/map_path.hpp"

namespace {

using namespace mikusari;

void require(bool holds) {
  if (!holds) std::abort();
}

// Takes numbers and bytes off the front of the input; zeros when it is used up.
class Input {
 public:
  explicit Input(ByteView bytes) : bytes_(bytes) {}
  template <std::size_t N>
  Bytes<N> take() {
    Bytes<N> out;
    const std::size_t size = std::min(N, bytes_.size());
    if (size > 0) std::memcpy(out.data.data(), bytes_.data(), size);
    bytes_ = bytes_.subspan(size);
    return out;
  }
  std::uint8_t byte() { return std::to_integer<std::uint8_t>(take<1>()[0]); }
  std::uint64_t number() {
    const auto bytes = take<8>();
    std::uint64_t out = 0;
    for (const std::byte byte : bytes.data) out = out << 8U | std::to_integer<std::uint64_t>(byte);
    return out >> (bytes_.size() % 64);  // all magnitudes
  }
  std::vector<Digest> digests() {
    std::vector<Digest> out;
    while (!bytes_.empty()) out.push_back(take<32>());
    return out;
  }
  ByteView rest() const { return bytes_; }

 private:
  ByteView bytes_;
};

// A range that ends at `first` in a tree of `size`, whose digests are all from outside: of every number of digests one
// is the right one.
void range_from_outside(std::uint64_t first, std::uint64_t size, std::span<const Digest> digests) {
  const auto before = static_cast<std::size_t>(std::popcount(first));
  if (first > merkle::CompactRange::size_max || digests.size() < before) return;
  const auto range = *merkle::CompactRange::from(first, digests.first(before));
  const auto after = digests.subspan(before);
  const auto met = merkle::root_behind(range, size, after);
  if (!met) return;
  require(first <= size && after.size() <= limits::range_levels_max);
  std::vector<Digest> other(after.begin(), after.end());
  other.push_back({});
  require(!merkle::root_behind(range, size, other));
  for (other.pop_back(); !other.empty(); other.pop_back())
    require(merkle::root_behind(range, size, other).has_value() == (other.size() == after.size()));
}

// [first, end) of a tree, where `end` is the input's choice: the range is proved, and no other leaf or digest is.
void range_of_a_tree(std::span<const Digest> leaves, std::size_t first, Input in) {
  const std::size_t end = first + in.byte() % (leaves.size() - first + 1);
  merkle::CompactRange range;
  for (std::size_t i = 0; i < first; ++i) range.append(leaves[i]);
  auto tree = *merkle::CompactRange::from(first, range.nodes());
  for (std::size_t i = first; i < end; ++i) tree.append(leaves[i]);
  std::array<Digest, limits::range_levels_max> room;
  const auto after = merkle::subtrees_behind(leaves.size(), leaves.subspan(end), room);
  const Digest root = merkle::root_of(leaves);
  require(*merkle::root_behind(tree, leaves.size(), after) == root);
  if (after.empty()) return;
  std::vector<Digest> changed(after.begin(), after.end());
  changed[in.byte() % changed.size()].data[in.byte() % 32] ^= std::byte{1};
  require(*merkle::root_behind(tree, leaves.size(), changed) != root);
}

void log_proofs_from_outside(Input in) {
  const std::uint64_t first = in.number(), second = in.number();
  const Digest root = in.take<32>(), other = in.take<32>();
  const auto path = in.digests();
  const auto met = merkle::root_from_inclusion(first, second, root, path);
  require(!met || first < second);
  const bool consistent = merkle::verify_consistency(first, root, second, other, path).has_value();
  require(!consistent || first <= second);
  const auto range = merkle::CompactRange::from(first, path);
  if (range) require(range->nodes().size() == path.size() && (path.size() != 1 || range->root() == path[0]));
  range_from_outside(first, second, path);
}

void log_proofs_of_a_tree(Input in) {
  const std::size_t size = in.byte() % 100U + 1, index = in.byte() % size;
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < size; ++i) leaves.push_back(merkle::leaf_hash(in.take<2>()));
  range_of_a_tree(leaves, index, in);
  const Digest root = merkle::root_of(leaves);
  std::array<Digest, 64> room;
  const auto path = *merkle::inclusion_path(leaves, index, room);
  require(*merkle::root_from_inclusion(index, size, leaves[index], path) == root);
  const auto nodes = *merkle::consistency_nodes(index + 1, size);
  std::vector<Digest> fetched;
  for (const auto& id : nodes.ids()) {
    fetched.push_back(merkle::root_of(std::span(leaves).subspan(id.index << id.level, std::size_t{1} << id.level)));
  }
  const Digest old = merkle::root_of(std::span(leaves).first(index + 1));
  auto proof = nodes.fold(fetched);
  require(merkle::verify_consistency(index + 1, old, size, root, proof).has_value());
  if (proof.empty()) return;
  std::vector<Digest> changed(proof.begin(), proof.end());
  changed[in.byte() % changed.size()].data[in.byte() % 32] ^= std::byte{1};
  require(!merkle::verify_consistency(index + 1, old, size, root, changed));
}

void map_proofs_from_outside(Input in) {
  const Digest key = in.take<32>(), value = in.take<32>();
  const std::size_t depth = in.byte() + in.byte() % 4U;
  std::optional<merkle::MapLeaf> other;
  if (in.byte() % 2 == 1) other = merkle::MapLeaf{in.take<32>(), in.take<32>()};
  const std::size_t bitmap = std::min((depth + 7) / 8, in.rest().size());
  const merkle::MapProof proof{depth, in.rest().first(bitmap), in.rest().subspan(bitmap), other};
  const auto absent = merkle::root_from_absence(key, proof);
  const auto present = merkle::root_from_presence(key, value, {depth, proof.bitmap, proof.siblings, std::nullopt});
  require(!absent || !present || *absent != *present);
  if (!present) return;
  merkle::MapPath path;  // what was accepted is the one form of what it says
  std::size_t at = proof.siblings.size();
  for (std::size_t level = 0; level < depth; ++level) {
    const bool given = bit_at(proof.bitmap, level);
    at -= given ? 32 : 0;
    path.descend(given ? Digest::copy(proof.siblings.subspan(at, 32)) : merkle::empty_subtree);
  }
  require(equal(path.bitmap(), proof.bitmap) && equal(path.proof().siblings, proof.siblings));
}

using Model = std::map<Digest, Digest>;
using Entry = Model::const_iterator;

Entry split(Entry begin, Entry end, std::size_t depth) {
  return std::find_if(begin, end, [depth](const auto& entry) { return bit_at(entry.first, depth); });
}

Digest digest(Entry begin, Entry end, std::size_t depth) {
  if (begin == end) return merkle::empty_subtree;
  if (std::next(begin) == end) return merkle::map_leaf(begin->first, begin->second);
  const Entry middle = split(begin, end, depth);
  return merkle::node_hash(digest(begin, middle, depth + 1), digest(middle, end, depth + 1));
}

// Keys of one or two bits that are set, so that they share long prefixes.
Digest sparse_key(Input& in) {
  Digest out;
  for (int i = 0; i < 2; ++i) {
    const std::uint8_t bit = in.byte();
    out.data[bit / 8] |= static_cast<std::byte>(1U << (bit % 8));
  }
  return out;
}

void map_proofs_of_a_tree(Input in) {
  Model model;
  for (std::size_t count = in.byte() % 16U; count > 0; --count) {
    const Digest key = sparse_key(in);
    model[key] = crypto::sha256(in.take<1>());
  }
  const Digest root = digest(model.begin(), model.end(), 0);
  const Digest key = sparse_key(in);
  merkle::MapPath path;
  Entry begin = model.begin(), end = model.end();
  while (begin != end && std::next(begin) != end) {
    const std::size_t depth = path.depth();
    const Entry middle = split(begin, end, depth);
    const bool right = bit_at(key, depth);
    path.descend(right ? digest(begin, middle, depth + 1) : digest(middle, end, depth + 1));
    (right ? begin : end) = middle;
  }
  const auto found = model.find(key);
  if (found != model.end()) {
    require(*merkle::root_from_presence(key, found->second, path.proof()) == root);
    const auto absent = merkle::root_from_absence(key, path.proof());
    require(!absent || *absent != root);
  } else {
    const auto proof = begin == end ? path.proof() : path.proof({begin->first, begin->second});
    require(*merkle::root_from_absence(key, proof) == root);
    const auto present = merkle::root_from_presence(key, in.take<32>(), path.proof());
    require(!present || *present != root);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Input in(std::as_bytes(std::span(data, size)).subspan(1));
  switch (data[0] % 4) {
    case 0: log_proofs_from_outside(in); break;
    case 1: log_proofs_of_a_tree(in); break;
    case 2: map_proofs_from_outside(in); break;
    default: map_proofs_of_a_tree(in);
  }
  return 0;
}
