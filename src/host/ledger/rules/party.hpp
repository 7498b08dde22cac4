// SPDX-License-Identifier: Apache-2.0
// Rules of the family `party`. A registrar opens parties, and suspends and recovers them as they chose; it can hold
// none of them: a party moves, acts and closes by its own keys.
#pragma once

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

// By a registrar, at most openings_day a day, as the holder of the first key has asked (party::asked). A first key that
// is taken is an alarm on its subject, and no party is opened.
Ruling apply(const party::Open& body, const Said& said, const View& view, Changes& changes);
// By its registrar.
Ruling apply(const party::Suspend& body, const Said& said, const View& view, Changes& changes);
// By the party, also while it is suspended, with the approval of a registrar who takes it. A key that the old one
// brings back is sent away.
Ruling apply(const party::Move& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const party::Move& body, const Said& said, const View& view);
// By the party, when it owns nothing.
Ruling apply(const party::Close& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const party::Close& body, const Said& said, const View& view);
// By its standby key, at once; by its registrar, after the wait. As the party chose.
Ruling apply(const party::Recover& body, const Said& said, const View& view, Changes& changes);
Ruling apply(const party::Amend& body, const Said& said, const View& view, Changes& changes);
Checked<> approved(const party::Amend& body, const Said& said, const View& view);

// A new key for a party that lost its own, whose possession was proved: it waits until `from_ms`, and ends all others
// when it speaks. With 0 it speaks at once, and of the others only the standby key that signs goes on: whoever stole a
// wallet key may have registered a standby key too. `key_taken` when it speaks for somebody.
Checked<> bring_back(const View& view, const Said& said, Changes& changes, const Handle& handle, const NewKey& key,
                     std::uint64_t from_ms);

// The quorum that an owner states fits: parties that exist, a threshold within, a wait not below the ledger's.
Checked<> check_force(const View& view, const std::optional<party::Force>& force, const std::string& named);

// A key that a member begins with, or comes back with.
NewKey new_key(const MemberKey& key, const Handle& member);
// A member that is founded or admitted, with its keys and lists: its record. `key_taken` when one of the keys is
// registered, or stands there twice.
Checked<party::Record> begin_member(const NewMember& member, const Digest& ledger, const View& view, Changes& changes);

// The lists of a party, made with it so that none of its exits lacks a row.
void begin_lists(Changes& changes, const Handle& handle, const party::Record& record);

}  // namespace mikusari::ledger
