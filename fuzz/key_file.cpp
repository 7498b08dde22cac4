// SPDX-License-Identifier: Apache-2.0
// The file store's three parsers: header, key and pack. What is accepted as a header or an unprotected key is written
// again byte for byte; a pack's frames lie inside the file, one behind the other.
// LINK: mikusari_keys_file
#include <cstdint>
#include <cstring>

#include "crypto/hash.hpp"
#include "keys/file/format.hpp"
#include "keys/file/pack.hpp"

namespace {

using namespace mikusari;

class MemoryFile final : public platform::File {
 public:
  explicit MemoryFile(ByteView bytes) : bytes_(bytes) {}
  Result<void> read(std::uint64_t offset, MutableByteView into) const override {
    if (offset > bytes_.size() || into.size() > bytes_.size() - offset)
      return fail(Code::corrupt, "the file ends before");
    if (!into.empty()) std::memcpy(into.data(), bytes_.data() + offset, into.size());
    return {};
  }
  Result<std::uint64_t> append(ByteView) override { return fail(Code::forbidden, "read only"); }
  Result<void> sync() override { return fail(Code::forbidden, "read only"); }
  Result<void> truncate(std::uint64_t) override { return fail(Code::forbidden, "read only"); }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  ByteView bytes_;
};

class NoRandom final : public platform::Random {
 public:
  void fill(MutableByteView) override { ASSERT(false); }
};

void try_header(ByteView input) {
  const auto header = keys::file::decode_header(input);
  if (!header) return ASSERT(header.error().code() == Code::corrupt);
  const auto again = keys::file::encode_header(*header);
  ASSERT(again.has_value() && equal(*again, input));
  if (header->scrypt) static_cast<void>(keys::file::check(*header->scrypt));
}

void try_key(ByteView input) {
  const auto record = keys::file::decode_record(input);
  if (!record) return ASSERT(record.error().code() == Code::corrupt);
  ASSERT(keys::check_name(record->info.name).has_value());
  const keys::file::SealKey key(Bytes<32>{}.view());
  if (record->nonce) {
    static_cast<void>(keys::file::open_record(*record, &key));
    return;
  }
  NoRandom random;
  const auto opened = keys::file::open_record(*record, nullptr);
  const auto again = keys::file::encode_record(record->info, opened->view(), nullptr, random);
  ASSERT(again.has_value() && equal(*again, input));
}

void try_pack(ByteView input) {
  const MemoryFile file(input);
  keys::file::PackReader reader(file);
  for (std::uint64_t end = 0;;) {
    const auto frame = reader.next();
    if (!frame) return ASSERT(frame.error().code() == Code::corrupt);
    if (!*frame) break;
    ASSERT((*frame)->offset == end + keys::file::frame_head_bytes);
    end = reader.end();
    ASSERT(end <= input.size() && (*frame)->offset + (*frame)->record.size() == end);
    try_key((*frame)->record);
  }
  ASSERT(reader.torn() == (reader.end() != input.size()));
}

// The checksum keeps random changes out: here the input is the inside of an envelope whose checksum is right.
platform::Buffer in_envelope(ByteView about, std::size_t body_bytes) {
  const platform::Buffer body(body_bytes);
  const Bytes<12> nonce;
  const bool sealed = body_bytes == keys::file::sealed_bytes;
  platform::Buffer buffer(about.size() + 256);
  cbor::Writer out(buffer);
  out.map(sealed ? 4 : 3);
  out.uint(1);
  out.bytes(about);
  if (sealed) {
    out.uint(2);
    out.bytes(nonce);
  }
  out.uint(3);
  out.bytes(body);
  out.uint(4);
  out.bytes(crypto::sha256({about, sealed ? nonce.view() : ByteView{}, body}));
  const auto written = out.finish();
  ASSERT(written.has_value());
  return platform::copy(*written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const ByteView input = std::as_bytes(std::span(data, size)).subspan(1);
  switch (data[0] % 7) {
    case 0: try_header(input); break;
    case 1: try_key(input); break;
    case 2: try_header(in_envelope(input, 0)); break;
    case 3: try_header(in_envelope(input, 32)); break;
    case 4: try_key(in_envelope(input, 32)); break;
    case 5: try_key(in_envelope(input, keys::file::sealed_bytes)); break;
    default: try_pack(input); break;
  }
  return 0;
}
