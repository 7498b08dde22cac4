// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/device.hpp"

#include <algorithm>
#include <set>

#include "ledger/rules/mounts.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

Checked<> check_model(const device::Assemble& body, const Said& said, const View& view) {
  TRY(const auto model, model_at(view, body.model));
  const bool fits = body.type == device::UnitType::device
                        ? model.model_class == model::Class::device
                        : model.model_class == model::Class::board || model.model_class == model::Class::module;
  if (!fits || model.vendor != said.member() || model.state != model::State::active) {
    return refuse(wrong_model, platform::to_hex(body.model));
  }
  return {};
}

// What a new unit is made of.
struct Contents {
  std::vector<Id> children;
  Mounted sum;
};

Checked<Contents> mount_all(const device::Assemble& body, const Said& said, const View& view, Changes& changes) {
  Contents out;
  for (const auto entry : body.mounts) {
    TRY(const auto mounted, mount(said, view, changes, entry, body.unit, nullptr, Acceptance::known_only));
    out.children.push_back(entry.part);
    out.sum.disputed = out.sum.disputed || mounted.disputed;
    out.sum.disputes += mounted.disputes;
    out.sum.levels = std::max(out.sum.levels, mounted.levels);
    if (out.sum.levels > part::levels_max) return refuse(too_deep, part_named(entry.part));
  }
  return out;
}

void put_new_board(const device::Assemble& body, const Said& said, Changes& changes, const Contents& contents) {
  part::Record record;
  record.state = part::State::stock;
  record.model = body.model;
  record.maker = said.member();
  record.custodian = said.member();
  record.children = listed(contents.children);
  record.commitment = body.commitment;
  record.disputes = contents.sum.disputes;
  record.levels = contents.sum.levels;
  changes.put(path::part(body.unit), record);
}

void put_new_device(const device::Assemble& body, const Said& said, Changes& changes, const Contents& contents) {
  device::Record record;
  record.state = device::State::assembled;
  record.model = body.model;
  record.maker = said.member();
  record.owner = said.member();
  record.custodian = said.member();
  record.children = listed(contents.children);
  record.commitment = body.commitment;
  record.disputes = contents.sum.disputes;
  changes.put(path::device(body.unit), record);
  changes.append_to_list(path::list(said.member(), list::Kind::devices), body.unit);
}

Verdict verdict(bool disputed) { return disputed ? Verdict::disputed() : Verdict::done(); }

// Something that came from here is salvaged when it leaves: a board in the way is.
Leaving leaving_of(const Chain& chain) {
  for (const auto& board : chain.boards) {
    if (board.record.state == part::State::salvaged || board.record.grade == part::Grade::accepted)
      return Leaving::as_salvaged;
  }
  return Leaving::as_stock;
}

Checked<> check_may_dispute(const Said& said, const View& view, const part::Record& part, const Id& id) {
  TRY(const auto member, speaking_member(said, part_named(id)));
  const auto answers = answers_for(view, part);
  if (member == part.maker || member == answers) return {};
  return refuse(not_entitled, part_named(id), "its maker or " + member_named(answers));
}

// Keys of two different members with the role, neither of them the owner.
Checked<> check_witnesses(const Said& said, const View& view, std::string_view owner, const std::string& named) {
  std::set<std::string_view> members;
  for (const auto& approver : said.approvers) {
    if (approver.role != statement::ApprovalRole::witness || approver.member == owner) continue;
    TRY(const auto member, member_at(view, approver.member));
    if (member.roles.contains(Role::witness)) members.insert(approver.member);
  }
  if (members.size() < 2) return refuse(missing_approvals, named);
  return {};
}

void put_tombstone(const View& view, Changes& changes, const Id& id) {
  auto record = view.get<device::Record>(path::device(id));  // again: its parts have told it of their leaving
  ASSERT(record.has_value());
  record->state = device::State::destroyed;
  record->offered_to.reset();
  record->in_transit_to.reset();
  record->keys = {};
  record->children = {};
  record->disputes = 0;
  changes.put(path::device(id), *record);
}

}  // namespace

Verdict apply(const device::Assemble& body, const Said& said, const View& view, Changes& changes) {
  TRY(check_role(view, said, Role::maker));
  TRY(check_model(body, said, view));
  TRY(check_unused(view, body.unit));
  TRY(const auto contents, mount_all(body, said, view, changes));
  if (body.type == device::UnitType::device) {
    put_new_device(body, said, changes, contents);
  } else {
    put_new_board(body, said, changes, contents);
  }
  return verdict(contents.sum.disputed);
}

Verdict apply(const device::Attach& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto chain, chain_of(view, body.unit));
  TRY(check_may_change(said, chain));
  TRY(check_may_grow(view, chain));
  const auto acceptance = body.accept_unknown ? Acceptance::accept_unknown : Acceptance::known_only;
  TRY(const auto mounted, mount(said, view, changes, body.mount, body.unit, &chain, acceptance));
  TRY(add_child(view, changes, body.unit, body.mount.part, mounted));
  return verdict(mounted.disputed);
}

Verdict apply(const device::Detach& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto chain, chain_of(view, body.unit));
  TRY(check_may_change(said, chain));
  const auto part = view.get<part::Record>(path::part(body.part));
  if (!part || !chain.children().contains(body.part)) {
    return refuse(not_mounted_here, platform::to_hex(body.part), platform::to_hex(body.unit));
  }
  if (part->state != part::State::disputed && chain.device && chain.device->record.state == device::State::retired) {
    return refuse(retired_or_destroyed, device_named(chain.device->id));
  }
  const auto disputes = leave(view, changes, body.part, body.unit, said.member(), leaving_of(chain));
  remove_child(view, changes, body.unit, body.part, disputes);
  return Verdict::done();
}

Verdict apply(const device::Dispute& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto part, living_part(view, body.part));
  if (body.withdraw) {
    if (!part.disputed_by) return refuse(wrong_state, part_named(body.part));
    TRY(check_speaks(said, *part.disputed_by, part_named(body.part)));
    withdraw_dispute(view, changes, body.part);
    return Verdict::done();
  }
  if (part.state == part::State::disputed) return refuse(already_disputed, part_named(body.part));
  if (part.state != part::State::mounted) return refuse(wrong_state, part_named(body.part));
  TRY(check_may_dispute(said, view, part, body.part));
  open_dispute(view, changes, body.part, said.member());
  return Verdict::disputed();
}

Verdict apply(const device::Activate& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(auto record, living_device(view, body.device));
  if (!said.subject.is(SubjectType::device, body.device)) return refuse(not_entitled, named, "the device itself");
  if (record.state != device::State::assembled) return refuse(wrong_state, named);
  if (record.disputes != 0) return refuse(already_disputed, named);
  record.state = device::State::active;
  changes.put(path::device(body.device), record);
  return Verdict::done();
}

Verdict apply(const device::Retire& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(auto record, living_device(view, body.device));
  TRY(check_speaks(said, record.owner, named));
  TRY(check_on(said, record, named));
  for (const Digest thumbprint : record.keys) {
    revoke(view, changes, thumbprint, key::Reason::end_of_life, said.block.time_ms);
  }
  record.state = device::State::retired;
  record.offered_to.reset();
  record.keys = {};
  changes.put(path::device(body.device), record);
  return Verdict::done();
}

Verdict apply(const device::Destroy& body, const Said& said, const View& view, Changes& changes) {
  const auto named = device_named(body.device);
  TRY(const auto record, device_at(view, body.device));
  if (record.state == device::State::destroyed) return refuse(retired_or_destroyed, named);
  TRY(check_speaks(said, record.owner, named));
  TRY(check_on(said, record, named));
  if (record.state != device::State::retired) return refuse(wrong_state, named);
  TRY(check_witnesses(said, view, record.owner, named));
  for (const Id part : record.children) leave(view, changes, part, body.device, record.owner, Leaving::as_salvaged);
  put_tombstone(view, changes, body.device);
  return Verdict::done();
}

}  // namespace mikusari::ledger
