// SPDX-License-Identifier: Apache-2.0
// What every record of the state begins with. See docs/formats/records.md.
#pragma once

#include <cstdint>

#include "encoding/field.hpp"

namespace mikusari {

// Rules leave the head alone: the executor sets it when a body is accepted, because events_head hashes the leaf that
// the body gets in the log, and the leaf is only known then.
struct Head {
  std::uint64_t schema = 1;   // of this record; old ones are read by clients, never rewritten
  std::uint64_t seq = 0;      // bodies that have changed this record so far
  std::uint64_t changed = 0;  // height of the block of the last of them
  Digest events_head;         // SHA-256(02 || events_head before || hash of the body's leaf in the log)

  static constexpr auto fields =
      std::tuple{cbor::Field{1, "schema", &Head::schema, "version of this record's form"},
                 cbor::Field{2, "seq", &Head::seq, "how many committed bodies have changed the thing"},
                 cbor::Field{3, "changed", &Head::changed, "height of the block that changed it last"},
                 cbor::Field{4, "events_head", &Head::events_head, "chained hash of the log leaves that changed it"}};
};

// The next events head of a thing (docs/formats/records.md).
Digest next_events_head(const Digest& before, const Digest& leaf_hash);

// The same record with its head moved on by one event: `record` is re-encoded into `out` with seq + 1, `height` and
// the next events head. Errors: `internal` when the bytes are no record, `exhausted` when `out` is too small.
Result<ByteView> advance_head(ByteView record, std::uint64_t height, const Digest& leaf_hash, MutableByteView out);

// The head of any record, whatever its kind.
Result<Head> read_head(ByteView record);

}  // namespace mikusari
