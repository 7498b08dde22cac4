// SPDX-License-Identifier: Apache-2.0
// Reads single things back from the chain file by their place. Any thread.
#pragma once

#include "replica/frame.hpp"
#include "storage/chain_file.hpp"

namespace mikusari::replica {

Result<platform::Buffer> read_bytes(const storage::ChainFile& chain, const Place& place);

struct StoredRow {
  platform::Buffer bytes;  // what the row's views point to
  Row row;
  Place place;
};
// `corrupt` when what stands there is no row.
Result<StoredRow> read_row(const storage::ChainFile& chain, const Place& place);

// The tree's way to the rows.
class ChainRows final : public Rows {
 public:
  explicit ChainRows(const storage::ChainFile& chain) : chain_(chain) {}
  Result<Digest> key(const Place& place) const override;

 private:
  const storage::ChainFile& chain_;
};

}  // namespace mikusari::replica
