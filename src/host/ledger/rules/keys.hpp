// SPDX-License-Identifier: Apache-2.0
// The life of keys, as the rules of several families need it: making, ending, and the rotation that may be under way.
//
// A key's record is for ever: a thumbprint that was once registered can never be registered again, for anybody. While a
// rotation is under way the successor waits (from_ms) and its predecessor speaks until then (until_ms); a predecessor
// that is revoked takes the waiting successor with it, because whoever had stolen it could have named the successor.
#pragma once

#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

Subject subject_of_member(std::string_view name);
Subject subject_of_part(const Id& id);
Subject subject_of_device(const Id& id);

// A new key's thumbprint, when the key is proper, its holder has signed for `subject` and the signer of the statement
// as registrar, and it was never registered. `key_taken` comes last: who does not hold a key cannot probe for it.
Checked<Digest> check_new_key(const View& view, const Said& said, const crypto::PublicKey& key,
                              const crypto::Signature& possession, const Subject& subject);

void put_new_key(Changes& changes, const Digest& thumbprint, const crypto::PublicKey& key, key::Purpose purpose,
                 const Subject& subject);

// Revokes a key for ever, and its successor if that does not speak yet. Does nothing to a key that is revoked already.
void revoke(const View& view, Changes& changes, const Digest& thumbprint, key::Reason reason, std::uint64_t time_ms);
// Revokes a successor before it speaks; its predecessor goes on, unless it is revoked itself.
void revoke_successor(const View& view, Changes& changes, const key::Record& successor, const Digest& thumbprint,
                      key::Reason reason);

// A successor that does not speak yet.
bool waits(const key::Record& record, std::uint64_t time_ms);

// Those of a device's keys that speak or will.
std::vector<Digest> living_keys(const View& view, const device::Record& device, std::uint64_t time_ms);
// Drops from the device's record the keys that ended.
void forget_ended_keys(const View& view, Changes& changes, const Id& device, std::uint64_t time_ms);

// The part's key that speaks now: the record's, or its predecessor while the record's waits. None without a key, or
// when it is revoked.
std::optional<key::Record> speaking_key(const View& view, const part::Record& part, std::uint64_t time_ms);
// A part at its end: its key and the successor under way.
void revoke_key_of_part(const View& view, Changes& changes, const part::Record& part, std::uint64_t time_ms);

}  // namespace mikusari::ledger
