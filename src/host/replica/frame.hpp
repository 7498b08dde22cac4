// SPDX-License-Identifier: Apache-2.0
// One block as it stands in the chain file: everything that recovery and answers need (docs/formats/frame.md).
//
//   frame = [ record, [ * submission ], [ * fate ], [ * row ] ]
//   row   = [ key, value, previous, [ * event ] ]        an event: a body that changed the thing
//         / [ key, value, previous, [ * entry ] ]        an entry: an id that the list gained
//   previous = [ ] / [ position, length ]
//
// Rows are the changed records, sorted by key; `previous` is the place of the record's row before, so that the history
// of a thing can be walked back through the chain without an index.
#pragma once

#include <vector>

#include "ledger/execute.hpp"
#include "platform/encode.hpp"
#include "proof/block.hpp"
#include "replica/state_node.hpp"

namespace mikusari::replica {

using Position = std::uint64_t;  // a byte of the chain file

// A body that changed a thing: where its submission stands, which body it is, how it ended.
struct EventPlace {
  std::uint64_t back = 0;    // from the row's first byte back to the submission's (both in one frame)
  std::uint64_t length = 0;  // of the submission
  std::uint64_t body = 0;
  statement::Outcome outcome{};
};

struct Row {
  Digest key;
  ByteView value;
  Place previous;  // unset for the first
  std::vector<EventPlace> events;
  std::vector<Id> appended;
};

// A body's fate in the frame.
struct StoredBodyFate {
  statement::Refusal refusal = statement::Refusal::none;
  statement::Outcome outcome = statement::Outcome::done;
  std::string_view subject, object;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "refusal", &StoredBodyFate::refusal}, cbor::Field{2, "outcome", &StoredBodyFate::outcome},
      cbor::Field{3, "subject", &StoredBodyFate::subject}, cbor::Field{4, "object", &StoredBodyFate::object}};
};
struct StoredFate {
  Digest identity;
  cbor::List<StoredBodyFate, limits::bodies_max> bodies;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "identity", &StoredFate::identity}, cbor::Field{2, "bodies", &StoredFate::bodies}};
};

// A place in a frame, as a place in the chain.
inline Place shifted(const Place& place, Position frame) { return {frame + place.position, place.length}; }

// What encode_frame() is given: one executed block. Discarded submissions are no part of it.
struct BlockContent {
  proof::BlockRecord record;
  std::vector<ByteView> submissions;
  std::vector<ledger::SubmissionFate> fates;  // of each submission
  const std::map<Digest, ledger::Overlay::Change>& changes;
  std::vector<Place> previous;  // of each change, in the order of `changes`
};

// Where things stand in an encoded frame, from its first byte.
struct FramePlaces {
  std::vector<Place> submissions;  // the submission itself, not its head
  std::vector<Place> fates;
  std::vector<Place> rows;
};

struct EncodedFrame {
  platform::Buffer bytes;
  FramePlaces places;
};
EncodedFrame encode_frame(const BlockContent& content);

// A frame read back. Views point into the bytes.
struct DecodedFrame {
  proof::BlockRecord record;
  ByteView record_bytes;
  std::vector<ByteView> submissions;
  std::vector<StoredFate> fates;
  std::vector<Row> rows;
  FramePlaces places;
};
Result<DecodedFrame> decode_frame(ByteView bytes);

Result<Row> decode_row(ByteView bytes);

// The leaves that a block adds to the log, the record's last. Computed from what the frame holds.
Result<std::vector<Digest>> log_leaves(const DecodedFrame& frame);

}  // namespace mikusari::replica
