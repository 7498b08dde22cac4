// SPDX-License-Identifier: Apache-2.0
// What a page of a passport holds beside what it must: the part of PassportBuilder that looks for it.
#include "replica/passport_builder.hpp"
#include "statement/firmware.hpp"
#include "statement/kinds.hpp"
#include "statement/model.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

// Where and with what a body says that it was done.
std::optional<thing::At> at_of(std::uint16_t kind, ByteView bytes) {
  std::optional<thing::At> out;
  statement::for_each_kind([&]<class Body>() {
    if constexpr (requires(const Body& body) { body.at; }) {
      if (Body::kind.number != kind) return;
      if (const auto body = cbor::decode<Body>(bytes)) out = body->at;
    }
  });
  return out;
}

void append_number(Buffer& to, std::uint64_t number) {
  for (unsigned shift = 64; shift > 0; shift -= 8) to.push_back(static_cast<std::byte>(number >> (shift - 8)));
}

Buffer role_id(const Handle& to, const Id& scope) {
  Buffer out = platform::copy(to);
  append_number(out, static_cast<std::uint64_t>(Role::premises));
  platform::append(out, scope);
  return out;
}

Buffer firmware_id(ByteView model, std::uint64_t sequence) {
  Buffer out = platform::copy(model);
  append_number(out, sequence);
  return out;
}

}  // namespace

void PassportBuilder::name_keys(Type of, Names& names) const {
  for (const auto& [name, shown] : shown_) {
    if (name.type != of) continue;
    const auto record = common_record(name.type, *shown.item.value);
    if (!record) continue;
    for (const auto entry : record->keys) names.push_back(name_of(Type::key, entry.key));
  }
}

// The parties that records of one type name.
void PassportBuilder::name_parties(Type of, Names& names) const {
  const auto add = [&](const std::optional<Handle>& party) {
    if (party) names.push_back(name_of(Type::party, *party));
  };
  for (const auto& [name, shown] : shown_) {
    if (name.type != of) continue;
    const ByteView value = *shown.item.value;
    if (of == Type::device || of == Type::part) {
      const auto record = common_record(of, value);
      if (!record) continue;
      for (const auto& party :
           {record->maker, record->owner, record->custodian, record->offered_to, record->shipped_to})
        add(party);
    } else if (of == Type::key) {
      const auto record = cbor::decode<key::Record>(value);
      if (record && record->subject.type == SubjectType::party) add(record->subject.id);
    } else if (of == Type::model) {
      const auto record = cbor::decode<model::Record>(value);
      if (record) add(record->vendor);
    } else if (of == Type::party) {
      const auto record = cbor::decode<party::Record>(value);
      if (record) add(record->registrar);
    } else if (of == Type::role) {
      const auto record = cbor::decode<role::Record>(value);
      if (record) add(record->from);
    }
  }
}

// The certificates of the places and tools that events name, of those who signed them.
void PassportBuilder::name_roles(Names& names) const {
  for (const auto& event : events_) {
    if (event.withheld) continue;
    const auto& statement = statements_[event.statement];
    const auto& body = statement.bodies.body(static_cast<std::size_t>(event.place.body));
    const auto at = at_of(statement.stored.submission.statement.payload.kind, body.body);
    if (!at) continue;
    const auto signer = cbor::decode<key::Record>(*shown_.at(statement.keys.front()).item.value);
    if (!signer || signer->subject.type != SubjectType::party) continue;
    names.push_back(name_of(Type::role, role_id(signer->subject.id, at->place)));
    if (at->tool) names.push_back(name_of(Type::role, role_id(signer->subject.id, *at->tool)));
  }
}

void PassportBuilder::name_firmware(Names& names) const {
  for (const auto& [name, shown] : shown_) {
    if (name.type != Type::model) continue;
    const auto record = cbor::decode<model::Record>(*shown.item.value);
    if (!record) continue;
    for (const std::uint64_t sequence : {record->available.value, record->floor.value}) {
      if (sequence != 0) names.push_back(name_of(Type::firmware, firmware_id(name.id, sequence)));
    }
  }
}

Result<void> PassportBuilder::add_context(std::set<Digest>& shown, std::size_t bytes_max) {
  using Namer = void (*)(const PassportBuilder&, Names&);
  // What readers miss most comes first. Each looks at what those before it have put in.
  constexpr Namer namers[] = {
      [](const PassportBuilder& page, Names& names) { page.name_keys(Type::device, names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::device, names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::key, names); },
      [](const PassportBuilder& page, Names& names) { page.name_roles(names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::role, names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::model, names); },
      [](const PassportBuilder& page, Names& names) { page.name_firmware(names); },
      [](const PassportBuilder& page, Names& names) { page.name_keys(Type::part, names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::part, names); },
      [](const PassportBuilder& page, Names& names) { page.name_parties(Type::party, names); },
  };
  for (const auto namer : namers) {
    Names names;
    namer(*this, names);
    for (const auto& name : names) {
      TRY(const Digest key, proof::path_of(name.type, name.id));
      if (shown_.contains(name) || shown.contains(key)) continue;
      TRY(const auto row, reading_.row(key));
      if (!row) continue;
      TRY(const Fits fits, add({name}, 0, bytes_max));
      if (fits == Fits::yes) shown.insert(key);
    }
  }
  return {};
}

}  // namespace mikusari::replica
