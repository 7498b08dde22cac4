// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/common.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

std::string_view name_of(Role role) { return cbor::name_of(role); }

}  // namespace

std::string part_named(const Id& id) { return "part " + platform::to_hex(id); }
std::string device_named(const Id& id) { return "device " + platform::to_hex(id); }
std::string model_named(const Id& id) { return "model " + platform::to_hex(id); }
std::string key_named(const Digest& thumbprint) { return "key " + platform::to_hex(thumbprint); }
// What is no name stays out: it may be long, and whatever its sender likes.
std::string member_named(std::string_view name) { return is_name(name) ? "member " + std::string(name) : "no member"; }

Checked<member::Record> member_at(const View& view, std::string_view name) {
  const auto record = view.get<member::Record>(path::member(name));
  if (!record) return refuse(not_registered, member_named(name));
  return *record;
}

Checked<key::Record> key_at(const View& view, const Digest& thumbprint) {
  const auto record = view.get<key::Record>(path::key(thumbprint));
  if (!record) return refuse(not_registered, key_named(thumbprint));
  return *record;
}

Checked<model::Record> model_at(const View& view, const Id& id) {
  const auto record = view.get<model::Record>(path::model(id));
  if (!record) return refuse(not_registered, model_named(id));
  return *record;
}

Checked<part::Record> part_at(const View& view, const Id& id) {
  const auto record = view.get<part::Record>(path::part(id));
  if (!record) return refuse(not_registered, part_named(id));
  return *record;
}

Checked<device::Record> device_at(const View& view, const Id& id) {
  const auto record = view.get<device::Record>(path::device(id));
  if (!record) return refuse(not_registered, device_named(id));
  return *record;
}

Checked<part::Record> living_part(const View& view, const Id& id) {
  TRY(auto record, part_at(view, id));
  if (record.state == part::State::scrapped) return refuse(retired_or_destroyed, part_named(id));
  return record;
}

Checked<device::Record> living_device(const View& view, const Id& id) {
  TRY(auto record, device_at(view, id));
  if (record.state == device::State::retired || record.state == device::State::destroyed) {
    return refuse(retired_or_destroyed, device_named(id));
  }
  return record;
}

Checked<> check_unused(const View& view, const Id& id) {
  if (view.exists(path::part(id))) return refuse(already_registered, part_named(id));
  if (view.exists(path::device(id))) return refuse(already_registered, device_named(id));
  return {};
}

Checked<member::Record> active_member(const View& view, std::string_view name) {
  TRY(auto record, member_at(view, name));
  if (record.state != member::State::active) return refuse(wrong_state, member_named(name));
  return record;
}

Checked<std::string_view> speaking_member(const Said& said, const std::string& about) {
  if (said.subject.type != SubjectType::member) return refuse(not_entitled, about, "a member");
  return said.member();
}

Checked<> check_speaks(const Said& said, std::string_view wanted, const std::string& about) {
  if (said.subject.type != SubjectType::member || said.member() != wanted) {
    return refuse(not_entitled, about, member_named(wanted));
  }
  return {};
}

Checked<> check_role(const View& view, const Said& said, Role role) {
  TRY(const auto name, speaking_member(said, std::string(name_of(role))));
  TRY(const auto record, member_at(view, name));
  if (!record.roles.contains(role)) return refuse(missing_role, std::string(name), std::string(name_of(role)));
  return {};
}

Checked<> check_on(const Said& said, const Head& head, const std::string& about) {
  if (said.on != head.seq) return refuse(stale, about);
  return {};
}

Parameters parameters(const View& view) {
  const auto record = view.get<Parameters>(path::parameters());
  ASSERT(record.has_value());
  return *record;
}

}  // namespace mikusari::ledger
