// SPDX-License-Identifier: Apache-2.0
// The memory of the checkpoint signer. The first byte says how the input becomes a file: as it stands, or as entries
// whose checksums are right. Looking and opening agree; a damaged memory is left alone; one that opens never signs
// what contradicts it, and remembers what it signs.
// LINK: mikusari_replica mikusari_platform_simulated mikusari_crypto_openssl
#include <cstdint>

#include "crypto/hash.hpp"
#include "platform/simulated/clock.hpp"
#include "platform/simulated/disk.hpp"
#include "replica/checkpointer.hpp"
#include "storage/crc32c.hpp"

namespace {

using namespace mikusari;
using replica::Checkpointer;

const std::string path = "signer/memory";
constexpr std::size_t content_bytes = 32 + 8 + 8 + 32;

// Entries of the input's bytes; the ledger of each is ours unless its first byte is odd.
platform::Buffer sealed(ByteView input) {
  platform::Buffer file;
  while (input.size() >= content_bytes) {
    platform::Buffer entry = platform::copy(input.first(content_bytes));
    if ((std::to_integer<unsigned>(entry[0]) & 1) == 0) std::fill_n(entry.begin(), 32, std::byte{});
    std::uint32_t checksum = storage::crc32c(entry);
    for (int i = 0; i < 4; ++i, checksum >>= 8) entry.push_back(static_cast<std::byte>(checksum & 0xff));
    platform::append(file, entry);
    input = input.subspan(content_bytes);
  }
  platform::append(file, input);
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input = std::as_bytes(std::span(data + 1, size - 1));
  const platform::Buffer file = data[0] % 2 == 0 ? platform::copy(input) : sealed(input);
  platform::SimulatedDisk disk;
  const platform::SimulatedClock clock;
  disk.replace(path, file);

  const Digest ledger;
  const auto recalled = Checkpointer::recall(disk, path, ledger);
  auto opened = Checkpointer::open(disk, path, ledger, "node", {}, clock);
  ASSERT(recalled.has_value() == opened.has_value());
  if (!opened) {
    ASSERT(opened.error().code() == Code::corrupt && equal(*disk.contents(path), file));
    return 0;
  }
  const auto memory = (*opened)->memory();
  if (recalled->empty()) return 0;
  ASSERT(memory.size == recalled->back().size && memory.root == recalled->back().root);
  if (memory.size == 0) return 0;
  ASSERT((*opened)->sign(memory).has_value());
  auto older = memory, other = memory;
  --older.size;
  other.root = Digest::copy(crypto::sha256(memory.root));
  ASSERT(!(*opened)->sign(older) && !(*opened)->sign(other));
  if (memory.size == ~std::uint64_t{0} || memory.block == ~std::uint64_t{0}) return 0;
  ++other.size;
  ASSERT(!(*opened)->sign(other));
  ++other.block;
  ASSERT((*opened)->sign(other).has_value());
  const auto again = Checkpointer::recall(disk, path, ledger);
  ASSERT(again && again->back().size == other.size && again->back().root == other.root);
  return 0;
}
