// SPDX-License-Identifier: Apache-2.0
// Who founds a ledger, as the command line says it.
#include <algorithm>

#include "cose/key.hpp"
#include "encoding/text.hpp"
#include "node/init.hpp"
#include "platform/encode.hpp"
#include "statement/names.hpp"
#include "statement/possession.hpp"

namespace mikusari::node {
namespace {

constexpr std::size_t keys_file_bytes_max = 16 * 1024;

// Those that a vote gives; the others are granted by parties.
constexpr std::array roles_by_vote{Role::maker, Role::registrar, Role::laboratory, Role::witness, Role::certifier};

std::vector<Role> all_roles() { return {roles_by_vote.begin(), roles_by_vote.end()}; }

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
  for (const Role role : roles_by_vote) {
    if (cbor::name_of(role) == word) return role;
    known += (known.empty() ? "" : ", ") + std::string(cbor::name_of(role));
  }
  return std::unexpected(Error(Code::invalid, "there is no such role")
                             .with_context("\"" + std::string(word) + "\" (there are " + known + ")"));
}

Result<std::vector<MemberKey>> read_keys(platform::Files& files, const std::string& path) {
  TRY(auto bytes, platform::read_whole(files, path, keys_file_bytes_max));
  auto text = as_text(bytes);
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.remove_suffix(1);
  if (auto decoded = platform::from_hex(text); decoded && !decoded->empty()) bytes = *std::move(decoded);
  auto keys = cbor::decode<MemberKeys>(bytes);
  if (!keys) return std::unexpected(std::move(keys).error().with_context(path + " holds no keys of a founding member"));
  std::vector<MemberKey> out;
  for (const auto key : *keys) out.push_back(key);
  return out;
}

// "1" or "1/2".
Result<void> read_power(FoundingMember& out, std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto weight = text::from_decimal(text.substr(0, slash));
  if (!weight || *weight > weight_max) return fail(Code::invalid, "a member's weight is a number from 0 to 1000000");
  out.weight = *weight;
  if (slash == std::string_view::npos) return {};
  const auto k = text::from_decimal(text.substr(slash + 1));
  if (!k || *k == 0) return fail(Code::invalid, "behind the weight stands how many keys must sign: 1 or more");
  out.k = *k;
  return {};
}

}  // namespace

Result<MemberKey> founding_key(crypto::Signer& signer, const Bytes<32>& nonce, std::string_view member,
                               key::Purpose purpose, key::Level level, key::Activation activation) {
  std::byte buffer[statement::small_message_bytes_max];
  const statement::Possession what{nonce, {}, subject_of_party(names::member(nonce, member)), purpose, 0, std::nullopt};
  TRY(const ByteView message, statement::possession_bytes(signer.public_key(), what, buffer));
  TRY(const auto possession, signer.sign(message));
  return MemberKey{signer.public_key(), purpose, level, activation, possession};
}

platform::Buffer founding_keys_file(std::span<const MemberKey> keys) { return platform::encode(MemberKeys(keys)); }

Result<FoundingMember> parse_founding_member(platform::Files& files, std::string_view text) {
  const auto words = split(text, ':');
  FoundingMember out{words[0], all_roles(), 1, 1, {}};
  const auto wrong = [&](const char* why) {
    return std::unexpected(Error(Code::invalid, why).with_context("\"" + std::string(text) + "\""));
  };
  if (!is_name(out.name)) return wrong("a member's name is 1 to 64 of a-z 0-9 . - beginning with a letter or digit");
  if (words.size() > 4) return wrong("a member is written name:role+role:weight:file of its keys");
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
    if (auto read = read_power(out, words[2]); !read) return wrong(read.error().text());
  }
  if (words.size() > 3) {
    TRY(out.keys, read_keys(files, words[3]));
  }
  return out;
}

}  // namespace mikusari::node
