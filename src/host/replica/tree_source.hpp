// SPDX-License-Identifier: Apache-2.0
// The state of one version of the tree, its rows read from the chain file, each compared with its leaf, and what stands
// beside it with its roots. What was read is kept until it is destroyed. One thread.
#pragma once

#include <functional>
#include <map>

#include "replica/chain_reader.hpp"
#include "replica/checked_source.hpp"

namespace mikusari::replica {

class TreeSource final : public CheckedSource {
 public:
  // The only leaf that can be the key's, if any: StateTree::candidate() of the version.
  using Candidate = std::function<Result<std::optional<Leaf>>(const Digest&)>;
  TreeSource(Candidate candidate, const ChainReader& chain) : candidate_(std::move(candidate)), chain_(chain) {}

  std::optional<ByteView> value(const Digest& key) const override;
  ByteView sides(const Digest& key) const override;
  bool exists(const Digest& key) const override { return find(key) != nullptr; }
  Result<void> demand_sound() const override;
  // How many are kept.
  std::size_t rows() const { return rows_.size(); }

 private:
  const Row* find(const Digest& key) const;
  Result<std::optional<StoredRow>> read(const Digest& key) const;

  const Candidate candidate_;
  const ChainReader& chain_;
  mutable std::map<Digest, StoredRow> rows_;
  mutable std::optional<Error> failure_;
};

}  // namespace mikusari::replica
