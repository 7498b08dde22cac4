// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/mounts.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

part::Record record_of(const View& view, const Id& id) {
  const auto record = view.get<part::Record>(path::part(id));
  ASSERT(record.has_value());
  return *record;
}

std::uint64_t sum(std::uint64_t a, std::int64_t difference) {
  const auto out = a + static_cast<std::uint64_t>(difference);
  ASSERT(difference < 0 ? out < a : out >= a);
  return out;
}

// The disputes in a unit change, and so in all units above it.
void change_disputes(const View& view, Changes& changes, const Id& unit, std::int64_t difference) {
  if (difference == 0) return;
  const auto chain = chain_of(view, unit);
  ASSERT(chain.has_value());
  for (auto [id, record] : chain->boards) {
    record.disputes = sum(record.disputes, difference);
    changes.put(path::part(id), record);
  }
  if (!chain->device) return;
  auto record = chain->device->record;
  record.disputes = sum(record.disputes, difference);
  changes.put(path::device(chain->device->id), record);
}

// Known parts, and a new record for one that the owner accepts as unknown.
Checked<part::Record> candidate(const View& view, const Id& id, Acceptance acceptance) {
  if (view.exists(path::part(id))) return living_part(view, id);
  if (acceptance == Acceptance::known_only) return refuse(not_registered, part_named(id));
  TRY(check_unused(view, id));
  part::Record out;
  out.state = part::State::salvaged;
  return out;
}

bool claimed_by(const part::Record& part, const Id& unit) { return part.parent == unit || part.claims.contains(unit); }

// The part's key has signed for exactly this mount; true when there is a key that can. Others bring no signature.
Checked<bool> check_proof(const Said& said, const std::optional<key::Record>& key, const device::Mount& mount,
                          const Id& unit) {
  const auto bad = [&] { return refuse(bad_mount_proof, platform::to_hex(mount.part)); };
  if (key.has_value() != mount.proof.has_value()) return bad();
  if (!key) return false;
  std::byte buffer[statement::small_message_bytes_max];
  const auto message =
      statement::mount_bytes(key->key, said.block.ledger, said.signer, unit, mount.part, said.n, buffer);
  ASSERT(message.has_value());
  if (!said.signatures.verify(key->key, *message, *mount.proof)) return bad();
  return true;
}

// Why a part may be mounted only if the owner accepts it as it is; `none` when it needs no acceptance.
statement::Refusal needs_acceptance(const part::Record& part, bool has_speaking_key) {
  if (part.state == part::State::salvaged || part.grade == part::Grade::accepted || !part.model) return wrong_state;
  if (part.state == part::State::disputed && !part.parent) return already_disputed;
  if (part.key && !has_speaking_key) return key_not_active;
  return none;
}

// A part that is mounted nowhere comes to stand in the unit.
Checked<Mounted> place(const Said& said, Changes& changes, part::Record part, const Id& id, const Id& unit,
                       part::Grade grade) {
  if (part.custodian != said.member()) return refuse(not_in_custody, part_named(id), member_named(part.custodian));
  const bool disputed = part.state == part::State::disputed;
  const std::vector<Id> claims(disputed ? 1 : 0, unit);
  part.state = disputed ? part::State::disputed : part::State::mounted;
  part.parent = unit;
  part.claims = listed(claims);
  part.grade = grade;
  changes.put(path::part(id), part);
  return Mounted{disputed, part.disputes + (disputed ? 1 : 0), part.levels + 1};
}

// A part that stands elsewhere is claimed by this unit too.
Checked<Mounted> claim(const Said& said, const View& view, Changes& changes, part::Record part, const Id& id,
                       const Id& unit, part::Grade grade) {
  const auto chain = chain_of(view, *part.parent);
  // It stands in a board that the same statement mounts in a new unit: one statement does not contradict itself.
  if (!chain) return refuse(wrong_state, part_named(id));
  const auto answers = chain->answers();
  if (grade != part::Grade::proven && answers != said.member())
    return refuse(not_in_custody, part_named(id), member_named(answers));
  auto claims = values_of(part.claims);
  const bool first = claims.empty();
  if (first) claims.push_back(*part.parent);
  if (claims.size() == limits::claims_max) return refuse(too_many_claims, platform::to_hex(id));
  claims.push_back(unit);
  part.state = part::State::disputed;
  part.claims = listed(claims);
  changes.put(path::part(id), part);
  if (first) change_disputes(view, changes, *part.parent, 1);
  return Mounted{true, 1, part.levels + 1};
}

}  // namespace

Checked<Mounted> mount(const Said& said, const View& view, Changes& changes, const device::Mount& mount, const Id& unit,
                       const Chain* above, Acceptance acceptance) {
  const bool known = view.exists(path::part(mount.part));
  TRY(auto part, candidate(view, mount.part, acceptance));
  if (!known) part.custodian = said.member();
  if (claimed_by(part, unit) || mount.part == unit || (above != nullptr && above->holds(mount.part))) {
    return refuse(wrong_state, part_named(mount.part));
  }
  if (part.in_transit_to) return refuse(in_transit, part_named(mount.part));
  const auto key = speaking_key(view, part, said.block.time_ms);
  const auto reason = needs_acceptance(part, key.has_value());
  if (reason != none && acceptance == Acceptance::known_only) {
    return refuse(reason, reason == key_not_active ? platform::to_hex(*part.key) : part_named(mount.part));
  }
  TRY(const bool proven, check_proof(said, key, mount, unit));
  const auto grade = reason != none ? part::Grade::accepted : proven ? part::Grade::proven : part::Grade::claimed;
  if (!part.parent) return place(said, changes, part, mount.part, unit, grade);
  return claim(said, view, changes, part, mount.part, unit, proven ? part::Grade::proven : grade);
}

Checked<> add_child(const View& view, Changes& changes, const Id& unit, const Id& part, const Mounted& mounted) {
  TRY(auto chain, chain_of(view, unit));
  if (chain.children().size() == limits::mounts_max) {
    return refuse(too_many_mounts, chain.boards.empty() ? device_named(unit) : part_named(unit));
  }
  const auto children = with(chain.children(), part);
  std::uint64_t levels = mounted.levels;
  for (auto& [id, record] : chain.boards) {
    if (id == unit) record.children = listed(children);
    record.disputes += mounted.disputes;
    record.levels = std::max(record.levels, levels);
    if (record.levels > part::levels_max) return refuse(too_deep, part_named(part));
    levels = record.levels + 1;
    changes.put(path::part(id), record);
  }
  if (!chain.device) return {};
  auto& record = chain.device->record;
  if (levels > part::levels_max) return refuse(too_deep, part_named(part));
  if (chain.boards.empty()) record.children = listed(children);
  record.disputes += mounted.disputes;
  changes.put(path::device(chain.device->id), record);
  return {};
}

std::uint64_t leave(const View& view, Changes& changes, const Id& id, const Id& unit, std::string_view holder,
                    Leaving leaving) {
  auto part = record_of(view, id);
  ASSERT(claimed_by(part, unit));
  const bool was_parent = part.parent == unit;
  const std::uint64_t inner = was_parent ? part.disputes : 0;
  const bool salvaged = leaving == Leaving::as_salvaged || part.grade == part::Grade::accepted;
  if (part.state == part::State::mounted) {
    part.state = salvaged ? part::State::salvaged : part::State::stock;
    part.parent.reset();
    part.grade.reset();
    part.custodian = holder;
    changes.put(path::part(id), part);
    return inner;
  }
  const auto claims = without(part.claims, unit);
  part.claims = listed(claims);
  if (claims.empty()) {  // it stays disputed by a member, and remembers in its grade that it is salvaged
    part.parent.reset();
    part.grade = salvaged ? std::optional(part::Grade::accepted) : std::nullopt;
    part.custodian = holder;
    changes.put(path::part(id), part);
    return 1 + inner;
  }
  part.parent = claims.front();
  part.custodian = answers_for(view, part);
  const bool settled = claims.size() == 1 && !part.disputed_by;
  if (settled) {
    part.state = part::State::mounted;
    part.claims = {};
  }
  changes.put(path::part(id), part);
  change_disputes(view, changes, claims.front(), static_cast<std::int64_t>(inner) - (settled ? 1 : 0));
  return 1 + inner;
}

void remove_child(const View& view, Changes& changes, const Id& unit, const Id& part, std::uint64_t disputes) {
  auto chain = chain_of(view, unit);
  ASSERT(chain.has_value());
  const auto children = without(chain->children(), part);
  const auto lost = -static_cast<std::int64_t>(disputes);
  for (auto& [id, record] : chain->boards) {
    if (id == unit) record.children = listed(children);
    record.disputes = sum(record.disputes, lost);
    changes.put(path::part(id), record);
  }
  if (!chain->device) return;
  auto& record = chain->device->record;
  if (chain->boards.empty()) record.children = listed(children);
  record.disputes = sum(record.disputes, lost);
  changes.put(path::device(chain->device->id), record);
}

void open_dispute(const View& view, Changes& changes, const Id& id, std::string_view member) {
  auto part = record_of(view, id);
  ASSERT(part.state == part::State::mounted);
  const std::vector<Id> claims{*part.parent};
  part.state = part::State::disputed;
  part.claims = listed(claims);
  part.disputed_by = member;
  changes.put(path::part(id), part);
  change_disputes(view, changes, *part.parent, 1);
}

void withdraw_dispute(const View& view, Changes& changes, const Id& id) {
  auto part = record_of(view, id);
  ASSERT(part.state == part::State::disputed && part.disputed_by);
  part.disputed_by.reset();
  const std::size_t claims = part.claims.size();
  if (claims == 0) {
    part.state = part.grade == part::Grade::accepted ? part::State::salvaged : part::State::stock;
    part.grade.reset();
  } else if (claims == 1) {
    part.state = part::State::mounted;
    part.claims = {};
  }
  changes.put(path::part(id), part);
  if (claims == 1) change_disputes(view, changes, *part.parent, -1);
}

}  // namespace mikusari::ledger
