// SPDX-License-Identifier: Apache-2.0
// One block as it stands in the chain file: everything that recovery and answers need (docs/formats/frame.md).
//
//   frame    = [ form, record, [ * stored ], [ * fate ], [ * row ] ]
//   stored   = submission                         a byte string, as it was ordered
//            / [ submission, filler, * 0 ]        a body was withheld since: as long as it was before (withholding.hpp)
//   row      = [ key, value, sides, previous, [ * event ] ]      an event: a body that changed the thing
//            / [ key, value, sides, previous, [ * entry ] ]      an entry: what the list gained
//   previous = [ ] / [ position, length ]
//   event    = [ back, length, body, leaf, outcome ]
//
// Rows are the records that the block changed, sorted by key. `sides` are what stands beside a record
// (ledger/state.hpp). `previous` is the place of the record's row before, so that the history of a thing can be walked
// back through the chain without an index.
#pragma once

#include <vector>

#include "crypto/hash.hpp"
#include "ledger/execute.hpp"
#include "platform/encode.hpp"
#include "proof/block.hpp"
#include "replica/state_node.hpp"

namespace mikusari::replica {

using Position = std::uint64_t;  // a byte of the chain file

// A body that changed a thing: where its submission is stored, which body it is, its leaf, how it ended.
struct EventPlace {
  std::uint64_t back = 0;    // from the row's first byte back to the stored submission's (both in one frame)
  std::uint64_t length = 0;  // of the stored submission
  std::uint64_t body = 0;
  std::uint64_t leaf = 0;  // behind the block's first leaf in the log
  statement::Outcome outcome{};
  friend bool operator==(const EventPlace&, const EventPlace&) = default;
};

struct Row {
  Digest key;
  ByteView value, sides;
  Place previous;  // unset for the first
  ByteView tail;   // the encoded events or entries
};
// `corrupt` when the row has something else.
Result<std::vector<EventPlace>> events_of(const Row& row);
Result<std::vector<list::Entry>> entries_of(const Row& row);
// How many entries the list gained; 0 of a thing's row.
Result<std::size_t> count_entries(const Row& row);

// A body's fate in the frame.
struct StoredBodyFate {
  statement::Refusal refusal = statement::Refusal::none;
  statement::Outcome outcome = statement::Outcome::done;
  std::string_view subject, object;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "refusal", &StoredBodyFate::refusal}, cbor::Field{2, "outcome", &StoredBodyFate::outcome},
      cbor::Field{3, "subject", &StoredBodyFate::subject}, cbor::Field{4, "object", &StoredBodyFate::object}};
  bool accepted() const { return refusal == statement::Refusal::none; }
};
struct StoredFate {
  Digest identity;
  cbor::List<StoredBodyFate, limits::bodies_max> bodies;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "identity", &StoredFate::identity}, cbor::Field{2, "bodies", &StoredFate::bodies}};
};

// A place in a frame, as a place in the chain.
inline Place shifted(const Place& place, Position frame) { return {frame + place.position, place.length}; }

// A record that a block changed.
struct ChangedRow {
  Digest key;
  ByteView value, sides;
  Place previous;
  std::span<const list::Entry> appended;
};

// What encode_frame() is given: one executed block. Discarded submissions are no part of it.
struct BlockContent {
  ByteView record;  // encoded proof::BlockRecord
  std::span<const ByteView> submissions;
  std::span<const ledger::SubmissionFate> fates;  // of each submission
  std::span<const ChangedRow> rows;               // by key
};

// Where things stand in an encoded frame, from its first byte.
struct FramePlaces {
  std::vector<Place> submissions;  // as stored, with their heads
  std::vector<Place> fates;
  std::vector<Place> rows;
};

constexpr std::size_t frame_bytes_max = 64 * 1024 * 1024;

struct EncodedFrame {
  platform::Buffer bytes;
  FramePlaces places;
};
// `exhausted` when the block is larger than a frame may be.
Result<EncodedFrame> encode_frame(const BlockContent& content);

// A frame read back. Views point into the bytes.
struct DecodedFrame {
  proof::BlockRecord record;
  ByteView record_bytes;
  std::vector<ByteView> submissions;  // the genesis, in the first frame
  std::vector<StoredFate> fates;      // of each submission; the genesis has none
  std::vector<Row> rows;
  FramePlaces places;
};
// Errors: `conflict` for a frame of the ledger's first form, `newer` for one of a later form, `invalid` for what is no
// frame.
Result<DecodedFrame> decode_frame(ByteView bytes);

constexpr const char* first_form_text =
    "this store is of the ledger's first form, which this program does not read: found the ledger anew";

Result<Row> decode_row(ByteView bytes);
// The submission in its stored form.
Result<ByteView> decode_stored(ByteView bytes);
// A submission with bodies withheld as it is stored in the place of the whole one, which took `length` bytes.
// `exhausted` when it does not fit.
Result<platform::Buffer> encode_stored(ByteView submission, std::size_t length);

// The statements of a frame, in order; none of the genesis'. `corrupt` when a fate does not belong to its submission.
Result<std::vector<statement::Submission>> parse_submissions(const DecodedFrame& frame);

// The leaves that a block adds to the log, the record's last. Computed from what the frame holds.
Result<std::vector<Digest>> log_leaves(const DecodedFrame& frame, std::span<const statement::Submission> submissions);

// What a record says of the rows: SHA-256 over the first 8 bytes of each key, which ascend.
class ChangedKeys {
 public:
  void add(const Digest& key) { hash_.update(key.view().first(8)); }
  Digest finish() { return hash_.finish(); }

 private:
  crypto::Sha256 hash_;
};

}  // namespace mikusari::replica
