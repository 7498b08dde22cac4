// SPDX-License-Identifier: Apache-2.0
// N bytes as a byte string that is as short as they allow: trailing zero bytes are left out, and must be.
#pragma once

#include "encoding/field.hpp"

namespace mikusari::cbor {

template <std::size_t N>
struct Trimmed {
  Bytes<N> bits;

  // Without the zero bytes at the end.
  ByteView trimmed() const {
    ByteView out = bits;
    while (!out.empty() && out.back() == std::byte{0}) out = out.first(out.size() - 1);
    return out;
  }
  friend bool operator==(const Trimmed&, const Trimmed&) = default;
};

template <std::size_t N>
struct Codec<Trimmed<N>> {
  static void write(Writer& out, const Trimmed<N>& value) { out.bytes(value.trimmed()); }
  static Result<Trimmed<N>> read(Reader& in) {
    const std::size_t at = in.offset();
    TRY(const ByteView bytes, in.bytes());
    if (bytes.size() > N) return fail(Code::invalid, "byte string is too long", at);
    Trimmed<N> out;
    if (!bytes.empty()) std::memcpy(out.bits.data.data(), bytes.data(), bytes.size());
    if (out.trimmed().size() != bytes.size())
      return fail(Code::invalid, "zero bytes at the end of this byte string must be left out", at);
    return out;
  }
};

}  // namespace mikusari::cbor
