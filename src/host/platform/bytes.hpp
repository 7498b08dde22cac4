// SPDX-License-Identifier: Apache-2.0
// Bytes on the heap, and their text forms as strings. What a device uses stands in base/bytes.hpp and
// encoding/text.hpp; this is the same with memory of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::platform {

using Buffer = std::vector<std::byte>;

inline void append(Buffer& to, ByteView bytes) { to.insert(to.end(), bytes.begin(), bytes.end()); }
inline Buffer copy(ByteView bytes) { return Buffer(bytes.begin(), bytes.end()); }

// Lower case, two digits a byte.
std::string to_hex(ByteView bytes);
// RFC 4648 section 4, with padding.
std::string to_base64(ByteView bytes);
// RFC 4648 section 5, without padding (as in JOSE, RFC 7515 section 2).
std::string to_base64url(ByteView bytes);

// Strict: `invalid`, with the offset of the first wrong character, for anything that to_...() does not write; hex is
// taken in both cases.
Result<Buffer> from_hex(std::string_view text);
Result<Buffer> from_base64(std::string_view text);
Result<Buffer> from_base64url(std::string_view text);

// Exactly N bytes; `invalid` for any other length.
template <std::size_t N>
Result<Bytes<N>> bytes_from_hex(std::string_view text) {
  if (text.size() != 2 * N) return fail(Code::invalid, "hexadecimal text has the wrong length");
  TRY(const Buffer bytes, from_hex(text));
  return Bytes<N>::copy(bytes);
}

}  // namespace mikusari::platform
