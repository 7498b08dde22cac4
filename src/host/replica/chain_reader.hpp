// SPDX-License-Identifier: Apache-2.0
// Reads single things back from the chain file by their place. The bytes on the disk may have changed since they were
// written: a row of the state is compared with its leaf whenever it is read. Any thread.
#pragma once

#include <string>

#include "replica/damage.hpp"
#include "replica/frame.hpp"
#include "storage/chain_file.hpp"

namespace mikusari::replica {

struct StoredRow {
  platform::Buffer bytes;  // what the row's views point to
  Row row;
  Place place;
};

// The views point into the bytes, also after a move.
struct StoredStatement {
  platform::Buffer bytes;
  ByteView whole;  // the submission as it is stored
  statement::Submission submission;
};

class ChainReader final : public Rows {
 public:
  // Both must outlive it.
  ChainReader(const storage::ChainFile& chain, Damage& damage) : chain_(chain), damage_(damage) {}

  // The row that a leaf of the state was made of. `corrupt`, and reported as damage, when it is another now: named by
  // `key`, when the caller knows which it must be.
  Result<StoredRow> row(const Leaf& leaf) const;
  Result<StoredRow> row(const Leaf& leaf, const Digest& key) const;
  // A row that a later one names as the one before it. It is under no root any more: what is made of it must be
  // compared with a root that is known.
  Result<StoredRow> older_row(const Place& place, const Digest& key) const;
  // The statement whose submission is stored at a place. `corrupt`, and reported, when there is none.
  Result<StoredStatement> statement(const Place& place) const;
  Result<platform::Buffer> bytes(const Place& place) const;

  Result<Digest> key(const Leaf& leaf) const override;

  // For who has found out by himself that a row, or what it leads to, is not what was written: reports it.
  std::unexpected<Error> changed(const Digest& key, const Place& place) const;
  std::unexpected<Error> changed_statement(const Place& place) const { return report("the statement", place); }
  std::unexpected<Error> changed_fate(const Place& place) const { return report("the fate of a statement", place); }

 private:
  std::unexpected<Error> report(const std::string& what, const Place& place) const;

  const storage::ChainFile& chain_;
  Damage& damage_;
};

// That what stands beside a record is what its roots commit to. `corrupt` when it is not.
Result<void> check_sides(const Row& row);

}  // namespace mikusari::replica
