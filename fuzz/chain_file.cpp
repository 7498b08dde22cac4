// SPDX-License-Identifier: Apache-2.0
// A segment file with any content. The first byte says how the input becomes one: as it stands; frames with right
// checksums and any fields; or a good chain, with bytes changed. Scan and open must agree, a damaged chain must be left
// alone, and one that opens must take a frame and be whole afterwards.
// LINK: mikusari_storage mikusari_platform_simulated
#include <cstdint>
#include <cstdlib>

#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "platform/simulated/log.hpp"
#include "platform/simulated/random.hpp"
#include "storage/chain_file.hpp"

namespace {

using namespace mikusari;
using platform::Buffer;
using storage::Frame;

void require(bool holds) {
  if (!holds) std::abort();
}

constexpr std::uint64_t salt = 42;
const std::string path = "chain/" + storage::segment_name(0);

std::uint8_t take(ByteView& input) {
  if (input.empty()) return 0;
  const auto value = std::to_integer<std::uint8_t>(input.front());
  input = input.subspan(1);
  return value;
}

void append_frame(Buffer& file, const storage::FrameHeader& header, ByteView payload) {
  const auto bytes = encode(header, {.salt = salt, .position = file.size()});
  platform::append(file, bytes);
  platform::append(file, payload);
  platform::append(file, storage::frame_trailer(bytes, payload));
}

Buffer begin_file() { return platform::copy(encode(storage::SegmentHeader{Digest{}, 0, 0, salt})); }

// Frames of size, height and durable end as the input says, then what is left of it.
Buffer sealed(ByteView input) {
  Buffer file = begin_file();
  for (std::uint64_t height = 0; input.size() > 4; ++height) {
    const std::size_t size = std::min<std::size_t>(take(input), input.size());
    const std::uint8_t about_size = take(input);
    const std::uint8_t about_height = take(input);
    const std::uint8_t age = take(input);
    if (about_size == 255) break;
    storage::FrameHeader header{static_cast<std::uint32_t>(size), height, file.size()};
    if (about_size > 240) header.payload_size = std::uint32_t{about_size} << 24 >> (about_size & 15U);
    if (about_height > 240) header.height = about_height;
    header.durable_end -= std::min<std::uint64_t>(age, header.durable_end);
    const ByteView payload = input.first(std::min(size, input.size()));
    append_frame(file, header, payload);
    input = input.subspan(payload.size());
  }
  platform::append(file, input);
  return file;
}

// Five frames, some bytes of them changed, the end cut off or something added.
Buffer edited(ByteView input) {
  Buffer file = begin_file();
  std::uint64_t durable_end = file.size();
  for (std::uint8_t height = 0; height < 5; ++height) {
    append_frame(file, {height * 9U, height, durable_end}, Buffer(height * 9U, std::byte{height}));
    if (height % 2 == 0) durable_end = file.size();
  }
  file.erase(file.end() - std::min<std::ptrdiff_t>(take(input), std::ssize(file)), file.end());
  while (input.size() >= 3) {
    const std::size_t offset = take(input) | std::size_t{take(input)} << 8;
    const auto change = static_cast<std::byte>(take(input));
    if (offset < file.size()) {
      file[offset] ^= change;
    } else {
      file.push_back(change);
    }
  }
  return file;
}

Buffer segment_of(ByteView input) {
  switch (take(input) % 3) {
    case 0: return platform::copy(input);
    case 1: return sealed(input);
    default: return edited(input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  platform::SimulatedDisk disk;
  platform::SimulatedRandom random(1);
  const platform::SimulatedClock clock;
  platform::MemoryLog log(clock);
  disk.replace(path, segment_of(std::as_bytes(std::span(data, size))));

  std::uint64_t visited = 0;
  const storage::FrameVisitor count = [&](const Frame&) -> Result<void> {
    ++visited;
    return {};
  };
  const storage::ChainSource source{.files = disk, .directory = "chain", .ledger_id = {}};
  const auto scanned = scan(source, count);
  const std::uint64_t changes = disk.changes();
  auto chain = storage::ChainFile::open(source, {.random = random, .log = log, .segment_bytes_max = 200}, count);
  require(scanned.has_value() == chain.has_value());
  if (!scanned) {
    require(scanned.error().code() == Code::corrupt && chain.error().code() == Code::corrupt);
    require(disk.changes() == changes);
    return 0;
  }
  require(visited == 2 * scanned->frames && (*chain)->recovered().frames == scanned->frames);
  require((*chain)->append(scanned->next_height, as_bytes("one more")).has_value());
  require((*chain)->sync().has_value());
  chain->reset();
  const auto again = scan(source, count);
  require(again && !again->torn_tail && again->frames == scanned->frames + 1);
  return 0;
}
