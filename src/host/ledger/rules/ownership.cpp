// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/ownership.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

Ruling apply(const ownership::Offer& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, free_thing(view, body.type, body.thing));
  auto& record = thing.common();
  TRY(check_owner(said, record.owned_by(), thing.named()));
  TRY(check_on(body.on, record.title, thing.named()));
  if (record.is_offered()) return refuse(being_handed_over, thing.named());
  if (said.is_party(body.to)) return refuse(wrong_state, thing.named());
  TRY(acting_party(view, body.to));
  record.offered_to = body.to;
  record.title += 1;
  thing.put(changes);
  return Ruling::done();
}

Ruling apply(const ownership::Accept& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, free_thing(view, body.type, body.thing));
  auto& record = thing.common();
  if (!record.offered_to || !said.is_party(*record.offered_to)) return refuse(not_offered, thing.named());
  TRY(check_on(body.on, record.title, thing.named()));
  if (said.block.time_ms < record.offer_from_ms.value)
    return refuse(still_waits, thing.named(), std::to_string(record.offer_from_ms.value));
  const Handle before = record.owned_by(), holder = record.held_by(), after = *record.offered_to;
  TRY(change_owner(changes, thing, after, holder, body.keep));
  TRY(count_ownership(view, changes, thing, before, after));
  return Ruling::done();
}

Ruling apply(const ownership::Cancel& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, free_thing(view, body.type, body.thing));
  auto& record = thing.common();
  TRY(check_owner(said, record.owned_by(), thing.named()));
  if (!record.is_offered()) return refuse(wrong_state, thing.named());
  record.offered_to.reset();
  record.offer_from_ms = 0;
  if (record.shipped_with_title.value) {
    record.shipped_with_title = false;
    record.shipped_to.reset();
  }
  record.title += 1;
  thing.put(changes);
  return Ruling::done();
}

Checked<> approved(const ownership::Force& body, const Said& said, const View& view) {
  TRY(const auto thing, free_thing(view, body.type, body.thing));
  TRY(const auto owner, party_at(view, thing.common().owned_by()));
  if (!owner.force) return refuse(not_entitled, thing.named(), "the quorum that its owner has stated: none");
  std::vector<Handle> parties;
  const auto add = [&](const Handle& party) {
    const auto record = view.get<party::Record>(path::party(party));
    const bool counts = record && record->acts() && owner.force->quorum.contains(party);
    if (counts && std::ranges::find(parties, party) == parties.end()) parties.push_back(party);
  };
  if (said.party()) add(*said.party());
  for (const auto& approver : said.approvers) {
    if (approver.role == statement::ApprovalRole::quorum) add(approver.party);
  }
  if (parties.size() < owner.force->threshold) return refuse(missing_approvals, thing.named());
  return {};
}

Ruling apply(const ownership::Force& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, free_thing(view, body.type, body.thing));
  auto& record = thing.common();
  TRY(check_on(body.on, record.title, thing.named()));
  if (record.is_offered()) return refuse(being_handed_over, thing.named());
  TRY(acting_party(view, body.to));
  TRY(const auto owner, party_at(view, record.owned_by()));
  if (!owner.force) return refuse(not_entitled, thing.named(), "the quorum that its owner has stated: none");
  record.offered_to = body.to;
  record.offer_from_ms = after(said.block.time_ms, owner.force->wait_ms);
  record.title += 1;
  thing.put(changes);
  return Ruling::done();
}

}  // namespace mikusari::ledger
