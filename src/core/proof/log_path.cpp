// SPDX-License-Identifier: Apache-2.0
#include "proof/log_path.hpp"

namespace mikusari::proof {
namespace {

// The path as the array that merkle/ takes.
struct Digests {
  explicit Digests(const LogPath& path) {
    for (const auto digest : path) all[count++] = digest;
  }
  std::span<const Digest> view() const { return std::span(all).first(count); }

  std::array<Digest, limits::log_levels_max> all;
  std::size_t count = 0;
};

}  // namespace

Result<Digest> root_from_path(std::uint64_t index, std::uint64_t size, const Digest& leaf, const LogPath& path) {
  const Digests digests(path);
  return merkle::root_from_inclusion(index, size, leaf, digests.view());
}

Result<void> check_consistency(const Consistency& consistency, const Digest& root1, const Digest& root2) {
  const Digests digests(consistency.path);
  return merkle::verify_consistency(consistency.size1, root1, consistency.size2, root2, digests.view());
}

}  // namespace mikusari::proof
