// SPDX-License-Identifier: Apache-2.0
#include "replica/withholding.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "statement/custody.hpp"
#include "statement/device.hpp"
#include "statement/document.hpp"
#include "statement/path.hpp"
#include "statement/proposal.hpp"
#include "storage/chain_scan.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

constexpr const char* note_name = "withhold";
constexpr std::size_t copy_bytes = 1024 * 1024;

// The row's record, if it can be the one of a withheld body: nothing else is as short and has these fields.
std::optional<proposal::Withheld> withheld_record(const Row& row) {
  constexpr std::size_t bytes_max = 64;
  if (row.value.size() > bytes_max) return std::nullopt;
  const auto record = cbor::decode<proposal::Withheld>(row.value);
  return record ? std::optional(*record) : std::nullopt;
}

const Row* find_row(const DecodedFrame& frame, const Digest& key) {
  const auto found = std::ranges::lower_bound(frame.rows, key, {}, &Row::key);
  return found != frame.rows.end() && found->key == key ? &*found : nullptr;
}

// Bytes of the chain that are to be others, as many.
struct Patch {
  std::uint64_t position = 0;
  Buffer bytes;
};
struct PatchedFrame {
  std::uint64_t position = 0;  // of the payload
  std::size_t size = 0;
  std::vector<Patch> patches;
};

class Rewriting {
 public:
  Rewriting(platform::Files& files, const std::string& directory, const Digest& ledger)
      : files_(files), source_{files, platform::join(directory, "chain"), ledger} {}

  Result<WithholdReport> run() {
    TRY(storage::scan(source_, [&](const storage::Frame& frame) { return collect(frame); }));
    if (bodies_.empty()) return report_;
    TRY(const auto scanned, storage::scan(source_, [&](const storage::Frame& frame) { return patch(frame); }));
    for (const auto& segment : scanned.segments) TRY(rewrite(segment));
    return report_;
  }

 private:
  Result<void> collect(const storage::Frame& stored) {
    TRY(const auto frame, decode_frame(stored.payload));
    TRY(const auto named, withheld_by(frame));
    for (const auto& body : named) bodies_[body.identity].insert(body.index);
    return {};
  }
  Result<void> patch(const storage::Frame& stored);
  Result<void> rewrite(const storage::Segment& segment);
  Result<void> copy(const platform::File& from, std::uint64_t begin, std::uint64_t end, platform::File& to) const;
  Result<void> copy_patched(const platform::File& from, const storage::SegmentHeader& header, const PatchedFrame& frame,
                            platform::File& to) const;

  platform::Files& files_;
  const storage::ChainSource source_;
  std::map<Digest, std::set<std::uint64_t>> bodies_;  // by statement
  std::vector<PatchedFrame> frames_;                  // by position
  WithholdReport report_;
};

Result<void> Rewriting::patch(const storage::Frame& stored) {
  TRY(const auto frame, decode_frame(stored.payload));
  PatchedFrame out{stored.position, stored.payload.size(), {}};
  for (std::size_t s = 0; s < frame.fates.size(); ++s) {
    const auto named = bodies_.find(frame.fates[s].identity);
    if (named == bodies_.end()) continue;
    TRY(const auto submission, statement::parse(frame.submissions[s]));
    if (!can_be_withheld(submission.statement.payload.kind)) continue;
    std::vector<bool> to_go;
    for (const auto salted : submission.bodies)
      to_go.push_back(can_be_taken_out(salted) && named->second.contains(to_go.size()));
    const auto count = static_cast<std::uint64_t>(std::ranges::count(to_go, true));
    if (count == 0) continue;
    report_.bodies += count;
    const Buffer without = without_bodies(submission, to_go);
    const Place place = shifted(frame.places.submissions[s], stored.position);
    TRY(auto bytes, encode_stored(without, place.length));
    out.patches.push_back({place.position, std::move(bytes)});
  }
  if (!out.patches.empty()) frames_.push_back(std::move(out));
  return {};
}

Result<void> Rewriting::copy(const platform::File& from, std::uint64_t begin, std::uint64_t end,
                             platform::File& to) const {
  Buffer bytes;
  for (; begin < end; begin += bytes.size()) {
    bytes.resize(static_cast<std::size_t>(std::min<std::uint64_t>(copy_bytes, end - begin)));
    TRY(from.read(begin, bytes));
    TRY(to.append(bytes));
  }
  return {};
}

Result<void> Rewriting::copy_patched(const platform::File& from, const storage::SegmentHeader& header,
                                     const PatchedFrame& frame, platform::File& to) const {
  Buffer bytes(storage::frame_header_bytes + frame.size);
  const std::uint64_t first = frame.position - storage::frame_header_bytes;
  TRY(from.read(first - header.first_position, bytes));
  for (const auto& patch : frame.patches)
    std::ranges::copy(patch.bytes, bytes.begin() + static_cast<std::ptrdiff_t>(patch.position - first));
  const ByteView view(bytes);
  TRY(to.append(bytes));
  TRY(to.append(
      storage::frame_trailer(view.first(storage::frame_header_bytes), view.subspan(storage::frame_header_bytes))));
  return {};
}

// The new file has its own name until it is whole and on the disk; no reader takes it for a segment.
Result<void> Rewriting::rewrite(const storage::Segment& segment) {
  TRY(const auto old, files_.open(segment.path, platform::Open::read));
  const std::uint64_t begin = segment.header.first_position, end = begin + old->size();
  const auto first = std::ranges::lower_bound(frames_, begin, {}, &PatchedFrame::position);
  const auto last = std::ranges::lower_bound(frames_, end, {}, &PatchedFrame::position);
  if (first == last) return {};
  const std::string path = segment.path + ".new";
  if (files_.exists(path)) TRY(files_.remove(path));
  TRY(const auto file, files_.open(path, platform::Open::create_new));
  std::uint64_t at = 0;
  for (auto frame = first; frame != last; ++frame) {
    TRY(copy(*old, at, frame->position - storage::frame_header_bytes - begin, *file));
    TRY(copy_patched(*old, segment.header, *frame, *file));
    at = frame->position + frame->size + storage::frame_trailer_bytes - begin;
  }
  TRY(copy(*old, at, old->size(), *file));
  TRY(file->sync());
  TRY(files_.rename(path, segment.path));
  ++report_.segments;
  return files_.sync_directory(source_.directory);
}

}  // namespace

Result<std::vector<WithheldBody>> withheld_by(const DecodedFrame& frame) {
  std::vector<WithheldBody> out;
  for (const auto& row : frame.rows) {
    const auto withheld = withheld_record(row);
    if (!withheld) continue;
    const auto* decided = find_row(frame, path::proposal(withheld->proposal));
    if (decided == nullptr) return fail(Code::corrupt, "a body is withheld without the proposal that says so");
    TRY(const auto proposal, cbor::decode<proposal::Record>(decided->value));
    const auto& content = proposal.content;
    if (!content.identity || !content.index || path::withheld(*content.identity, *content.index) != row.key)
      return fail(Code::corrupt, "a proposal withholds another body than the one it names");
    out.push_back({*content.identity, *content.index});
  }
  return out;
}

Buffer without_bodies(const statement::Submission& submission, const std::vector<bool>& bodies) {
  ASSERT(bodies.size() == submission.bodies.size());
  return platform::encode_with([&](cbor::Writer& out) {
    out.array(3);
    out.encoded(submission.sign1);
    out.array(submission.bodies.size());
    std::size_t at = 0;
    for (auto salted : submission.bodies) {
      if (bodies[at++]) salted.withheld = statement::body_leaf(salted);
      cbor::write(out, salted);
    }
    out.encoded(submission.also);
  });
}

bool can_be_withheld(std::uint16_t kind) {
  constexpr std::uint16_t families[] = {part::Register::kind.number >> 8U, device::Assemble::kind.number >> 8U,
                                        custody::Ship::kind.number >> 8U, document::Evidence::kind.number >> 8U};
  return std::ranges::find(families, kind >> 8U) != std::end(families);
}

bool can_be_taken_out(const statement::SaltedBody& body) {
  return !body.withheld && body.body.size() >= Digest::size();
}

Result<void> note_withheld(platform::Files& files, const std::string& directory) {
  return platform::write_atomically(files, platform::join(directory, note_name), {});
}

Result<WithholdReport> withhold_noted(platform::Files& files, const std::string& directory, const Digest& ledger) {
  const std::string note = platform::join(directory, note_name);
  if (!files.exists(note)) return WithholdReport{};
  TRY(const auto lock, files.lock(platform::join(directory, "chain")));
  TRY(const auto report, Rewriting(files, directory, ledger).run());
  TRY(files.remove(note));
  TRY(files.sync_directory(directory));
  return report;
}

}  // namespace mikusari::replica
