// SPDX-License-Identifier: Apache-2.0
// How keys begin: registration and rotation.
#include "ledger/rules/key.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// What the registration of a key binds beside the key: the subject as it is now.
struct Bound {
  std::uint64_t tenure = 0;
  std::optional<Digest> commitment;
  std::optional<Id> root;  // of a mounted part
  std::uint64_t root_tenure = 0;
};

Checked<Bound> bound_party(const Said& said, const View& view, const Handle& handle) {
  if (!said.is_party(handle)) return refuse(not_entitled, party_named(handle), party_named(handle));
  TRY(const auto party, acting_party(view, handle));
  return Bound{0, party.commitment, std::nullopt, 0};
}

Checked<Bound> bound_thing(const Said& said, const View& view, const Subject& subject) {
  const auto type = subject.type == SubjectType::part ? thing::Type::part : thing::Type::device;
  TRY(const auto thing, living_thing(view, type, subject.id));
  const auto chain = chain_from(view, thing);
  if (!chain.root().lives()) return refuse(retired_or_destroyed, chain.root().named());
  TRY(check_owner(said, chain.owner(), thing.named()));
  TRY(check_not_offered(chain));
  Bound out{thing.common().tenure, thing.common().commitment, std::nullopt, 0};
  if (thing.is_mounted()) {
    out.root = chain.root().id;
    out.root_tenure = chain.root().common().tenure;
  }
  return out;
}

// Purposes that are given in other ways, or to others.
bool can_be_registered(key::Purpose purpose, SubjectType type) {
  if (purpose == key::Purpose::recovery) return false;
  if (type == SubjectType::party) return purpose != key::Purpose::attestation;
  return purpose == key::Purpose::wallet || purpose == key::Purpose::authentication ||
         purpose == key::Purpose::identity || purpose == key::Purpose::attestation;
}

Ruling alarm_on_both(const Said& said, const View& view, Changes& changes, const Brought& brought,
                     const Subject& subject) {
  TRY(raise_alarm(view, changes, said.block, brought.other));
  TRY(raise_alarm(view, changes, said.block, subject));
  return Ruling::alarm(key_named(brought.thumbprint), platform::to_hex(brought.other.id));
}

// A party's new keys wait, so that its other keys can veto. A thing's owner could register and revoke as it likes.
std::uint64_t first_moment(const View& view, const Said& said, const Subject& subject) {
  return subject.type == SubjectType::party ? after(said.block.time_ms, parameters(view).veto_ms) : 0;
}

}  // namespace

Checked<> approved(const key::Register& body, const Said& said, const View& view) {
  if (body.subject.type != SubjectType::party) return {};
  if (!said.is_party(body.subject.id)) return {};  // the rule refuses it
  TRY(const auto party, party_at(view, body.subject.id));
  return check_own(said, body.subject.id, party);
}

Ruling apply(const key::Register& body, const Said& said, const View& view, Changes& changes) {
  if (!can_be_registered(body.purpose, body.subject.type))
    return refuse(key_not_for_signing, platform::to_hex(cose::thumbprint(body.key)));
  TRY(const auto bound, body.subject.type == SubjectType::party ? bound_party(said, view, body.subject.id)
                                                                : bound_thing(said, view, body.subject));
  const NewKey key{body.key, body.purpose, body.subject, body.possession, body.level, body.activation, body.evidence};
  TRY(const auto brought, bring(view, said, key, bound.tenure, bound.commitment, said.signer));
  if (brought.found == Brought::Found::elsewhere) return alarm_on_both(said, view, changes, brought, body.subject);
  auto entries = living_entries(entries_of(view, body.subject), said.block.time_ms);
  if (std::ranges::find(entries, brought.thumbprint, &key::Entry::key) != entries.end()) {
    const bool silent = bound.root || body.subject.type != SubjectType::party;
    if (!silent) return refuse(already_registered, key_named(brought.thumbprint));
    std::erase_if(entries, [&](const key::Entry& entry) { return entry.key == brought.thumbprint; });
  }
  entries.push_back({brought.thumbprint,
                     body.purpose,
                     {},
                     first_moment(view, said, body.subject),
                     {},
                     bound.root,
                     bound.root_tenure,
                     {}});
  if (brought.found == Brought::Found::fresh) put_new_key(view, changes, brought.thumbprint, key);
  tell_list(changes, body.subject, brought.thumbprint, list::Change::gained);
  TRY(put_entries(view, changes, said.block, body.subject, entries));
  return Ruling::done();
}

Ruling apply(const key::Rotate& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto old, key_at(view, said.signer));
  if (old.replaced_by) return refuse(wrong_state, key_named(said.signer));
  Bound bound;
  if (said.subject.type == SubjectType::party) {
    TRY(const auto party, party_at(view, said.subject.id));
    if (recovered_from(party, said.block) != 0) return refuse(wrong_state, party_named(said.subject.id));
    bound.commitment = party.commitment;
  } else {
    const auto type = said.subject.type == SubjectType::part ? thing::Type::part : thing::Type::device;
    TRY(const auto thing, living_thing(view, type, said.subject.id));
    const auto chain = chain_from(view, thing);
    if (!chain.root().lives()) return refuse(retired_or_destroyed, chain.root().named());
    TRY(check_not_offered(chain));
    bound = {thing.common().tenure, thing.common().commitment, std::nullopt, 0};
    if (thing.is_mounted()) {
      bound.root = chain.root().id;
      bound.root_tenure = chain.root().common().tenure;
    }
  }
  const NewKey key{body.key, old.purpose, old.subject, body.possession, old.level, old.activation, old.evidence};
  TRY(const auto brought, bring(view, said, key, bound.tenure, bound.commitment, said.signer));
  if (brought.found == Brought::Found::elsewhere) return alarm_on_both(said, view, changes, brought, said.subject);
  if (brought.found == Brought::Found::known) return refuse(key_taken, platform::to_hex(brought.thumbprint));
  const std::uint64_t from_ms = after(said.block.time_ms, parameters(view).veto_ms);
  auto entries = living_entries(entries_of(view, said.subject), said.block.time_ms);
  const auto mine = std::ranges::find(entries, said.signer, &key::Entry::key);
  ASSERT(mine != entries.end());
  mine->until_ms = from_ms;
  entries.push_back({brought.thumbprint, old.purpose, {}, from_ms, {}, bound.root, bound.root_tenure, {}});
  put_new_key(view, changes, brought.thumbprint, key, said.signer);
  old.replaced_by = brought.thumbprint;
  changes.put(path::key(said.signer), old);
  tell_list(changes, said.subject, brought.thumbprint, list::Change::gained);
  TRY(put_entries(view, changes, said.block, said.subject, entries));
  return Ruling::done();
}

}  // namespace mikusari::ledger
