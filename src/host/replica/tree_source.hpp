// SPDX-License-Identifier: Apache-2.0
// The state of one version of the tree, its rows read from the chain file. What was read is kept until it is destroyed.
#pragma once

#include <functional>
#include <map>

#include "ledger/state.hpp"
#include "replica/chain_reader.hpp"

namespace mikusari::replica {

class TreeSource final : public ledger::Source {
 public:
  // The only row that can be the key's, if any: StateTree::candidate() of the version.
  using Candidate = std::function<Result<std::optional<Place>>(const Digest&)>;
  TreeSource(Candidate candidate, const storage::ChainFile& chain) : candidate_(std::move(candidate)), chain_(chain) {}

  std::optional<ByteView> value(const Digest& key) const override;
  bool exists(const Digest& key) const override { return value(key).has_value(); }

 private:
  const Candidate candidate_;
  const storage::ChainFile& chain_;
  mutable std::map<Digest, StoredRow> rows_;
};

}  // namespace mikusari::replica
