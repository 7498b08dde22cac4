// SPDX-License-Identifier: Apache-2.0
// Inside replica.cpp's family of files: one executed block, and the state that blocks are executed on.
#pragma once

#include <deque>

#include "replica/replica.hpp"

namespace mikusari::replica {

// The state of one version of the tree, values read from the chain file. What was read is kept until it is destroyed.
class Replica::TreeSource final : public ledger::Source {
 public:
  using Find = std::function<Result<std::optional<Place>>(const Digest&)>;
  TreeSource(Find find, const storage::ChainFile& chain) : find_(std::move(find)), chain_(chain) {}

  std::optional<ByteView> value(const Digest& key) const override;
  bool exists(const Digest& key) const override { return find(key).has_value(); }

 private:
  std::optional<Place> find(const Digest& key) const;
  const Find find_;
  const storage::ChainFile& chain_;
  mutable std::map<Digest, StoredRow> rows_;
};

struct Replica::Executed {
  std::vector<ledger::SubmissionFate> fates;  // of the submissions that are part of the block
  std::vector<Digest> discarded;              // identities of the others
  std::vector<ByteView> submissions;          // until commit()
  Head head;                                  // the end of the ledger after the block
  std::optional<Staged> staged;
  std::vector<Digest> leaves;
  EncodedFrame frame;  // until commit()
};

}  // namespace mikusari::replica
