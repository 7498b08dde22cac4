// SPDX-License-Identifier: Apache-2.0
#include "replica/frame.hpp"

#include <map>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

constexpr std::size_t frame_bytes_max = 64 * 1024 * 1024;

void write_fate(cbor::Writer& out, const ledger::SubmissionFate& fate) {
  std::vector<StoredBodyFate> bodies;
  for (const auto& body : fate.bodies) bodies.push_back({body.refusal, body.outcome, body.subject, body.object});
  cbor::write(out, StoredFate{fate.identity, {std::span<const StoredBodyFate>(bodies)}});
}

Place place(std::size_t begin, std::size_t end) { return {begin, static_cast<std::uint32_t>(end - begin)}; }

// Which bodies changed which thing, by key.
std::map<Digest, std::vector<std::pair<std::size_t, std::size_t>>> bodies_by_thing(const BlockContent& content) {
  std::map<Digest, std::vector<std::pair<std::size_t, std::size_t>>> out;
  for (std::size_t s = 0; s < content.fates.size(); ++s) {
    for (std::size_t b = 0; b < content.fates[s].bodies.size(); ++b) {
      for (const auto& key : content.fates[s].bodies[b].changed) out[key].emplace_back(s, b);
    }
  }
  return out;
}

void write_row(cbor::Writer& out, const Row& row) {
  out.array(4);
  out.bytes(row.key);
  out.bytes(row.value);
  out.array(row.previous.is_set() ? 2 : 0);
  if (row.previous.is_set()) {
    out.uint(row.previous.position);
    out.uint(row.previous.length);
  }
  out.array(row.events.size() + row.appended.size());
  for (const auto& event : row.events) {
    out.array(4);
    out.uint(event.back);
    out.uint(event.length);
    out.uint(event.body);
    cbor::write(out, event.outcome);
  }
  for (const auto& entry : row.appended) out.bytes(entry);
}

Result<Row> read_row(cbor::Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.array());
  if (members != 4) return fail(Code::corrupt, "a row must have four members", at);
  Row row;
  TRY(row.key, cbor::read<Digest>(in));
  TRY(row.value, in.bytes());
  TRY(const std::size_t previous, in.array());
  if (previous != 0 && previous != 2) return fail(Code::corrupt, "a row's previous place must have two members", at);
  if (previous == 2) {
    TRY(row.previous.position, in.uint());
    TRY(row.previous.length, cbor::read<std::uint32_t>(in));
  }
  TRY(const std::size_t count, in.array());
  for (std::size_t i = 0; i < count; ++i) {
    TRY(const cbor::Major major, in.peek());
    if (major == cbor::Major::bytes) {
      TRY(const Id entry, cbor::read<Id>(in));
      row.appended.push_back(entry);
      continue;
    }
    TRY(const std::size_t parts, in.array());
    if (parts != 4) return fail(Code::corrupt, "an event's place must have four members", in.offset());
    EventPlace event;
    TRY(event.back, in.uint());
    TRY(event.length, in.uint());
    TRY(event.body, in.uint());
    TRY(event.outcome, cbor::read<statement::Outcome>(in));
    row.events.push_back(event);
  }
  return row;
}

void write_rows(cbor::Writer& out, const BlockContent& content, FramePlaces& places) {
  const auto touched = bodies_by_thing(content);
  out.array(content.changes.size());
  std::size_t i = 0;
  for (const auto& [key, change] : content.changes) {
    Row row{key, change.value, content.previous[i++], {}, change.appended};
    const std::size_t at = out.size();
    if (const auto found = touched.find(key); found != touched.end()) {
      for (const auto& [s, b] : found->second) {
        const Place& submission = places.submissions[s];
        row.events.push_back({at - submission.position, submission.length, b, content.fates[s].bodies[b].outcome});
      }
    }
    write_row(out, row);
    places.rows.push_back(place(at, out.size()));
  }
}

// Upper bound of a frame's size: what it holds, and generous heads.
std::size_t bound_of(const BlockContent& content) {
  std::size_t bytes = 1024;
  for (const auto& submission : content.submissions) bytes += submission.size() + 16;
  for (const auto& fate : content.fates) {
    bytes += 64;
    for (const auto& body : fate.bodies)
      bytes += 32 + body.subject.size() + body.object.size() + body.changed.size() * 24;
  }
  for (const auto& [key, change] : content.changes) bytes += 96 + change.value.size() + change.appended.size() * 34;
  return bytes;
}

}  // namespace

EncodedFrame encode_frame(const BlockContent& content) {
  EncodedFrame out;
  out.bytes.resize(bound_of(content));
  cbor::Writer writer{MutableByteView(out.bytes)};
  writer.array(4);
  writer.bytes(platform::encode(content.record));
  writer.array(content.submissions.size());
  for (const auto& submission : content.submissions) {
    writer.bytes(submission);
    out.places.submissions.push_back(place(writer.size() - submission.size(), writer.size()));
  }
  writer.array(content.fates.size());
  for (const auto& fate : content.fates) {
    const std::size_t at = writer.size();
    write_fate(writer, fate);
    out.places.fates.push_back(place(at, writer.size()));
  }
  write_rows(writer, content, out.places);
  const auto done = writer.finish();
  ASSERT(done.has_value() && done->size() <= frame_bytes_max);
  out.bytes.resize(done->size());
  return out;
}

Result<DecodedFrame> decode_frame(ByteView bytes) {
  cbor::Reader in(bytes);
  TRY(const std::size_t members, in.array());
  if (members != 4) return fail(Code::corrupt, "a frame must have four members", 0);
  DecodedFrame out;
  TRY(out.record_bytes, in.bytes());
  TRY(out.record, cbor::decode<proof::BlockRecord>(out.record_bytes));
  TRY(const std::size_t submissions, in.array());
  for (std::size_t i = 0; i < submissions; ++i) {
    TRY(const ByteView submission, in.bytes());
    out.submissions.push_back(submission);
    out.places.submissions.push_back(place(in.offset() - submission.size(), in.offset()));
  }
  TRY(const std::size_t fates, in.array());
  for (std::size_t i = 0; i < fates; ++i) {
    const std::size_t at = in.offset();
    TRY(const auto fate, cbor::read<StoredFate>(in));
    out.fates.push_back(fate);
    out.places.fates.push_back(place(at, in.offset()));
  }
  TRY(const std::size_t rows, in.array());
  out.rows.reserve(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    const std::size_t at = in.offset();
    TRY(auto row, read_row(in));
    out.rows.push_back(std::move(row));
    out.places.rows.push_back(place(at, in.offset()));
  }
  TRY(in.end());
  return out;
}

Result<Row> decode_row(ByteView bytes) {
  cbor::Reader in(bytes);
  return read_row(in);
}

Result<std::vector<Digest>> log_leaves(const DecodedFrame& frame) {
  std::vector<Digest> leaves;
  if (frame.fates.size() > frame.submissions.size())
    return fail(Code::corrupt, "the frame has more fates than submissions");
  // The genesis stands where the others have submissions, and has no fate.
  for (std::size_t s = 0; s < frame.fates.size(); ++s) {
    TRY(const auto submission, statement::parse(frame.submissions[s]));
    if (submission.identity != frame.fates[s].identity || submission.bodies.size() != frame.fates[s].bodies.size()) {
      return fail(Code::corrupt, "a fate does not belong to its submission");
    }
    auto body = submission.bodies.begin();
    for (const auto fate : frame.fates[s].bodies) {
      const auto salted = *body;
      ++body;
      if (fate.refusal != statement::Refusal::none) continue;
      leaves.push_back(proof::leaf_hash(proof::BodyLeaf{
          submission.identity, crypto::sha256(submission.statement.signature),
          statement::body_leaf(salted.salt, salted.body), frame.record.height, frame.record.time_ms, fate.outcome}));
    }
  }
  if (leaves.size() != frame.record.committed)
    return fail(Code::corrupt, "the record counts other leaves than the frame has");
  leaves.push_back(merkle::leaf_hash(frame.record_bytes));
  return leaves;
}

}  // namespace mikusari::replica
