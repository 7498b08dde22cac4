// SPDX-License-Identifier: Apache-2.0
// What the members' decisions are about, and what they do.
#include <algorithm>

#include "ledger/rules/mounts.hpp"
#include "ledger/rules/party.hpp"
#include "ledger/rules/proposal.hpp"
#include "proof/policy.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;
using proposal::Content;
using proposal::Matter;

namespace {

// Which fields a matter has, as bits in their order; anything else is malformed.
unsigned fields_of(const Content& content) {
  const bool present[] = {content.member.has_value(),        content.party.has_value(),
                          content.parameters.has_value(),    content.identity.has_value(),
                          content.index.has_value(),         content.part.has_value(),
                          content.recovery_keys.has_value(), content.threshold.has_value(),
                          content.roles.has_value(),         content.weight.has_value()};
  unsigned out = 0;
  for (unsigned i = 0; i < 10; ++i) out |= present[i] ? 1U << i : 0U;
  return out;
}
unsigned fields_for(Matter matter) {
  constexpr unsigned member = 1, party = 2, parameters = 4, identity = 8, index = 16, part = 32, recovery_keys = 64,
                     threshold = 128, roles = 256, weight = 512;
  switch (matter) {
    case Matter::admit:
    case Matter::recover: return member;
    case Matter::suspend:
    case Matter::resume:
    case Matter::expel: return party;
    case Matter::parameters: return parameters;
    case Matter::withhold: return identity | index;
    case Matter::reject_mount: return part;
    case Matter::recovery: return recovery_keys | threshold;
    case Matter::roles: return party | roles | weight;
  }
  return 0;
}

Checked<party::Record> member_at(const View& view, const Handle& handle) {
  TRY(auto record, party_at(view, handle));
  if (!record.is_member()) return refuse(not_entitled, party_named(handle), "a member");
  return record;
}

Checked<> check_keys(const NewMember& member, const Said& said, const View& view) {
  const Handle handle = names::member(said.block.ledger, member.name);
  if (member.keys.size() > party::keys_at_first_max) return refuse(too_many_keys, std::string(member.name));
  std::uint64_t wallets = 0;
  for (const auto key : member.keys) {
    if (key.purpose == key::Purpose::recovery || key.purpose == key::Purpose::attestation)
      return refuse(key_not_for_signing, platform::to_hex(cose::thumbprint(key.key)));
    TRY(bring_fresh(view, said, new_key(key, handle), 0, std::nullopt, said.signer));
    wallets += key.purpose == key::Purpose::wallet ? 1 : 0;
  }
  if (wallets == 0 || member.k == 0 || member.k > wallets) return refuse(bad_threshold, std::string(member.name));
  return {};
}

Checked<> check_admit(const NewMember& member, const Said& said, const View& view) {
  if (!is_name(member.name)) return refuse(bad_name);
  if (member.weight > weight_max) return refuse(bad_weight, std::string(member.name));
  if (!party::are_given_by_vote(member.roles)) return refuse(malformed_body);
  const Handle handle = names::member(said.block.ledger, member.name);
  if (view.exists(path::party(handle))) return refuse(already_registered, party_named(handle));
  return check_keys(member, said, view);
}

Checked<> check_recover(const NewMember& member, const Said& said, const View& view) {
  const Handle handle = names::member(said.block.ledger, member.name);
  TRY(member_at(view, handle));
  if (member.keys.size() != 1) return refuse(malformed_body);
  for (const auto key : member.keys) {
    if (key.purpose != key::Purpose::wallet) return refuse(malformed_body);
    TRY(bring_fresh(view, said, new_key(key, handle), 0, std::nullopt, said.signer));
  }
  return {};
}

Checked<> admit(const NewMember& member, const Said& said, const View& view, Changes& changes) {
  const Handle handle = names::member(said.block.ledger, member.name);
  if (view.exists(path::party(handle))) return refuse(already_registered, party_named(handle));
  // The possessions were proved when the matter was opened; since then others may have registered a key.
  TRY(const auto record, begin_member(member, said.block.ledger, view, changes));
  count_new_weight(view, changes, record);
  return {};
}

Checked<> change_standing(const Handle& handle, party::State to, const View& view, Changes& changes) {
  TRY(auto record, member_at(view, handle));
  const bool for_ever = record.state == party::State::expelled || record.state == party::State::closed;
  if (record.state == to || for_ever) return refuse(wrong_state, party_named(handle));
  const auto before = record;
  record.state = to;
  TRY(count_weight(view, changes, before, record, party_named(handle)));
  changes.put(path::party(handle), record);
  return {};
}

Checked<> change_roles(const Content& content, const View& view, Changes& changes) {
  TRY(auto record, member_at(view, *content.party));
  if (!party::are_given_by_vote(*content.roles)) return refuse(malformed_body);
  if (*content.weight > weight_max) return refuse(bad_weight, party_named(*content.party));
  const auto before = record;
  record.roles = *content.roles;
  record.weight = *content.weight;
  TRY(count_weight(view, changes, before, record, party_named(*content.party)));
  changes.put(path::party(*content.party), record);
  return {};
}

// The mount ends; whose the part is does not change: the owner of what it stood in has it, as salvaged.
Checked<> reject_mount(const Id& id, const View& view, Changes& changes) {
  TRY(const auto part, living_thing(view, thing::Type::part, id));
  if (!part.is_mounted()) return refuse(wrong_state, part.named());
  const auto chain = chain_from(view, part);
  if (!chain.root().lives()) return refuse(retired_or_destroyed, chain.root().named());
  TRY(check_not_offered(chain));  // who accepts it gets what was seen
  const Id unit = *part.part()->parent;
  TRY(leave(view, changes, id, chain.owner(), thing::Keep(), Leaving::as_salvaged));
  remove_child(view, changes, unit, id);
  return {};
}

Checked<> change_recovery(const Content& content, const Said& said, const View& view, Changes& changes) {
  auto policy = view.known<proof::Policy>(path::policy());
  policy.recovery_keys = *content.recovery_keys;
  policy.recovery_threshold = *content.threshold;
  policy.epoch += 1;
  if (!proof::parse_policy(platform::encode(policy))) return refuse(bad_threshold, "recovery role");
  for (const auto key : policy.recovery_keys) {
    const Digest thumbprint = cose::thumbprint(key);
    const auto known = view.get<key::Record>(path::key(thumbprint));
    if (known && known->purpose != key::Purpose::recovery) return refuse(key_taken, platform::to_hex(thumbprint));
    if (!known) put_new_key(view, changes, thumbprint, recovery_key(key, said.block.ledger));
  }
  changes.put(path::policy(), policy);
  return {};
}

Checked<> withhold(const Content& content, const Id& proposal, const Said& said, const View& view, Changes& changes) {
  const Digest path = path::withheld(*content.identity, *content.index);
  if (view.exists(path)) return refuse(already_said, "statement " + platform::to_hex(*content.identity));
  changes.put(path, proposal::Withheld{{}, said.block.height, proposal});
  return {};
}

// They were checked when the matter was opened.
Checked<> change_parameters(const Parameters& wanted, const View& view, Changes& changes) {
  auto record = ledger_record(view);
  record.parameters = wanted;
  changes.put(path::ledger(), record);
  return {};
}

Checked<> recover(const NewMember& member, const Said& said, const View& view, Changes& changes) {
  const Handle handle = names::member(said.block.ledger, member.name);
  for (const auto key : member.keys) {
    TRY(bring_back(view, said, changes, handle, new_key(key, handle),
                   after(said.block.time_ms, parameters(view).recovery_ms)));
  }
  return {};
}

}  // namespace

Checked<> check_content(const Content& content, const Said& said, const View& view) {
  if (fields_of(content) != fields_for(content.matter)) return refuse(malformed_body);
  switch (content.matter) {
    case Matter::admit: return check_admit(*content.member, said, view);
    case Matter::recover: return check_recover(*content.member, said, view);
    case Matter::parameters:
      if (!check(*content.parameters)) return refuse(bad_parameter);
      return {};
    case Matter::suspend:
    case Matter::resume:
    case Matter::expel:
    case Matter::roles: {
      TRY(member_at(view, *content.party));
      return {};
    }
    case Matter::withhold:
    case Matter::reject_mount:
    case Matter::recovery: return {};
  }
  return refuse(malformed_body);
}

Checked<> carry_out(const Content& content, const Id& proposal, const Said& said, const View& view, Changes& changes) {
  switch (content.matter) {
    case Matter::admit: return admit(*content.member, said, view, changes);
    case Matter::suspend: return change_standing(*content.party, party::State::suspended, view, changes);
    case Matter::resume: return change_standing(*content.party, party::State::active, view, changes);
    case Matter::expel: return change_standing(*content.party, party::State::expelled, view, changes);
    case Matter::parameters: return change_parameters(*content.parameters, view, changes);
    case Matter::withhold: return withhold(content, proposal, said, view, changes);
    case Matter::reject_mount: return reject_mount(*content.part, view, changes);
    case Matter::recovery: return change_recovery(content, said, view, changes);
    case Matter::roles: return change_roles(content, view, changes);
    case Matter::recover: return recover(*content.member, said, view, changes);
  }
  return refuse(malformed_body);
}

}  // namespace mikusari::ledger
