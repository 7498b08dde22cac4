// SPDX-License-Identifier: Apache-2.0
#include "replica/chain_reader.hpp"

namespace mikusari::replica {

using platform::Buffer;

Result<Buffer> read_bytes(const storage::ChainFile& chain, const Place& place) {
  Buffer bytes(place.length);
  TRY(chain.read(place.position, bytes));
  return bytes;
}

Result<StoredRow> read_row(const storage::ChainFile& chain, const Place& place) {
  TRY(auto bytes, read_bytes(chain, place));
  StoredRow out{std::move(bytes), {}, place};
  TRY(out.row, decode_row(out.bytes));
  return out;
}

Result<Digest> ChainRows::key(const Place& place) const {
  Bytes<35> bytes;  // the row's head, the key's head, the key
  TRY(chain_.read(place.position, bytes.mutable_view()));
  return Digest::copy(bytes.view().subspan(3));
}

}  // namespace mikusari::replica
