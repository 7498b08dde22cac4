// SPDX-License-Identifier: Apache-2.0
// The life of keys, as the rules of several families need it: making, listing, ending.
//
// A key's record is for ever: its thumbprint has one subject and one purpose on the whole ledger. Its subject's record
// lists it while it may speak; who is not listed is silent.
#pragma once

#include "ledger/rules/speaking.hpp"

namespace mikusari::ledger {

struct NewKey {
  crypto::PublicKey key;
  key::Purpose purpose{};
  Subject subject;
  crypto::Signature possession;
  key::Level level = key::Level::file;
  key::Activation activation = key::Activation::nothing;
  std::optional<Digest> evidence;
};

// A recovery key of the ledger, which the policy names: its subject is the ledger itself.
NewKey recovery_key(const crypto::PublicKey& key, const Digest& ledger);

// What a key that is brought turns out to be. Its holder has signed for exactly this registration (`bad_possession`
// else), so that whoever does not hold a key cannot probe for it.
struct Brought {
  enum class Found : std::uint8_t {
    fresh,      // never registered
    known,      // of the same subject and purpose, and not revoked
    elsewhere,  // of another subject: a copied key
  };
  Digest thumbprint;
  Found found = Found::fresh;
  Subject other;  // whose it is, when it is elsewhere
};
// `registrar` is the key that signs the registration. `key_not_active` for a key of the same subject that is revoked,
// `key_not_for_signing` for one of another purpose.
Checked<Brought> bring(const View& view, const Said& said, const NewKey& key, std::uint64_t tenure,
                       const std::optional<Digest>& commitment, const Digest& registrar);
// As bring(), for a key that must be fresh: `key_taken` else.
Checked<Digest> bring_fresh(const View& view, const Said& said, const NewKey& key, std::uint64_t tenure,
                            const std::optional<Digest>& commitment, const Digest& registrar);

// Its record, and for a wallet key the record of its counters, so that what it says later never lacks a row.
void put_new_key(const View& view, Changes& changes, const Digest& thumbprint, const NewKey& key,
                 const std::optional<Digest>& replaces = std::nullopt);

// When the key that its registrar or a vote brings back will speak, while that waits; 0 when none does.
std::uint64_t recovered_from(const party::Record& party, const BlockContext& block);

// A key that was brought back is sent away again: the older ones go on as they would have, and its registrar's right
// ends. REQUIRES: recovered_from() is not 0.
Checked<> end_recovery(const View& view, Changes& changes, const Said& said, const Handle& handle, key::Reason reason);

// The subject's list without what ended.
std::vector<key::Entry> living_entries(const std::vector<key::Entry>& entries, std::uint64_t time_ms);
// Writes the list of a subject's keys. `too_many_keys`: a party's list keeps one place for a key that is brought back.
Checked<> put_entries(const View& view, Changes& changes, const BlockContext& block, const Subject& subject,
                      const std::vector<key::Entry>& entries);

// A predecessor that is listed goes on when the successor that waits is taken away: in `entries`, which the caller
// writes, and in its own record. Says whether there was one.
Checked<bool> predecessor_goes_on(const View& view, Changes& changes, const BlockContext& block,
                                  const Digest& successor, const key::Record& record, std::vector<key::Entry>& entries);

// A party's list of keys with completeness tells each gain and end.
void tell_list(Changes& changes, const Subject& subject, const Digest& thumbprint, list::Change change);

// Ends a key for ever, and a successor of it that still waits: records, lists, and a part's mark that a key was
// revoked, unless it was vetoed. Does nothing to a key that is revoked already.
Checked<> revoke(const View& view, Changes& changes, const BlockContext& block, const Digest& thumbprint,
                 key::Reason reason);

// What the member adds to the ledger's total weight: nothing once it is expelled.
std::uint64_t weight_in_total(const party::Record& record);

// The ledger's weights follow a member's record from `before` to `after`. `would_orphan_ledger` when nobody could vote
// any more.
Checked<> count_weight(const View& view, Changes& changes, const party::Record& before, const party::Record& after,
                       const std::string& named);
void count_new_weight(const View& view, Changes& changes, const party::Record& record);

}  // namespace mikusari::ledger
