// SPDX-License-Identifier: Apache-2.0
// Reading a whole chain: every frame, in order, with every checksum. Changes nothing; what opens a chain for writing
// (chain_file.hpp) begins with it, and so does an audit.
//
// What is found at the end of the last segment is told apart by one rule. Bytes that are not a whole frame are a *torn
// tail* - what a power cut leaves of frames that were never synced - unless something proves that they had been
// synced: a frame behind them that was written later and says so, another segment, or the caller (durable_height).
// Then, and anywhere else, they are damage: `corrupt`, with segment, byte, expected height and what to do.
// Damage to the last frames written since the last sync, with nothing behind that proves it, looks like a torn tail.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "platform/file.hpp"
#include "storage/chain_format.hpp"

namespace mikusari::storage {

struct ChainSource {
  platform::Files& files;
  std::string directory;
  Digest ledger_id;
  std::uint64_t first_height = 0;
  // The highest height that is known to have been synced, from a memory apart from the chain (that of the checkpoint
  // signer). A chain that ends below it is `corrupt`, and is not touched.
  std::optional<std::uint64_t> durable_height = std::nullopt;
};

struct Frame {
  std::uint64_t height;
  std::uint64_t position;  // of the payload's first byte
  ByteView payload;        // valid during the visit
};

// Called once a frame, heights ascending by one. An error stops the scan and is its result.
using FrameVisitor = std::function<Result<void>(const Frame&)>;

struct TornTail {
  std::string segment;   // path of the file
  std::uint64_t offset;  // in the file; 0 when not even the segment's header is whole
  std::uint64_t bytes;
  std::uint64_t height;  // of the frame that is torn
  const char* why;
};

struct Segment {
  std::string path;
  SegmentHeader header;
};

struct Scanned {
  std::vector<Segment> segments;  // without one whose header is torn
  std::uint64_t frames = 0;
  std::uint64_t next_height = 0;
  std::uint64_t end = 0;  // position behind the last whole frame
  std::optional<TornTail> torn_tail;
};

// not_found without the directory; a directory without segments is an empty chain.
Result<Scanned> scan(const ChainSource& source, const FrameVisitor& visit);

}  // namespace mikusari::storage
