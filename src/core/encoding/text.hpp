// SPDX-License-Identifier: Apache-2.0
// Text forms of bytes and numbers, written into the caller's buffer: lower-case hexadecimal, base64 (RFC 4648
// sections 4 and 5) and decimal. Decoders are strict: one text for each value.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::text {

// All return the part of `out` that was filled; `exhausted` when it is too small.
Result<std::string_view> hex(ByteView bytes, std::span<char> out);
Result<std::string_view> base64(ByteView bytes, std::span<char> out);  // with padding
Result<std::string_view> decimal(std::uint64_t value, std::span<char> out);

// `invalid` names the offset of the first wrong character. Hex takes both cases; base64 wants the padding and zero
// bits at the end.
Result<ByteView> from_hex(std::string_view text, MutableByteView out);
Result<ByteView> from_base64(std::string_view text, MutableByteView out);
// No sign, no leading zero, at most 2^64 - 1.
Result<std::uint64_t> from_decimal(std::string_view text);

}  // namespace mikusari::text
