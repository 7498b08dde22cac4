// SPDX-License-Identifier: Apache-2.0
// The chain file: the one durable truth of a ledger. One frame of opaque payload a height, heights consecutive,
// appended to segment files in a directory that one process holds at a time. Any byte of it has a position (64 bits)
// that never changes. A frame is durable when sync() has returned; a frame is there wholly or not at all.
//
//   TRY(const auto chain, ChainFile::open({.files = files, .directory = "/data/chain", .ledger_id = id},
//                                 {.random = random, .log = log}, [&](const Frame& frame) { return apply(frame); }))
//   chain->append(chain->next_height(), payload);   // place of the payload
//   chain->sync();                                  // now it may be acknowledged
//
// read() from any thread at any time; append() and sync() take turns: the second waits.
//
// A write or sync that fails ends all writing (`unavailable`): the kernel may have dropped what it could not write and
// reported it once, so that trying again would acknowledge what is not there. The file is cut back to what is certain;
// frames that were not synced are kept in memory, for who still reads them. Opening again finds out what the disk
// holds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "platform/file.hpp"
#include "platform/log.hpp"
#include "platform/mutex.hpp"
#include "platform/random.hpp"
#include "storage/chain_scan.hpp"

namespace mikusari::storage {

struct ChainOptions {
  platform::Random& random;  // salts of segments
  platform::Log& log;
  std::uint64_t segment_bytes_max = 256 * 1024 * 1024;  // a larger frame has a segment of its own
};

// What open() found.
struct Recovered {
  std::uint64_t frames = 0;
  std::uint64_t next_height = 0;
  std::uint64_t dropped_bytes = 0;  // of a torn tail; a torn segment header counts with its file
};

// A payload in the chain: its byte i has the position `position + i`.
struct ChainPlace {
  std::uint64_t position;
  std::uint32_t size;
};

class ChainFile {
 public:
  // Makes the directory and the first segment when absent; visits every frame; drops a torn tail; and syncs, so that
  // every frame that was visited is durable. `corrupt` names segment, byte, expected height and what to do, and leaves
  // everything as it was; `unavailable` while another process has the chain open.
  static Result<std::unique_ptr<ChainFile>> open(const ChainSource& source, const ChainOptions& options,
                                                 const FrameVisitor& visit);
  ~ChainFile();
  ChainFile(const ChainFile&) = delete;
  ChainFile& operator=(const ChainFile&) = delete;

  const Recovered& recovered() const { return recovered_; }

  // `conflict` unless height is next_height(); `exhausted` above frame_payload_bytes_max or on a full disk;
  // `unavailable` after a failure.
  Result<ChainPlace> append(std::uint64_t height, ByteView payload) MIKUSARI_EXCLUDES(writing_, mutex_);
  // All appended frames reach the disk.
  Result<void> sync() MIKUSARI_EXCLUDES(writing_, mutex_);

  // Fills `into` from a position inside one payload, whether synced or not. Checksums were checked at open() and are
  // not again: who reads rows compares their hashes. `not_found` outside of what was written.
  Result<void> read(std::uint64_t position, MutableByteView into) const MIKUSARI_EXCLUDES(mutex_);

  std::uint64_t next_height() const MIKUSARI_EXCLUDES(mutex_);
  // Heights below this are durable.
  std::uint64_t durable_next_height() const MIKUSARI_EXCLUDES(mutex_);
  // Position behind the last frame: the bytes that the chain takes.
  std::uint64_t end() const MIKUSARI_EXCLUDES(mutex_);

 private:
  struct OpenSegment {
    SegmentHeader header;
    std::string path;
    std::unique_ptr<platform::File> file;  // all but the last for reading only
  };
  // A moment in the life of the chain: what comes next, and where.
  struct Tip {
    std::uint64_t next_height = 0;
    std::uint64_t end = 0;
  };
  enum class Health : std::uint8_t { good, failed };

  ChainFile(const ChainSource& source, const ChainOptions& options, std::unique_ptr<platform::DirectoryLock> lock);
  Result<void> recover(const Scanned& scanned);
  Result<void> drop(const TornTail& torn);
  Result<void> begin_segment() MIKUSARI_REQUIRES(writing_);
  Result<platform::File*> segment_for(std::uint64_t frame_size) MIKUSARI_REQUIRES(writing_);
  Result<void> sync_last() MIKUSARI_REQUIRES(writing_);
  platform::Buffer encode_frame(std::uint64_t height, ByteView payload, const Tip& tip) const
      MIKUSARI_REQUIRES(writing_);
  Error stop_writing(Error why, const Tip& certain) MIKUSARI_REQUIRES(writing_);
  Result<void> demand_health() const MIKUSARI_REQUIRES(writing_);

  platform::Files& files_;
  const std::string directory_;
  const Digest ledger_id_;
  platform::Random& random_;
  platform::Log& log_;
  const std::uint64_t segment_bytes_max_;
  const std::unique_ptr<platform::DirectoryLock> lock_;
  Recovered recovered_;

  platform::Mutex writing_;  // taken before mutex_, and held while the disk works
  Health health_ MIKUSARI_GUARDED_BY(writing_) = Health::good;

  mutable platform::Mutex mutex_;  // held while the disk works only in recover()
  // Grows only, and what a pointer points to never changes.
  std::vector<std::unique_ptr<const OpenSegment>> segments_ MIKUSARI_GUARDED_BY(mutex_);
  Tip tip_ MIKUSARI_GUARDED_BY(mutex_);
  Tip durable_ MIKUSARI_GUARDED_BY(mutex_);
  // What was cut off unsynced: the bytes up to the tip.
  platform::Buffer cut_off_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::storage
