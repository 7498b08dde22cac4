// SPDX-License-Identifier: Apache-2.0
// Who founds a ledger, as the command line says it.
#include <algorithm>

#include "cose/key.hpp"
#include "encoding/text.hpp"
#include "node/init.hpp"

namespace mikusari::node {
namespace {

constexpr std::size_t key_file_bytes_max = 4096;

std::vector<Role> all_roles() {
  std::vector<Role> out;
  for (const auto& entry : names_of(Role{})) out.push_back(entry.value);
  return out;
}

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> out;
  for (std::size_t end = text.find(at); end != text.npos; end = text.find(at)) {
    out.emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  out.emplace_back(text);
  return out;
}

Result<Role> role_of(std::string_view word) {
  std::string known;
  for (const auto& entry : names_of(Role{})) {
    if (entry.name == word) return entry.value;
    known += (known.empty() ? "" : ", ") + std::string(entry.name);
  }
  return std::unexpected(Error(Code::invalid, "there is no such role")
                             .with_context("\"" + std::string(word) + "\" (there are " + known + ")"));
}

Result<crypto::PublicKey> read_public_key(platform::Files& files, const std::string& path) {
  TRY(auto bytes, platform::read_whole(files, path, key_file_bytes_max));
  auto text = as_text(bytes);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (auto decoded = platform::from_hex(text); decoded && !decoded->empty()) bytes = *std::move(decoded);
  auto key = cbor::decode<crypto::PublicKey>(bytes);
  if (!key) return std::unexpected(std::move(key).error().with_context(path + " is no COSE_Key"));
  return key;
}

}  // namespace

Result<FoundingMember> parse_founding_member(platform::Files& files, std::string_view text) {
  const auto words = split(text, ':');
  FoundingMember out{words[0], all_roles(), 1, std::nullopt};
  const auto wrong = [&](const char* why) {
    return std::unexpected(Error(Code::invalid, why).with_context("\"" + std::string(text) + "\""));
  };
  if (!is_name(out.name)) return wrong("a member's name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  if (words.size() > 4) return wrong("a member is written name:role+role:weight:file of the public key");
  if (words.size() > 1) {
    out.roles.clear();
    if (!words[1].empty()) {
      for (const auto& word : split(words[1], '+')) {
        TRY(const Role role, role_of(word));
        if (std::ranges::find(out.roles, role) != out.roles.end()) return wrong("a role stands twice");
        out.roles.push_back(role);
      }
    }
  }
  if (words.size() > 2) {
    const auto weight = text::from_decimal(words[2]);
    if (!weight || *weight > weight_max) return wrong("a member's weight is a number from 0 to 1000000");
    out.weight = *weight;
  }
  if (words.size() > 3) {
    TRY(out.key, read_public_key(files, words[3]));
  }
  return out;
}

}  // namespace mikusari::node
