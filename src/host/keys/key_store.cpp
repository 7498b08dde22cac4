// SPDX-License-Identifier: Apache-2.0
#include "keys/key_store.hpp"

#include <algorithm>

namespace mikusari::keys {
namespace {

bool is_alphanumeric(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

Result<void> check_name(std::string_view name) {
  if (name.empty()) return fail(Code::invalid, "a key needs a name");
  if (name.size() > name_bytes_max)
    return fail(Code::invalid, "a key's name has at most 64 characters", name_bytes_max);
  if (!is_alphanumeric(name[0])) return fail(Code::invalid, "a key's name begins with a letter a-z or a digit", 0);
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-') {
      return fail(Code::invalid, "a key's name is made of a-z, 0-9, '.', '_' and '-'", i);
    }
  }
  return {};
}

std::string batch_name(std::string_view prefix, std::size_t index) {
  const std::string digits = std::to_string(index);
  std::string out(prefix);
  out += '-';
  out.append(digits.size() < 6 ? 6 - digits.size() : 0, '0');
  return out + digits;
}

Result<void> check_request(std::string_view name, crypto::Algorithm algorithm, Purpose purpose,
                           const Capabilities& capabilities) {
  TRY(check_name(name));
  if (std::ranges::find(capabilities.algorithms, algorithm) == capabilities.algorithms.end()) {
    return fail(Code::invalid, "this key store does not offer the algorithm");
  }
  if (cbor::name_of(purpose).empty()) return fail(Code::invalid, "no such purpose of a key");
  if (purpose == Purpose::identity) {
    return fail(Code::invalid, "an identity key is for key agreement; this key store only makes keys that sign");
  }
  return {};
}

}  // namespace mikusari::keys
