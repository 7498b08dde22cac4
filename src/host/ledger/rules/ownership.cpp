// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/ownership.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

Verdict apply(const ownership::Offer& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(auto record, living_device(view, body.device));
  TRY(check_speaks(said, record.owner, named));
  TRY(check_on(said, record, named));
  if (record.offered_to || body.to == record.owner) return refuse(wrong_state, named);
  TRY(active_member(view, body.to));
  record.offered_to = body.to;
  changes.put(path::device(body.device), record);
  return Verdict::done();
}

Verdict apply(const ownership::Accept& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(auto record, living_device(view, body.device));
  TRY(const auto member, speaking_member(said, named));
  if (record.offered_to != member) return refuse(not_offered, named);
  TRY(check_on(said, record, named));
  record.owner = member;
  record.offered_to.reset();
  ++record.transfers;
  changes.put(path::device(body.device), record);
  changes.append_to_list(path::list(member, list::Kind::devices), body.device);
  return Verdict::done();
}

Verdict apply(const ownership::Cancel& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(auto record, living_device(view, body.device));
  TRY(check_speaks(said, record.owner, named));
  if (!record.offered_to) return refuse(wrong_state, named);
  record.offered_to.reset();
  changes.put(path::device(body.device), record);
  return Verdict::done();
}

}  // namespace mikusari::ledger
