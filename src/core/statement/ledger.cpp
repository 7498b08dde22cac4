// SPDX-License-Identifier: Apache-2.0
#include "statement/ledger.hpp"

#include "crypto/hash.hpp"
#include "statement/names.hpp"
#include "statement/possession.hpp"

namespace mikusari {
namespace {

// How often a key stands in the genesis, in any place.
std::size_t occurrences(const Genesis& genesis, const crypto::PublicKey& wanted) {
  std::size_t count = 0;
  for (const auto member : genesis.members) {
    for (const auto key : member.keys) count += key.key == wanted ? 1 : 0;
  }
  for (const auto signer : genesis.checkpoint_signers) {
    for (const auto key : signer.keys) count += key == wanted ? 1 : 0;
  }
  for (const auto key : genesis.recovery_keys) count += key == wanted ? 1 : 0;
  for (const auto witness : genesis.witnesses) count += witness.key == wanted ? 1 : 0;
  return count;
}

Result<void> check_key(const Genesis& genesis, const crypto::PublicKey& key) {
  TRY(crypto::check(key));
  if (occurrences(genesis, key) != 1) return fail(Code::invalid, "a key stands twice in the genesis");
  return {};
}

Result<void> check_member_key(const Genesis& genesis, const NewMember& member, const MemberKey& key) {
  TRY(check_key(genesis, key.key));
  std::byte buffer[statement::small_message_bytes_max];
  const statement::Possession what{genesis.nonce, {}, subject_of_party(names::member(genesis.nonce, member.name)),
                                   key.purpose,   0,  std::nullopt};
  TRY(const ByteView message, statement::possession_bytes(key.key, what, buffer));
  if (!crypto::verify(key.key, message, key.possession))
    return fail(Code::unauthenticated, "a member's key has not signed for this genesis");
  return {};
}

Result<void> check_member(const Genesis& genesis, const NewMember& member) {
  if (!is_name(member.name)) return fail(Code::invalid, "a member's name has other characters than a-z 0-9 . -");
  std::size_t same = 0;
  for (const auto other : genesis.members) same += other.name == member.name ? 1 : 0;
  if (same != 1) return fail(Code::invalid, "two members have the same name");
  std::size_t wallets = 0;
  for (const auto key : member.keys) {
    TRY(check_member_key(genesis, member, key));
    wallets += key.purpose == key::Purpose::wallet ? 1 : 0;
  }
  if (wallets == 0) return fail(Code::invalid, "a member has no wallet key");
  if (member.k == 0 || member.k > wallets) return fail(Code::invalid, "a member's k is 0 or more than its wallet keys");
  if (member.keys.size() > party::keys_at_first_max)
    return fail(Code::invalid, "a member has over 15 keys: one place is for a key that is brought back");
  if (member.weight > weight_max) return fail(Code::invalid, "a member's weight is over a million");
  if (!party::are_given_by_vote(member.roles))
    return fail(Code::invalid, "a member has a role twice, or one that parties grant each other");
  return {};
}

Result<void> check_members(const Genesis& genesis) {
  if (genesis.members.empty()) return fail(Code::invalid, "the genesis has no member");
  std::uint64_t weight = 0;
  for (const auto member : genesis.members) {
    TRY(check_member(genesis, member));
    weight += member.weight;
  }
  if (weight == 0) return fail(Code::invalid, "no member has a weight: nobody could ever admit another");
  return {};
}

// Whoever could choose a key with another signer's id could have every checkpoint refused.
std::size_t keys_with_id(const Genesis& genesis, const KeyId& wanted) {
  std::size_t count = 0;
  for (const auto signer : genesis.checkpoint_signers) {
    for (const auto key : signer.keys) count += key_id(signer.name, key) == wanted ? 1 : 0;
  }
  for (const auto witness : genesis.witnesses) count += key_id(witness.name, witness.key) == wanted ? 1 : 0;
  return count;
}

Result<void> check_key_ids(const Genesis& genesis) {
  const auto check_one = [&](std::string_view name, const crypto::PublicKey& key) -> Result<void> {
    if (keys_with_id(genesis, key_id(name, key)) != 1)
      return fail(Code::invalid, "two keys under checkpoints have the same key id");
    return {};
  };
  for (const auto signer : genesis.checkpoint_signers) {
    for (const auto key : signer.keys) TRY(check_one(signer.name, key));
  }
  for (const auto witness : genesis.witnesses) TRY(check_one(witness.name, witness.key));
  return {};
}

Result<void> at_least(std::uint64_t value, std::uint64_t least, const char* what) {
  if (value < least) return fail(Code::invalid, what);
  return {};
}

}  // namespace

KeyId key_id(std::string_view name, const crypto::PublicKey& key) {
  constexpr std::byte newline{0x0a}, ed25519_cosignature{0x04}, own_type{0xff}, uncompressed{0x04};
  const Digest digest =
      key.algorithm() == crypto::Algorithm::ed25519
          ? crypto::sha256({as_bytes(name), ByteView(&newline, 1), ByteView(&ed25519_cosignature, 1), key.bytes()})
          : crypto::sha256({as_bytes(name), ByteView(&newline, 1), ByteView(&own_type, 1),
                            as_bytes("mikusari-p256-cosignature-v1"), ByteView(&uncompressed, 1), key.bytes()});
  return KeyId::copy(digest.view().first(KeyId::size()));
}

bool is_name(std::string_view name) {
  if (name.empty() || name.size() > limits::name_bytes_max || name[0] == '.' || name[0] == '-') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-')) return false;
  }
  return true;
}

Result<void> check(const Parameters& parameters) {
  constexpr std::uint64_t wait_max = 3650 * day_ms;
  TRY(at_least(parameters.veto_ms, day_ms, "veto_ms is less than a day"));
  TRY(at_least(parameters.recovery_ms, 30 * day_ms, "recovery_ms is less than 30 days"));
  TRY(at_least(parameters.force_ms, 90 * day_ms, "force_ms is less than 90 days"));
  for (const std::uint64_t wait :
       {parameters.veto_ms, parameters.recovery_ms, parameters.force_ms, parameters.proposal_lapse_ms}) {
    if (wait > wait_max) return fail(Code::invalid, "a wait is over ten years");
  }
  TRY(at_least(parameters.proposal_lapse_ms, day_ms, "proposal_lapse_ms is less than a day"));
  TRY(at_least(parameters.reserve_statements, 64, "reserve_statements is less than 64"));
  TRY(at_least(parameters.reserve_bytes, 64 * 1024, "reserve_bytes is less than 64 KiB"));
  if (parameters.reserve_rows_part == 0 || parameters.reserve_rows_part > 16)
    return fail(Code::invalid, "reserve_rows_part is not 1 to 16");
  if (parameters.ledger_rows == 0 || parameters.ledger_rows > ledger_rows_max)
    return fail(Code::invalid, "ledger_rows is 0 or over 2^27, which the program can hold");
  TRY(at_least(parameters.refused_steps, 64, "refused_steps is less than 64"));
  if (parameters.refused_steps > 65'536) return fail(Code::invalid, "refused_steps is over 65,536");
  if (parameters.statement_growth < 64 * 1024 || parameters.statement_growth > 16ULL << 20)
    return fail(Code::invalid, "statement_growth is not 64 KiB to 16 MiB");
  if (parameters.block_growth < parameters.statement_growth || parameters.block_growth > 32ULL << 20)
    return fail(Code::invalid, "block_growth is below statement_growth or over 32 MiB");
  TRY(at_least(parameters.alarms_day, 1, "alarms_day is 0"));
  TRY(at_least(parameters.sequence_step, 1, "sequence_step is 0"));
  if (parameters.sequence_step > 1ULL << 32)
    return fail(Code::invalid, "sequence_step is over 2^32: it could end a model");
  for (const auto& limit : {parameters.member_day, parameters.party_day, parameters.thing_day}) {
    TRY(at_least(limit.statements, 1, "a day's statements are 0"));
    TRY(at_least(limit.bytes, 64 * 1024, "a day's bytes are less than 64 KiB"));
    TRY(at_least(limit.refused, 1, "a day's refused bodies are 0"));
  }
  return {};
}

Result<void> check_signers(const CheckpointSigners& signers, std::uint64_t threshold) {
  std::uint64_t weight = 0;
  for (const auto signer : signers) {
    if (!is_name(signer.name))
      return fail(Code::invalid, "a checkpoint signer's name has other characters than a-z 0-9 . -");
    std::size_t same = 0;
    for (const auto other : signers) same += other.name == signer.name ? 1 : 0;
    if (same != 1) return fail(Code::invalid, "two checkpoint signers have the same name");
    if (signer.keys.empty()) return fail(Code::invalid, "a checkpoint signer has no key");
    for (const auto key : signer.keys) {
      TRY(crypto::check(key));
      std::size_t times = 0;
      for (const auto other : signers) {
        for (const auto its : other.keys) times += its == key ? 1 : 0;
      }
      if (times != 1) return fail(Code::invalid, "a checkpoint key stands twice");
    }
    if (signer.weight == 0 || signer.weight > weight_max)
      return fail(Code::invalid, "a checkpoint signer's weight is 0 or over a million");
    weight += signer.weight;
  }
  if (threshold == 0 || threshold > weight)
    return fail(Code::invalid, "the checkpoint threshold is 0 or more than all signers' weight");
  return {};
}

Result<void> check_witnesses(const LogWitnesses& witnesses, std::uint64_t threshold) {
  for (const auto witness : witnesses) {
    if (!is_name(witness.name)) return fail(Code::invalid, "a witness' name has other characters than a-z 0-9 . -");
    if (witness.key.algorithm() != crypto::Algorithm::ed25519)
      return fail(Code::invalid, "a witness' key is not an Ed25519 key");
    TRY(crypto::check(witness.key));
    std::size_t same = 0;
    for (const auto other : witnesses) same += other.name == witness.name || other.key == witness.key ? 1 : 0;
    if (same != 1) return fail(Code::invalid, "two witnesses have the same name or key");
  }
  if (threshold > witnesses.size()) return fail(Code::invalid, "the witness threshold is more than all witnesses");
  return {};
}

Result<void> check(const Genesis& genesis) {
  if (genesis.rules > rules_version) return fail(Code::newer, "the ledger's rules are newer than this program");
  if (genesis.rules != rules_version) return fail(Code::invalid, "there are no such rules");
  TRY(check_members(genesis));
  TRY(check_signers(genesis.checkpoint_signers, genesis.checkpoint_threshold));
  for (const auto signer : genesis.checkpoint_signers) {
    for (const auto key : signer.keys) TRY(check_key(genesis, key));
  }
  for (const auto key : genesis.recovery_keys) TRY(check_key(genesis, key));
  if (genesis.recovery_threshold > genesis.recovery_keys.size() ||
      (genesis.recovery_threshold == 0) != genesis.recovery_keys.empty()) {
    return fail(Code::invalid, "the recovery threshold does not fit the recovery keys");
  }
  TRY(check(genesis.parameters));
  TRY(check_witnesses(genesis.witnesses, genesis.witness_threshold));
  return check_key_ids(genesis);
}

}  // namespace mikusari
