// SPDX-License-Identifier: Apache-2.0
// Who may speak now: the key, whom it speaks for, and what that one may still say.
//
// A key speaks when its record is active, the record of its subject lists it as speaking now, and the subject lives.
// A key that was registered for a mounted part speaks only under the root, and in the tenure of it, of then. The
// ledger's recovery keys speak when the policy in force names them.
#pragma once

#include "ledger/rules/things.hpp"

namespace mikusari::ledger {

// What a frozen key may sign.
enum class Frozen : std::uint8_t { refused, allowed };

// A key that speaks: its record, and its entry in the list of its subject.
struct SpeakingKey {
  key::Record record;
  key::Entry entry;
};
// `key_not_active`.
Checked<SpeakingKey> speaking_key(const View& view, const BlockContext& block, const Digest& kid, Frozen frozen);

// The subject's keys, whatever they may do now. None when there is no such subject.
std::vector<key::Entry> entries_of(const View& view, const Subject& subject);

// The party that answers for a subject: itself; the owner of a thing's root.
Checked<Handle> answers_for(const View& view, const Subject& subject);

// `suspended` when the party that answers for the subject may not say this kind of thing any more.
Checked<> check_standing(const View& view, const Subject& subject, statement::Purpose purpose);

// How many different wallet keys of the party have signed the statement: the signer and the approvers with the role
// `own`. Frozen ones count. `except` does not.
std::uint64_t own_signers(const Said& said, const party::Record& party, const std::optional<Digest>& except);
// How many of a party's keys must sign what touches its power: as many as it demands, never more than live.
std::uint64_t demanded(const party::Record& party, const BlockContext& block);
// `missing_approvals` unless so many have signed.
Checked<> check_own(const Said& said, const Handle& handle, const party::Record& party);

// The part's wallet key that speaks where the part stands now; none without one.
std::optional<key::Record> speaking_wallet(const View& view, const BlockContext& block, const Thing& part);

}  // namespace mikusari::ledger
