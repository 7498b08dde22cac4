// SPDX-License-Identifier: Apache-2.0
#include "crypto/ecdsa_der.hpp"

namespace mikusari::crypto {
namespace {

constexpr std::byte tag_integer{0x02};
constexpr std::byte tag_sequence{0x30};
constexpr std::byte sign_bit{0x80};

void append_integer(EcdsaDer& out, ByteView value) {
  while (value.size() > 1 && value[0] == std::byte{0}) value = value.subspan(1);
  const std::size_t padding = (value[0] & sign_bit) != std::byte{0} ? 1 : 0;
  std::byte* at = out.bytes.data.data() + out.size;
  at[0] = tag_integer;
  at[1] = static_cast<std::byte>(value.size() + padding);
  at[2] = std::byte{0};
  std::memcpy(at + 2 + padding, value.data(), value.size());
  out.size += 2 + padding + value.size();
}

// Copies the integer at `offset` right-aligned into 32 bytes; returns the offset behind it.
Result<std::size_t> read_integer(ByteView der, std::size_t offset, std::span<std::byte, 32> into) {
  if (der.size() - offset < 3 || der[offset] != tag_integer) return fail(Code::invalid, "expected an INTEGER", offset);
  const std::size_t length = std::to_integer<std::size_t>(der[offset + 1]);
  if (length == 0 || length > 33 || length > der.size() - offset - 2) {
    return fail(Code::invalid, "an INTEGER of a signature has 1 to 33 bytes", offset + 1);
  }
  ByteView value = der.subspan(offset + 2, length);
  if ((value[0] & sign_bit) != std::byte{0}) return fail(Code::invalid, "a negative INTEGER", offset + 2);
  if (length > 1 && value[0] == std::byte{0}) {
    value = value.subspan(1);
    if ((value[0] & sign_bit) == std::byte{0}) return fail(Code::invalid, "an INTEGER is not minimal", offset + 2);
  }
  if (value.size() > 32) return fail(Code::invalid, "an INTEGER has more than 256 bits", offset + 2);
  std::memcpy(into.data() + 32 - value.size(), value.data(), value.size());
  return offset + 2 + length;
}

}  // namespace

EcdsaDer to_der(const Signature& signature) {
  EcdsaDer out;
  out.size = 2;
  append_integer(out, signature.view().first(32));
  append_integer(out, signature.view().last(32));
  out.bytes.data[0] = tag_sequence;
  out.bytes.data[1] = static_cast<std::byte>(out.size - 2);
  return out;
}

Result<Signature> from_der(ByteView der) {
  if (der.size() < 2 || der[0] != tag_sequence) return fail(Code::invalid, "expected a SEQUENCE", 0);
  if (std::to_integer<std::size_t>(der[1]) != der.size() - 2 || der.size() > EcdsaDer::size_max) {
    return fail(Code::invalid, "the SEQUENCE's length is wrong", 1);
  }
  Signature out;
  const std::span<std::byte, 64> bytes(out.data);
  TRY(const std::size_t second, read_integer(der, 2, bytes.first<32>()));
  TRY(const std::size_t end, read_integer(der, second, bytes.last<32>()));
  if (end != der.size()) return fail(Code::invalid, "bytes behind the signature", end);
  return out;
}

}  // namespace mikusari::crypto
