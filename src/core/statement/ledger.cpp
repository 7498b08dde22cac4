// SPDX-License-Identifier: Apache-2.0
#include "statement/ledger.hpp"

namespace mikusari {
namespace {

// How often a key stands in the genesis, in any place.
std::size_t occurrences(const Genesis& genesis, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto member : genesis.members) {
    for (const auto key : member.keys) count += key == wanted ? 1 : 0;
  }
  for (const auto signer : genesis.checkpoint_signers) {
    for (const auto key : signer.keys) count += key == wanted ? 1 : 0;
  }
  for (const auto key : genesis.recovery_keys) count += key == wanted ? 1 : 0;
  return count;
}

Result<void> check_key(const Genesis& genesis, const crypto::PublicKey& key) {
  TRY(crypto::check(key));
  if (occurrences(genesis, key) != 1) return fail(Code::invalid, "a key stands twice in the genesis");
  return {};
}

Result<void> check_members(const Genesis& genesis) {
  std::uint64_t weight = 0;
  for (const auto member : genesis.members) {
    if (!is_name(member.name)) return fail(Code::invalid, "a member's name has other characters than a-z 0-9 . -");
    std::size_t same = 0;
    for (const auto other : genesis.members) same += other.name == member.name ? 1 : 0;
    if (same != 1) return fail(Code::invalid, "two members have the same name");
    if (member.keys.empty()) return fail(Code::invalid, "a member has no key");
    for (const auto key : member.keys) TRY(check_key(genesis, key));
    if (member.weight > weight_max) return fail(Code::invalid, "a member's weight is over a million");
    weight += member.weight;
  }
  if (weight == 0) return fail(Code::invalid, "no member has a weight: nobody could ever admit another");
  return {};
}

Result<void> check_signers(const Genesis& genesis) {
  std::uint64_t weight = 0;
  for (const auto signer : genesis.checkpoint_signers) {
    if (!is_name(signer.name))
      return fail(Code::invalid, "a checkpoint signer's name has other characters than a-z 0-9 . -");
    std::size_t same = 0;
    for (const auto other : genesis.checkpoint_signers) same += other.name == signer.name ? 1 : 0;
    if (same != 1) return fail(Code::invalid, "two checkpoint signers have the same name");
    if (signer.keys.empty()) return fail(Code::invalid, "a checkpoint signer has no key");
    for (const auto key : signer.keys) TRY(check_key(genesis, key));
    if (signer.weight == 0 || signer.weight > weight_max)
      return fail(Code::invalid, "a checkpoint signer's weight is 0 or over a million");
    weight += signer.weight;
  }
  if (genesis.checkpoint_threshold == 0 || genesis.checkpoint_threshold > weight) {
    return fail(Code::invalid, "the checkpoint threshold is 0 or more than all signers' weight");
  }
  return {};
}

}  // namespace

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > limits::name_bytes_max || name[0] == '.' || name[0] == '-') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) return false;
  }
  return true;
}

Result<void> check(const Genesis& genesis) {
  if (genesis.version != 1) return fail(Code::invalid, "this genesis is of a version that is not known here");
  if (genesis.members.empty()) return fail(Code::invalid, "the genesis has no member");
  if (genesis.rotation_veto_ms > rotation_veto_ms_max)
    return fail(Code::invalid, "the time to veto a rotation is over a year");
  TRY(check_members(genesis));
  TRY(check_signers(genesis));
  for (const auto key : genesis.recovery_keys) TRY(check_key(genesis, key));
  if (genesis.recovery_threshold > genesis.recovery_keys.size() ||
      (genesis.recovery_threshold == 0) != genesis.recovery_keys.empty()) {
    return fail(Code::invalid, "the recovery threshold does not fit the recovery keys");
  }
  return {};
}

}  // namespace mikusari
