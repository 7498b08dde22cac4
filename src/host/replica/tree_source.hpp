// SPDX-License-Identifier: Apache-2.0
// The state of one version of the tree, its values read from the chain file. What was read is kept until it is
// destroyed.
#pragma once

#include <functional>
#include <map>

#include "ledger/state.hpp"
#include "replica/chain_reader.hpp"

namespace mikusari::replica {

class TreeSource final : public ledger::Source {
 public:
  using Find = std::function<Result<std::optional<Place>>(const Digest&)>;
  TreeSource(Find find, const storage::ChainFile& chain) : find_(std::move(find)), chain_(chain) {}

  std::optional<ByteView> value(const Digest& key) const override;
  bool exists(const Digest& key) const override { return place(key).has_value(); }

 private:
  std::optional<Place> place(const Digest& key) const;

  const Find find_;
  const storage::ChainFile& chain_;
  mutable std::map<Digest, StoredRow> rows_;
};

}  // namespace mikusari::replica
