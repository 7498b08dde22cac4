// SPDX-License-Identifier: Apache-2.0
#include "storage/chain_scan.hpp"

#include <memory>

#include "storage/file_window.hpp"

namespace mikusari::storage {
namespace {

using platform::File;

// The first bytes that are not a whole, right frame.
struct Flaw {
  enum class Cause : std::uint8_t { power_cut_or_damage, damage } cause;
  std::uint64_t offset;
  std::uint64_t search_from;  // another frame may begin here or later: not inside this one
  const char* text;
};

struct Place {
  const std::string& path;
  std::uint64_t offset;
  std::uint64_t height;
};

std::unexpected<Error> damaged(const Place& at, const char* text) {
  return std::unexpected(Error(Code::corrupt, "restore this segment from a backup or from another node")
                             .with_context(at.path + ", byte " + std::to_string(at.offset) + ", expected height " +
                                           std::to_string(at.height) + ": " + text));
}

// One pass over the segments of a chain.
class Scan {
 public:
  Scan(const ChainSource& source, const FrameVisitor& visit) : source_(source), visit_(visit) {
    scanned_.next_height = source.first_height;
  }
  Result<Scanned> run();

 private:
  enum class Rank : std::uint8_t { earlier, last };

  Result<void> segment(const std::string& name, Rank rank);
  Result<void> torn_segment(const std::string& path, std::uint64_t size, const char* why, Rank rank);
  Result<std::optional<Flaw>> frames(FileWindow& window, const SegmentHeader& header);
  Result<void> visit(const FrameHeader& header, std::uint64_t frame_position, ByteView payload);
  Result<void> judge(const Flaw& flaw, const Segment& segment, FileWindow& window, Rank rank);
  Result<void> demand_durable_height() const;
  Place here(const std::string& path, std::uint64_t offset) const { return {path, offset, scanned_.next_height}; }

  const ChainSource& source_;
  const FrameVisitor& visit_;
  Scanned scanned_;
};

Result<Scanned> Scan::run() {
  TRY(const auto entries, source_.files.list(source_.directory));
  std::vector<std::string> names;
  for (const std::string& name : entries) {
    if (!name.ends_with(".frames")) continue;
    if (!position_of_segment(name)) {
      return damaged(here(platform::join(source_.directory, name), 0), "not the name of a segment");
    }
    names.push_back(name);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    TRY(segment(names[i], i + 1 == names.size() ? Rank::last : Rank::earlier));
  }
  TRY(demand_durable_height());
  return std::move(scanned_);
}

Result<void> Scan::segment(const std::string& name, Rank rank) {
  const std::string path = platform::join(source_.directory, name);
  if (position_of_segment(name) != scanned_.end) {
    return damaged(here(path, 0), "does not begin where the segment before it ends; one is missing or cut short");
  }
  TRY(const auto file, source_.files.open(path, platform::Open::read));
  FileWindow window(*file);
  if (window.size() < segment_header_bytes) {
    return torn_segment(path, window.size(), "segment header is incomplete", rank);
  }
  TRY(const ByteView bytes, window.at(0, segment_header_bytes));
  const auto header = decode_segment_header(bytes);
  if (!header) return torn_segment(path, window.size(), header.error().text(), rank);
  if (header->ledger_id != source_.ledger_id) return damaged(here(path, 8), "segment belongs to another ledger");
  if (header->first_position != scanned_.end) return damaged(here(path, 40), "segment has the name of another");
  if (header->first_height != scanned_.next_height) return damaged(here(path, 48), "heights do not follow");
  scanned_.segments.push_back({path, *header});
  scanned_.end += segment_header_bytes;
  TRY(const auto flaw, frames(window, *header));
  return flaw ? judge(*flaw, scanned_.segments.back(), window, rank) : Result<void>();
}

// A header is synced before the first frame is written: only a file that is nothing but a header can be torn there.
Result<void> Scan::torn_segment(const std::string& path, std::uint64_t size, const char* why, Rank rank) {
  if (rank == Rank::earlier || size > segment_header_bytes) return damaged(here(path, 0), why);
  scanned_.torn_tail = TornTail{path, 0, size, scanned_.next_height, why};
  return {};
}

Result<std::optional<Flaw>> Scan::frames(FileWindow& window, const SegmentHeader& segment) {
  using enum Flaw::Cause;
  std::uint64_t offset = segment_header_bytes;
  while (offset < window.size()) {
    const std::uint64_t rest = window.size() - offset;
    if (rest < frame_header_bytes) return Flaw{power_cut_or_damage, offset, window.size(), "frame is incomplete"};
    TRY(const ByteView header_bytes, window.at(offset, frame_header_bytes));
    const auto header = decode_frame_header(header_bytes, {segment.salt, scanned_.end});
    if (!header) return Flaw{power_cut_or_damage, offset, offset + 1, header.error().text()};
    if (header->height != scanned_.next_height) return Flaw{damage, offset, offset, "height does not follow"};
    if (header->frame_size() > rest) return Flaw{power_cut_or_damage, offset, window.size(), "frame is incomplete"};
    TRY(const ByteView frame, window.at(offset, header->frame_size()));
    const ByteView payload = frame.subspan(frame_header_bytes, header->payload_size);
    if (!equal(frame.last(frame_trailer_bytes), frame_trailer(frame.first(frame_header_bytes), payload))) {
      return Flaw{power_cut_or_damage, offset, offset + header->frame_size(), "checksum of the payload is wrong"};
    }
    TRY(visit(*header, scanned_.end, payload));
    offset += header->frame_size();
    scanned_.end += header->frame_size();
  }
  return std::optional<Flaw>();
}

Result<void> Scan::visit(const FrameHeader& header, std::uint64_t frame_position, ByteView payload) {
  if (auto seen = visit_({header.height, frame_position + frame_header_bytes, payload}); !seen) {
    return std::unexpected(std::move(seen).error().with_context("height " + std::to_string(header.height)));
  }
  ++scanned_.frames;
  ++scanned_.next_height;
  return {};
}

// The offset of the first frame header at or behind `offset`, whatever its height; the end when there is none.
Result<std::uint64_t> find_frame(FileWindow& window, const SegmentHeader& segment, std::uint64_t offset) {
  while (window.size() - offset >= frame_header_bytes) {
    TRY(const ByteView bytes, window.from(offset, frame_header_bytes));
    const std::size_t candidates = bytes.size() - frame_header_bytes + 1;
    const std::size_t found = as_text(bytes).find(frame_magic);
    if (found >= candidates) {
      offset += candidates;
      continue;
    }
    offset += found;
    const FramePlace place{segment.salt, segment.first_position + offset};
    if (decode_frame_header(bytes.subspan(found, frame_header_bytes), place)) return offset;
    ++offset;
  }
  return window.size();
}

// Whether a frame behind the flaw was written when the flaw had already been synced.
Result<Flaw::Cause> cause_of(const Flaw& flaw, const SegmentHeader& segment, FileWindow& window) {
  if (flaw.cause == Flaw::Cause::damage) return flaw.cause;
  std::uint64_t offset = flaw.search_from;
  for (;;) {
    TRY(offset, find_frame(window, segment, offset));
    if (offset == window.size()) return Flaw::Cause::power_cut_or_damage;
    TRY(const ByteView bytes, window.at(offset, frame_header_bytes));
    TRY(const FrameHeader header, decode_frame_header(bytes, {segment.salt, segment.first_position + offset}));
    if (header.durable_end > segment.first_position + flaw.offset) return Flaw::Cause::damage;
    if (header.frame_size() > window.size() - offset) return Flaw::Cause::power_cut_or_damage;
    offset += header.frame_size();
  }
}

Result<void> Scan::judge(const Flaw& flaw, const Segment& segment, FileWindow& window, Rank rank) {
  if (rank == Rank::earlier) return damaged(here(segment.path, flaw.offset), flaw.text);
  TRY(const Flaw::Cause cause, cause_of(flaw, segment.header, window));
  if (cause == Flaw::Cause::damage) return damaged(here(segment.path, flaw.offset), flaw.text);
  scanned_.torn_tail =
      TornTail{segment.path, flaw.offset, window.size() - flaw.offset, scanned_.next_height, flaw.text};
  return {};
}

Result<void> Scan::demand_durable_height() const {
  if (!source_.durable_height || *source_.durable_height < scanned_.next_height) return {};
  const char* text = "the chain ends here, but this node has acknowledged later frames";
  if (scanned_.torn_tail) return damaged(here(scanned_.torn_tail->segment, scanned_.torn_tail->offset), text);
  if (scanned_.segments.empty()) return damaged(here(source_.directory, 0), text);
  const Segment& last = scanned_.segments.back();
  return damaged(here(last.path, scanned_.end - last.header.first_position), text);
}

}  // namespace

Result<Scanned> scan(const ChainSource& source, const FrameVisitor& visit) { return Scan(source, visit).run(); }

}  // namespace mikusari::storage
