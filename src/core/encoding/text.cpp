// SPDX-License-Identifier: Apache-2.0
#include "encoding/text.hpp"

namespace mikusari::text {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

int base64_value(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

constexpr const char* too_small = "the buffer is too small for this text";

}  // namespace

Result<std::string_view> hex(ByteView bytes, std::span<char> out) {
  if (out.size() < bytes.size() * 2) return fail(Code::exhausted, too_small);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto value = std::to_integer<unsigned>(bytes[i]);
    out[2 * i] = hex_digits[value >> 4];
    out[2 * i + 1] = hex_digits[value & 15];
  }
  return std::string_view(out.data(), bytes.size() * 2);
}

Result<std::string_view> base64(ByteView bytes, std::span<char> out) {
  const std::size_t length = (bytes.size() + 2) / 3 * 4;
  if (out.size() < length) return fail(Code::exhausted, too_small);
  for (std::size_t i = 0, o = 0; i < bytes.size(); i += 3, o += 4) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < n ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k) out[o + k] = k > n ? '=' : base64_digits[group >> (18 - 6 * k) & 63];
  }
  return std::string_view(out.data(), length);
}

Result<std::string_view> decimal(std::uint64_t value, std::span<char> out) {
  std::size_t length = 1;
  for (std::uint64_t rest = value; rest >= 10; rest /= 10) ++length;
  if (out.size() < length) return fail(Code::exhausted, too_small);
  for (std::size_t i = length; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return std::string_view(out.data(), length);
}

Result<ByteView> from_hex(std::string_view text, MutableByteView out) {
  if (text.size() % 2 != 0) return fail(Code::invalid, "hexadecimal text has an odd length", text.size());
  if (out.size() < text.size() / 2) return fail(Code::exhausted, too_small);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = hex_value(text[i]), low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return fail(Code::invalid, "not a hexadecimal digit", high < 0 ? i : i + 1);
    out[i / 2] = static_cast<std::byte>(high << 4 | low);
  }
  return ByteView(out.first(text.size() / 2));
}

Result<ByteView> from_base64(std::string_view text, MutableByteView out) {
  if (text.size() % 4 != 0)
    return fail(Code::invalid, "base64 text must have a multiple of four characters", text.size());
  std::size_t used = 0;
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const bool last = i + 4 == text.size();
    const std::size_t padding = !last || text[i + 3] != '=' ? 0 : text[i + 2] == '=' ? 2 : 1;
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 4; ++k) {
      const int value = k >= 4 - padding ? 0 : base64_value(text[i + k]);
      if (value < 0) return fail(Code::invalid, "not a base64 digit", i + k);
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    if ((group & ((1U << (8 * padding)) - 1)) != 0)
      return fail(Code::invalid, "base64 text has stray bits at its end", i);
    if (out.size() - used < 3 - padding) return fail(Code::exhausted, too_small);
    for (std::size_t k = 0; k < 3 - padding; ++k) out[used++] = static_cast<std::byte>(group >> (16 - 8 * k));
  }
  return ByteView(out.first(used));
}

Result<std::uint64_t> from_decimal(std::string_view text) {
  if (text.empty() || (text.size() > 1 && text[0] == '0')) return fail(Code::invalid, "not a decimal number", 0);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return fail(Code::invalid, "not a decimal number", i);
    const auto digit = static_cast<std::uint64_t>(text[i] - '0');
    if (value > (~std::uint64_t{0} - digit) / 10) return fail(Code::invalid, "decimal number is too large", i);
    value = value * 10 + digit;
  }
  return value;
}

}  // namespace mikusari::text
