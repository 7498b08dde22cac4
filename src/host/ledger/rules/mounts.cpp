// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/mounts.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

enum class Proof : std::uint8_t { none, holds };

// The part's key has signed for exactly this mount, when there is a key that can. Others bring no signature.
Checked<Proof> check_proof(const Said& said, const std::optional<key::Record>& key, const device::Mount& mount,
                           const Id& unit) {
  const auto bad = [&] { return refuse(bad_mount_proof, platform::to_hex(mount.part)); };
  if (key.has_value() != mount.proof.has_value()) return bad();
  if (!key) return Proof::none;
  std::byte buffer[statement::small_message_bytes_max];
  const auto message =
      statement::mount_bytes(key->key, said.block.ledger, said.signer, unit, mount.part, said.n, buffer);
  ASSERT(message.has_value());
  if (!said.signatures.verify(key->key, *message, *mount.proof)) return bad();
  return Proof::holds;
}

// Whether the part stands in this unit, at any depth. The unit may be one that this very body makes, which the state
// does not have yet.
bool stands_in(const View& view, const Thing& part, const Id& unit) {
  for (std::optional<Id> up = part.part()->parent; up;) {
    if (*up == unit) return true;
    const auto above = view.get<part::Record>(path::part(*up));
    up = above ? above->parent : std::nullopt;
  }
  return false;
}

// A part that stands elsewhere: evidence when its own key or its maker says it is here too, nothing otherwise.
Checked<Mounted> report(const Said& said, const View& view, Changes& changes, const Thing& part,
                        const device::Mount& mount, const Id& unit, const Chain* above) {
  const auto refused = [&] { return refuse(mounted_elsewhere, part.named(), platform::to_hex(*part.part()->parent)); };
  if (stands_in(view, part, unit)) return refused();
  const auto chain = chain_from(view, part);
  if (above != nullptr && above->root().id == chain.root().id) return refused();
  bool evidence = part.common().maker && said.is_party(*part.common().maker);
  if (mount.proof) {
    TRY(const auto proof, check_proof(said, speaking_wallet(view, said.block, part), mount, unit));
    evidence = evidence || proof == Proof::holds;
  }
  if (!evidence) return refused();
  TRY(raise_alarm(view, changes, said.block, subject_of_part(part.id)));
  const auto& root = chain.root();
  TRY(raise_alarm(view, changes, said.block,
                  root.device() != nullptr ? subject_of_device(root.id) : subject_of_part(root.id)));
  if (above != nullptr) {
    const auto& ours = above->root();
    TRY(raise_alarm(view, changes, said.block,
                    ours.device() != nullptr ? subject_of_device(ours.id) : subject_of_part(ours.id)));
  }
  return Mounted{true, 0, root.named()};
}

bool is_tainted(const part::Record& part) {
  return part.salvaged.value || part.accepted.value || part.revoked.value || !part.model;
}

Checked<> check_free_and_ours(const Said& said, const Thing& part) {
  TRY(check_owner(said, part.common().owned_by(), part.named()));
  if (!said.is_party(part.common().held_by()))
    return refuse(not_in_custody, part.named(), party_named(part.common().held_by()));
  if (part.common().is_offered()) return refuse(being_handed_over, part.named());
  return {};
}

void place(Changes& changes, Thing part, const Id& unit, Proof proof, bool accepted) {
  auto& record = *part.part();
  record.state = part::State::mounted;
  record.parent = unit;
  record.grade = proof == Proof::holds ? part::Grade::proven : part::Grade::claimed;
  if (accepted) record.accepted = true;
  record.owner.reset();
  record.custodian.reset();
  record.shipped_to.reset();
  part.put(changes);
}

}  // namespace

Checked<Mounted> mount(const Said& said, const View& view, Changes& changes, const device::Mount& mount, const Id& unit,
                       const Chain* above, Acceptance acceptance) {
  TRY(const auto part, living_thing(view, thing::Type::part, mount.part));
  if (mount.part == unit || (above != nullptr && above->holds(mount.part))) return refuse(wrong_state, part.named());
  if (part.is_mounted()) return report(said, view, changes, part, mount, unit, above);
  TRY(check_free_and_ours(said, part));
  const bool accepts = is_tainted(*part.part());
  if (accepts && acceptance == Acceptance::as_new) return refuse(needs_acceptance, part.named());
  TRY(const auto proof, check_proof(said, speaking_wallet(view, said.block, part), mount, unit));
  TRY(count_ownership(view, changes, part, part.common().owned_by(), std::nullopt));
  place(changes, part, unit, proof, accepts);
  return Mounted{false, part.part()->levels.value + 1, {}};
}

Checked<> add_child(Changes& changes, const Chain& chain, const Id& part, std::uint64_t levels) {
  auto unit = chain.unit();
  if (unit.common().children.size() == limits::mounts_max) return refuse(too_many_mounts, unit.named());
  if (levels + chain.units.size() - 1 > thing::levels_max) return refuse(too_deep, part_named(part));
  const auto children = with(unit.common().children, part);
  unit.common().children = listed(children);
  if (unit.part() != nullptr) unit.part()->levels = std::max(unit.part()->levels.value, levels);
  unit.put(changes);
  for (std::size_t i = 1; i < chain.units.size(); ++i) {
    auto above = chain.units[i];
    if (above.part() == nullptr || above.part()->levels.value >= levels + i) break;
    above.part()->levels = levels + i;
    above.put(changes, statement::Gains::nothing);
  }
  return {};
}

void remove_child(const View& view, Changes& changes, const Id& unit, const Id& part) {
  const auto chain = chain_of(view, unit);
  ASSERT(chain.has_value());
  auto thing = chain->unit();
  const auto children = without(thing.common().children, part);
  thing.common().children = listed(children);
  thing.put(changes);
}

Checked<> leave(const View& view, Changes& changes, const Id& id, const Handle& owner, const thing::Keep& keep,
                Leaving leaving) {
  TRY(auto part, thing_at(view, thing::Type::part, id));
  auto& record = *part.part();
  ASSERT(record.state == part::State::mounted);
  record.state = part::State::stock;
  record.parent.reset();
  record.grade.reset();
  if (leaving == Leaving::as_salvaged) record.salvaged = true;
  TRY(change_owner(changes, part, owner, owner, keep));
  return count_ownership(view, changes, part, std::nullopt, owner);
}

Leaving leaving_of(const Chain& chain) {
  const bool tainted = std::ranges::any_of(chain.units, [](const Thing& unit) {
    return unit.part() != nullptr && (unit.part()->salvaged.value || unit.part()->accepted.value);
  });
  return tainted ? Leaving::as_salvaged : Leaving::as_it_is;
}

}  // namespace mikusari::ledger
