// SPDX-License-Identifier: Apache-2.0
#include "storage/chain_file.hpp"

#include <algorithm>

namespace mikusari::storage {

using platform::Buffer;
using platform::File;
using platform::MutexLock;
using platform::Open;

ChainFile::ChainFile(const ChainSource& source, const ChainOptions& options,
                     std::unique_ptr<platform::DirectoryLock> lock)
    : files_(source.files),
      directory_(source.directory),
      ledger_id_(source.ledger_id),
      random_(options.random),
      log_(options.log),
      segment_bytes_max_(options.segment_bytes_max),
      lock_(std::move(lock)) {}

ChainFile::~ChainFile() = default;

Result<std::unique_ptr<ChainFile>> ChainFile::open(const ChainSource& source, const ChainOptions& options,
                                                   const FrameVisitor& visit) {
  TRY(source.files.make_directory(source.directory));
  TRY(auto lock, source.files.lock(source.directory));
  TRY(const Scanned scanned, scan(source, visit));
  std::unique_ptr<ChainFile> chain(new ChainFile(source, options, std::move(lock)));
  TRY(chain->recover(scanned));
  return chain;
}

// ---- Recovery

Result<void> ChainFile::recover(const Scanned& scanned) {
  recovered_ = {scanned.frames, scanned.next_height, scanned.torn_tail ? scanned.torn_tail->bytes : 0};
  if (scanned.torn_tail) TRY(drop(*scanned.torn_tail));
  MutexLock writing(writing_);
  MutexLock lock(mutex_);
  for (std::size_t i = 0; i < scanned.segments.size(); ++i) {
    const Segment& segment = scanned.segments[i];
    const bool last = i + 1 == scanned.segments.size();
    TRY(auto file, files_.open(segment.path, last ? Open::append : Open::read));
    // A frame that was read may be only in the kernel's memory, left there by a process that was killed; and a cut
    // must be durable before anything is written in its place.
    if (last) TRY(file->sync());
    segments_.push_back(std::make_unique<const OpenSegment>(segment.header, segment.path, std::move(file)));
  }
  TRY(files_.sync_directory(directory_));
  tip_ = durable_ = {scanned.next_height, scanned.end};
  const bool empty = segments_.empty();
  lock.unlock();
  if (empty) TRY(begin_segment());
  log_.info("chain_opened", {{"frames", recovered_.frames},
                             {"next_height", recovered_.next_height},
                             {"bytes", scanned.end},
                             {"dropped_bytes", recovered_.dropped_bytes}});
  return {};
}

Result<void> ChainFile::drop(const TornTail& torn) {
  log_.warning("chain_tail_dropped", {{"segment", torn.segment},
                                      {"offset", torn.offset},
                                      {"bytes", torn.bytes},
                                      {"height", torn.height},
                                      {"reason", torn.why}});
  if (torn.offset == 0) return files_.remove(torn.segment);
  TRY(const auto file, files_.open(torn.segment, Open::append));
  return file->truncate(torn.offset);
}

// ---- Writing

Result<void> ChainFile::demand_health() const {
  if (health_ == Health::good) return {};
  return std::unexpected(Error(Code::unavailable, "an earlier write failed; see the log, mend the disk and start again")
                             .with_context(directory_));
}

// Cuts off what may or may not be on the disk, so that nobody finds it later and takes it for durable. The cut itself
// may fail; then it is recovery that decides.
Error ChainFile::stop_writing(Error why, const Tip& certain) {
  health_ = Health::failed;
  File* last = nullptr;
  std::uint64_t offset = 0;
  platform::Buffer unsynced;
  {
    MutexLock lock(mutex_);
    if (!segments_.empty()) {
      last = segments_.back()->file.get();
      offset = certain.end - segments_.back()->header.first_position;
      unsynced.resize(static_cast<std::size_t>(tip_.end - certain.end));
    }
  }
  if (!unsynced.empty() && last->read(offset, unsynced)) {
    MutexLock lock(mutex_);
    cut_off_ = std::move(unsynced);
  }
  Result<void> cut;
  if (last != nullptr && offset < last->size()) cut = last->truncate(offset);
  log_.error("chain_write_failed", why, {{"next_height", certain.next_height}, {"cut_back", cut.has_value()}});
  return why;
}

// The header is durable before the first frame is written: recovery relies on it.
Result<void> ChainFile::begin_segment() {
  SegmentHeader header{.ledger_id = ledger_id_};
  Tip tip;
  {
    MutexLock lock(mutex_);
    tip = tip_;
  }
  header.first_position = tip.end;
  header.first_height = tip.next_height;
  random_.fill(std::as_writable_bytes(std::span(&header.salt, 1)));
  const std::string path = platform::join(directory_, segment_name(header.first_position));
  TRY(auto file, files_.open(path, Open::create_new));
  TRY(file->append(encode(header)));
  TRY(file->sync());
  TRY(files_.sync_directory(directory_));
  log_.info("chain_segment_begun", {{"segment", path}, {"height", header.first_height}});
  MutexLock lock(mutex_);
  segments_.push_back(std::make_unique<const OpenSegment>(header, path, std::move(file)));
  tip_.end += segment_header_bytes;
  durable_ = tip_;
  return {};
}

Result<void> ChainFile::sync_last() {
  File* last = nullptr;
  Tip covered;
  Tip durable;
  {
    MutexLock lock(mutex_);
    last = segments_.back()->file.get();
    covered = tip_;
    durable = durable_;
  }
  if (auto synced = last->sync(); !synced) return std::unexpected(stop_writing(std::move(synced).error(), durable));
  MutexLock lock(mutex_);
  durable_ = covered;
  return {};
}

// The last segment, or a new one when the frame would make it too large.
Result<File*> ChainFile::segment_for(std::uint64_t frame_size) {
  Tip tip;
  std::uint64_t used = 0;
  {
    MutexLock lock(mutex_);
    tip = tip_;
    used = tip_.end - segments_.back()->header.first_position;
  }
  if (used > segment_header_bytes && used + frame_size > segment_bytes_max_) {
    TRY(sync_last());
    if (auto begun = begin_segment(); !begun) return std::unexpected(stop_writing(std::move(begun).error(), tip));
  }
  MutexLock lock(mutex_);
  return segments_.back()->file.get();
}

Buffer ChainFile::encode_frame(std::uint64_t height, ByteView payload, const Tip& tip) const {
  FramePlace place{.salt = 0, .position = tip.end};
  FrameHeader header{static_cast<std::uint32_t>(payload.size()), height, 0};
  {
    MutexLock lock(mutex_);
    place.salt = segments_.back()->header.salt;
    header.durable_end = durable_.end;
  }
  const auto header_bytes = encode(header, place);
  Buffer out;
  out.reserve(static_cast<std::size_t>(header.frame_size()));
  platform::append(out, header_bytes);
  platform::append(out, payload);
  platform::append(out, frame_trailer(header_bytes, payload));
  return out;
}

Result<ChainPlace> ChainFile::append(std::uint64_t height, ByteView payload) {
  MutexLock writing(writing_);
  TRY(demand_health());
  if (payload.size() > frame_payload_bytes_max) return fail(Code::exhausted, "payload is larger than a frame may be");
  if (height != next_height()) return fail(Code::conflict, "height is not the next of the chain");
  TRY(File* const file, segment_for(frame_header_bytes + payload.size() + frame_trailer_bytes));
  Tip tip;
  {
    MutexLock lock(mutex_);
    tip = tip_;
  }
  const Buffer frame = encode_frame(height, payload, tip);
  if (auto appended = file->append(frame); !appended) {
    return std::unexpected(stop_writing(std::move(appended).error(), tip));
  }
  MutexLock lock(mutex_);
  tip_ = {height + 1, tip.end + frame.size()};
  return ChainPlace{tip.end + frame_header_bytes, static_cast<std::uint32_t>(payload.size())};
}

Result<void> ChainFile::sync() {
  MutexLock writing(writing_);
  TRY(demand_health());
  return sync_last();
}

// ---- Reading

Result<void> ChainFile::read(std::uint64_t position, MutableByteView into) const {
  const OpenSegment* segment = nullptr;
  std::uint64_t segment_end = 0, cut_off_begin = 0;
  {
    MutexLock lock(mutex_);
    const auto next =
        std::ranges::upper_bound(segments_, position, {}, [](const auto& each) { return each->header.first_position; });
    if (next == segments_.begin()) return fail(Code::not_found, "no such position in the chain");
    segment = std::prev(next)->get();
    segment_end = next == segments_.end() ? tip_.end : (*next)->header.first_position;
    cut_off_begin = tip_.end - cut_off_.size();
  }
  if (position > segment_end || into.size() > segment_end - position) {
    return fail(Code::not_found, "no such position in the chain");
  }
  if (position >= cut_off_begin) {
    MutexLock lock(mutex_);
    std::ranges::copy(ByteView(cut_off_).subspan(position - cut_off_begin, into.size()), into.begin());
    return {};
  }
  return segment->file->read(position - segment->header.first_position, into);
}

std::uint64_t ChainFile::next_height() const {
  MutexLock lock(mutex_);
  return tip_.next_height;
}

std::uint64_t ChainFile::durable_next_height() const {
  MutexLock lock(mutex_);
  return durable_.next_height;
}

std::uint64_t ChainFile::end() const {
  MutexLock lock(mutex_);
  return tip_.end;
}

}  // namespace mikusari::storage
