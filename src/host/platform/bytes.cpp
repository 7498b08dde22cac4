// SPDX-License-Identifier: Apache-2.0
#include "platform/bytes.hpp"

#include "encoding/text.hpp"

namespace mikusari::platform {
namespace {

char to_url(char c) { return c == '+' ? '-' : c == '/' ? '_' : c; }
char from_url(char c) { return c == '-' ? '+' : c == '_' ? '/' : c; }

}  // namespace

std::string to_hex(ByteView bytes) {
  std::string out(2 * bytes.size(), '\0');
  const auto written = text::hex(bytes, out);
  ASSERT(written.has_value());
  return out;
}

std::string to_base64(ByteView bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  const auto written = text::base64(bytes, out);
  ASSERT(written.has_value());
  return out;
}

std::string to_base64url(ByteView bytes) {
  std::string out = to_base64(bytes);
  while (out.ends_with('=')) out.pop_back();
  for (char& c : out) c = to_url(c);
  return out;
}

Result<Buffer> from_hex(std::string_view text) {
  Buffer out(text.size() / 2);
  TRY(const ByteView read, text::from_hex(text, out));
  out.resize(read.size());
  return out;
}

Result<Buffer> from_base64(std::string_view text) {
  Buffer out(text.size() / 4 * 3 + 3);
  TRY(const ByteView read, text::from_base64(text, out));
  out.resize(read.size());
  return out;
}

Result<Buffer> from_base64url(std::string_view text) {
  const std::size_t foreign = text.find_first_of("+/=");
  if (foreign != std::string_view::npos) return fail(Code::invalid, "not a character of base64url", foreign);
  std::string standard(text);
  for (char& c : standard) c = from_url(c);
  if (standard.size() % 4 != 0) standard.append(4 - standard.size() % 4, '=');
  return from_base64(standard);
}

}  // namespace mikusari::platform
