// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/common.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

std::string part_named(const Id& id) { return "part " + platform::to_hex(id); }
std::string device_named(const Id& id) { return "device " + platform::to_hex(id); }
std::string thing_named(thing::Type type, const Id& id) {
  return type == thing::Type::part ? part_named(id) : device_named(id);
}
std::string model_named(const Id& id) { return "model " + platform::to_hex(id); }
std::string key_named(const Digest& thumbprint) { return "key " + platform::to_hex(thumbprint); }
std::string party_named(const Handle& handle) { return "party " + platform::to_hex(handle); }

namespace {

template <class Record>
Checked<Record> record_at(const View& view, const Digest& path, std::string (*named)(const Digest&), const Digest& id) {
  const auto record = view.get<Record>(path);
  if (!record) return refuse(not_registered, named(id));
  return *record;
}

}  // namespace

Checked<party::Record> party_at(const View& view, const Handle& handle) {
  return record_at<party::Record>(view, path::party(handle), party_named, handle);
}
Checked<key::Record> key_at(const View& view, const Digest& thumbprint) {
  return record_at<key::Record>(view, path::key(thumbprint), key_named, thumbprint);
}
Checked<model::Record> model_at(const View& view, const Id& id) {
  return record_at<model::Record>(view, path::model(id), model_named, id);
}
Checked<part::Record> part_at(const View& view, const Id& id) {
  return record_at<part::Record>(view, path::part(id), part_named, id);
}
Checked<device::Record> device_at(const View& view, const Id& id) {
  return record_at<device::Record>(view, path::device(id), device_named, id);
}

Checked<> check_unused(const View& view, const Id& id) {
  if (view.exists(path::part(id))) return refuse(already_registered, part_named(id));
  if (view.exists(path::device(id))) return refuse(already_registered, device_named(id));
  return {};
}

Checked<party::Record> acting_party(const View& view, const Handle& handle) {
  TRY(auto record, party_at(view, handle));
  if (!record.acts()) return refuse(suspended, party_named(handle));
  return record;
}

Checked<Handle> speaking_party(const Said& said, const std::string& about) {
  const auto party = said.party();
  if (!party) return refuse(not_entitled, about, "a party");
  return *party;
}

Checked<> check_owner(const Said& said, const Handle& owner, const std::string& about) {
  if (!said.is_party(owner)) return refuse(not_owned, about, party_named(owner));
  return {};
}

Checked<Handle> check_role(const View& view, const Said& said, Role role) {
  TRY(const Handle handle, speaking_party(said, std::string(cbor::name_of(role))));
  TRY(const auto record, party_at(view, handle));
  if (!record.roles.contains(role)) return refuse(missing_role, party_named(handle), std::string(cbor::name_of(role)));
  return handle;
}

bool holds_grant(const View& view, const BlockContext& block, const Handle& to, Role role, const Id& scope,
                 std::uint64_t tenure) {
  const auto grant = view.get<role::Record>(path::role(to, role, scope));
  if (!grant || !grant->holds_at(block.time_ms) || (grant->tenure && *grant->tenure != tenure)) return false;
  const auto from = view.get<party::Record>(path::party(grant->from));
  return from && from->state != party::State::closed && from->state != party::State::expelled;
}

Checked<> check_on(std::uint64_t on, std::uint64_t title, const std::string& about) {
  if (on != title) return refuse(stale, about);
  return {};
}

std::uint64_t after(std::uint64_t time_ms, std::uint64_t wait_ms) {
  return wait_ms > ~std::uint64_t{0} - time_ms ? ~std::uint64_t{0} : time_ms + wait_ms;
}

LedgerRecord ledger_record(const View& view) { return view.known<LedgerRecord>(path::ledger()); }

Parameters parameters(const View& view) { return ledger_record(view).parameters; }

Handle registrar_of(const Handle& handle, const party::Record& record) { return record.registrar.value_or(handle); }

}  // namespace mikusari::ledger
