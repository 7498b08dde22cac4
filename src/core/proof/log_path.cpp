// SPDX-License-Identifier: Apache-2.0
#include "proof/log_path.hpp"

#include <bit>

namespace mikusari::proof {
namespace {

// The path as the array that merkle/ takes.
template <std::size_t Max>
struct Digests {
  explicit Digests(const cbor::List<Digest, Max>& path) {
    for (const auto digest : path) all[count++] = digest;
  }
  std::span<const Digest> view() const { return std::span(all).first(count); }

  std::array<Digest, Max> all;
  std::size_t count = 0;
};

}  // namespace

Result<Digest> root_from_path(std::uint64_t index, std::uint64_t size, const Digest& leaf, const LogPath& path) {
  const Digests digests(path);
  return merkle::root_from_inclusion(index, size, leaf, digests.view());
}

// One digest for each bit of `first`, the highest first.
Result<void> RangeTree::begin(const Range& range) {
  constexpr auto wrong_length = "the proof of a range has a wrong length";
  std::uint64_t rest = range.first;
  for (const auto subtree : range.before) {
    if (rest == 0) return fail(Code::invalid, wrong_length);
    const auto level = static_cast<unsigned>(std::bit_width(rest) - 1);
    TRY(tree_.append_subtree(level, subtree));
    rest ^= std::uint64_t{1} << level;
  }
  if (rest != 0) return fail(Code::invalid, wrong_length);
  return {};
}

Result<void> RangeTree::append(const Digest& leaf_hash) { return tree_.append_subtree(0, leaf_hash); }

Result<Digest> RangeTree::finish(const Range& range, std::uint64_t size) {
  for (const auto subtree : range.after) TRY(tree_.append_next(size, subtree));
  if (tree_.size() != size) return fail(Code::invalid, "a range does not end where its tree does");
  return tree_.root();
}

Result<void> check_consistency(const Consistency& consistency, const Digest& root1, const Digest& root2) {
  const Digests digests(consistency.path);
  return merkle::verify_consistency(consistency.size1, root1, consistency.size2, root2, digests.view());
}

}  // namespace mikusari::proof
