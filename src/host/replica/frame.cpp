// SPDX-License-Identifier: Apache-2.0
#include "replica/frame.hpp"

#include <algorithm>

#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

Place place(std::size_t begin, std::size_t end) { return {begin, static_cast<std::uint32_t>(end - begin)}; }

void write_fate(cbor::Writer& out, const ledger::SubmissionFate& fate) {
  std::vector<StoredBodyFate> bodies;
  for (const auto& body : fate.bodies) bodies.push_back({body.refusal, body.outcome, body.subject, body.object});
  cbor::write(out, StoredFate{fate.identity, {std::span<const StoredBodyFate>(bodies)}});
}

// One thing that one body changed.
struct Gained {
  Digest key;
  std::uint32_t submission = 0, body = 0;
  std::uint64_t leaf = 0;
};

// By thing, and then in the order of the log.
std::vector<Gained> gained_by(std::span<const ledger::SubmissionFate> fates) {
  std::vector<Gained> out;
  std::uint64_t leaf = 0;
  for (std::uint32_t s = 0; s < fates.size(); ++s) {
    for (std::uint32_t b = 0; b < fates[s].bodies.size(); ++b) {
      const auto& fate = fates[s].bodies[b];
      if (!fate.accepted()) continue;
      for (const auto& key : fate.gained) out.push_back({key, s, b, leaf});
      ++leaf;
    }
  }
  std::ranges::stable_sort(out, {}, &Gained::key);
  return out;
}

void write_place(cbor::Writer& out, const Place& previous) {
  out.array(previous.is_set() ? 2 : 0);
  if (!previous.is_set()) return;
  out.uint(previous.position);
  out.uint(previous.length);
}

void write_event(cbor::Writer& out, const EventPlace& event) {
  out.array(5);
  out.uint(event.back);
  out.uint(event.length);
  out.uint(event.body);
  out.uint(event.leaf);
  cbor::write(out, event.outcome);
}

void write_row(cbor::Writer& out, const ChangedRow& row, std::span<const EventPlace> events) {
  out.array(5);
  out.bytes(row.key);
  out.bytes(row.value);
  out.bytes(row.sides);
  write_place(out, row.previous);
  out.array(events.size() + row.appended.size());
  for (const auto& event : events) write_event(out, event);
  for (const auto& entry : row.appended) cbor::write(out, entry);
}

void write_rows(cbor::Writer& out, const BlockContent& content, FramePlaces& places) {
  const auto all = gained_by(content.fates);
  std::span<const Gained> rest(all);
  std::vector<EventPlace> events;
  out.array(content.rows.size());
  for (const auto& row : content.rows) {
    const std::size_t at = out.size();
    events.clear();
    for (; !rest.empty() && rest.front().key == row.key; rest = rest.subspan(1)) {
      const Gained& gained = rest.front();
      const Place& stored = places.submissions[gained.submission];
      events.push_back({at - stored.position, stored.length, gained.body, gained.leaf,
                        content.fates[gained.submission].bodies[gained.body].outcome});
    }
    write_row(out, row, events);
    places.rows.push_back(place(at, out.size()));
  }
  ASSERT(rest.empty());  // a thing that gained an event has changed
}

// Upper bound of a frame's size: what it holds, and generous heads.
std::size_t bound_of(const BlockContent& content) {
  std::size_t bytes = 1024;
  for (const auto& submission : content.submissions) bytes += submission.size() + 16;
  for (const auto& fate : content.fates) {
    bytes += 64;
    for (const auto& body : fate.bodies)
      bytes += 32 + body.subject.size() + body.object.size() + body.gained.size() * 32;
  }
  for (const auto& row : content.rows) bytes += 128 + row.value.size() + row.sides.size() + row.appended.size() * 64;
  return bytes;
}

Result<Place> read_place(cbor::Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.array());
  if (members == 0) return Place{};
  if (members != 2) return fail(Code::corrupt, "a row's previous place must have two members", at);
  Place out;
  TRY(out.position, in.uint());
  TRY(out.length, cbor::read<std::uint32_t>(in));
  return out;
}

Result<Row> read_row(cbor::Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t members, in.array());
  if (members != 5) return fail(Code::corrupt, "a row must have five members", at);
  Row row;
  TRY(row.key, cbor::read<Digest>(in));
  TRY(row.value, in.bytes());
  TRY(row.sides, in.bytes());
  TRY(row.previous, read_place(in));
  TRY(row.tail, in.item());
  return row;
}

Result<EventPlace> read_event(cbor::Reader& in) {
  const std::size_t at = in.offset();
  TRY(const std::size_t parts, in.array());
  if (parts != 5) return fail(Code::corrupt, "an event's place must have five members", at);
  EventPlace event;
  TRY(event.back, in.uint());
  TRY(event.length, in.uint());
  TRY(event.body, in.uint());
  TRY(event.leaf, in.uint());
  TRY(event.outcome, cbor::read<statement::Outcome>(in));
  return event;
}

template <class T, class Read>
Result<std::vector<T>> read_tail(ByteView tail, const Read& read) {
  cbor::Reader in(tail);
  std::vector<T> out;
  TRY(const std::size_t count, in.array());
  out.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    TRY(T each, read(in));
    out.push_back(std::move(each));
  }
  TRY(in.end());
  return out;
}

Result<ByteView> read_stored(cbor::Reader& in) {
  const std::size_t at = in.offset();
  TRY(const auto major, in.peek());
  if (major == cbor::Major::bytes) return in.bytes();
  TRY(const std::size_t members, in.array());
  if (members < 2) return fail(Code::corrupt, "a stored submission is a byte string, or stands before its filler", at);
  TRY(const ByteView submission, in.bytes());
  TRY(in.bytes());
  for (std::size_t i = 2; i < members; ++i) TRY(in.uint());
  return submission;
}

// A frame of the first form has no number, and a member less.
Result<void> read_form(cbor::Reader& in) {
  TRY(const std::size_t members, in.array());
  if (members == 4) return fail(Code::conflict, first_form_text);
  if (members != 5) return fail(Code::corrupt, "a frame must have five members", 0);
  TRY(cbor::read<statement::Form>(in));
  return {};
}

template <class Read>
Result<void> read_each(cbor::Reader& in, std::vector<Place>& places, const Read& read) {
  TRY(const std::size_t count, in.array());
  places.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = in.offset();
    TRY(read());
    places.push_back(place(at, in.offset()));
  }
  return {};
}

}  // namespace

Result<std::vector<EventPlace>> events_of(const Row& row) { return read_tail<EventPlace>(row.tail, read_event); }

Result<std::vector<list::Entry>> entries_of(const Row& row) {
  return read_tail<list::Entry>(row.tail, [](cbor::Reader& in) { return cbor::read<list::Entry>(in); });
}

Result<std::size_t> count_entries(const Row& row) {
  cbor::Reader in(row.tail);
  TRY(const std::size_t count, in.array());
  if (count == 0) return std::size_t{0};
  TRY(const auto major, in.peek());
  return major == cbor::Major::map ? count : std::size_t{0};
}

Result<EncodedFrame> encode_frame(const BlockContent& content) {
  EncodedFrame out;
  out.bytes.resize(bound_of(content));
  cbor::Writer writer{MutableByteView(out.bytes)};
  writer.array(5);
  cbor::write(writer, statement::Form{});
  writer.bytes(content.record);
  writer.array(content.submissions.size());
  for (const auto& submission : content.submissions) {
    const std::size_t at = writer.size();
    writer.bytes(submission);
    out.places.submissions.push_back(place(at, writer.size()));
  }
  writer.array(content.fates.size());
  for (const auto& fate : content.fates) {
    const std::size_t at = writer.size();
    write_fate(writer, fate);
    out.places.fates.push_back(place(at, writer.size()));
  }
  write_rows(writer, content, out.places);
  const auto done = writer.finish();
  ASSERT(done.has_value());
  if (done->size() > frame_bytes_max) return fail(Code::exhausted, "the block is larger than a frame may be");
  out.bytes.resize(done->size());
  return out;
}

Result<DecodedFrame> decode_frame(ByteView bytes) {
  cbor::Reader in(bytes);
  TRY(read_form(in));
  DecodedFrame out;
  TRY(out.record_bytes, in.bytes());
  TRY(out.record, cbor::decode<proof::BlockRecord>(out.record_bytes));
  TRY(read_each(in, out.places.submissions, [&]() -> Result<void> {
    TRY(out.submissions.emplace_back(), read_stored(in));
    return {};
  }));
  TRY(read_each(in, out.places.fates, [&]() -> Result<void> {
    TRY(out.fates.emplace_back(), cbor::read<StoredFate>(in));
    return {};
  }));
  TRY(read_each(in, out.places.rows, [&]() -> Result<void> {
    TRY(out.rows.emplace_back(), read_row(in));
    return {};
  }));
  TRY(in.end());
  return out;
}

Result<Row> decode_row(ByteView bytes) {
  cbor::Reader in(bytes);
  return read_row(in);
}

Result<ByteView> decode_stored(ByteView bytes) {
  cbor::Reader in(bytes);
  TRY(const ByteView submission, read_stored(in));
  TRY(in.end());
  return submission;
}

namespace {

constexpr std::size_t string_head_bytes(std::size_t length) {
  return length < 24 ? 1 : length < 256 ? 2 : length < 65536 ? 3 : 5;
}

// How long a byte string is whose encoding has this size. Not every size has one: heads grow with what they head.
std::optional<std::size_t> string_of_size(std::size_t size) {
  for (const std::size_t head : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{5}}) {
    if (size >= head && string_head_bytes(size - head) == head) return size - head;
  }
  return std::nullopt;
}

constexpr std::size_t zeros_max = 3;  // that a filler needs behind it at most, to be of any size

}  // namespace

Result<platform::Buffer> encode_stored(ByteView submission, std::size_t length) {
  const std::size_t whole = string_head_bytes(submission.size()) + submission.size();
  for (std::size_t zeros = 0; zeros <= zeros_max && 1 + whole + zeros < length; ++zeros) {
    const auto filler = string_of_size(length - 1 - whole - zeros);
    if (!filler) continue;
    return platform::encode_with([&](cbor::Writer& out) {
      out.array(2 + zeros);
      out.bytes(submission);
      out.bytes(platform::Buffer(*filler));
      for (std::size_t i = 0; i < zeros; ++i) out.uint(0);
    });
  }
  return fail(Code::exhausted, "the submission is not shorter than what it replaces");
}

Result<std::vector<statement::Submission>> parse_submissions(const DecodedFrame& frame) {
  if (frame.fates.size() > frame.submissions.size())
    return fail(Code::corrupt, "the frame has more fates than submissions");
  std::vector<statement::Submission> out;
  out.reserve(frame.fates.size());
  for (std::size_t s = 0; s < frame.fates.size(); ++s) {
    TRY(const auto submission, statement::parse(frame.submissions[s]));
    if (submission.identity != frame.fates[s].identity || submission.bodies.size() != frame.fates[s].bodies.size()) {
      return fail(Code::corrupt, "a fate does not belong to its submission");
    }
    out.push_back(submission);
  }
  return out;
}

Result<std::vector<Digest>> log_leaves(const DecodedFrame& frame, std::span<const statement::Submission> submissions) {
  std::vector<Digest> leaves;
  for (std::size_t s = 0; s < submissions.size(); ++s) {
    const auto& submission = submissions[s];
    proof::BodyLeaf leaf;
    leaf.identity = submission.identity;
    leaf.signature_hash = crypto::sha256(submission.statement.signature);
    leaf.also_hash = statement::also_hash(submission.also);
    leaf.height = frame.record.height;
    leaf.time_ms = frame.record.time_ms;
    auto body = submission.bodies.begin();
    for (const auto fate : frame.fates[s].bodies) {
      const auto salted = *body;
      ++body;
      if (!fate.accepted()) continue;
      leaf.body_leaf = statement::body_leaf(salted);
      leaf.outcome = fate.outcome;
      leaves.push_back(proof::leaf_hash(leaf));
    }
  }
  if (leaves.size() != frame.record.committed)
    return fail(Code::corrupt, "the record counts other leaves than the frame has");
  leaves.push_back(merkle::leaf_hash(frame.record_bytes));
  return leaves;
}

}  // namespace mikusari::replica
