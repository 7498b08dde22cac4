// SPDX-License-Identifier: Apache-2.0
// The records of parties, devices and parts as C structures.
#include "client/c_convert.hpp"

namespace mikusari::client {

static_assert(MIKUSARI_PARTY_KEYS_MAX == limits::keys_of_party_max &&
              MIKUSARI_THING_KEYS_MAX == limits::keys_of_thing_max);
static_assert(MIKUSARI_PARTY_EXPELLED == static_cast<int>(party::State::expelled));
static_assert(MIKUSARI_CLASS_DEVICE == static_cast<int>(thing::Class::device));
static_assert(MIKUSARI_DEVICE_DESTROYED == static_cast<int>(device::State::destroyed));
static_assert(MIKUSARI_PART_SCRAPPED == static_cast<int>(part::State::scrapped));
static_assert(MIKUSARI_GRADE_CLAIMED == static_cast<int>(part::Grade::claimed));
static_assert(MIKUSARI_PURPOSE_RECOVERY == static_cast<int>(key::Purpose::recovery));

namespace {

enum class Stands : std::uint8_t { alone, mounted };

// A mounted thing's owner and custodian are its root's, which is another record.
void fill_owner(const thing::Record& record, mikusari_common& out) {
  out.has_owner = record.owner.has_value() || record.maker.has_value();
  copy(record.owned_by(), out.owner);
  copy(record.held_by(), out.custodian);
}

void fill_common(const thing::Record& record, Stands stands, mikusari_common& out) {
  out.has_model = copy_any(record.model, out.model);
  if (record.blinded_class) out.blinded_class = static_cast<mikusari_class>(*record.blinded_class);
  out.has_maker = copy_any(record.maker, out.maker);
  if (stands == Stands::alone) fill_owner(record, out);
  out.offered = copy_any(record.offered_to, out.offered_to);
  out.offer_from_ms = record.offer_from_ms;
  out.shipped = copy_any(record.shipped_to, out.shipped_to);
  out.shipped_with_title = record.shipped_with_title;
  out.title = record.title;
  out.tenure = record.tenure;
  out.alarms = record.alarms;
  out.events = record.history.count;
  for (const auto entry : record.keys) fill(entry, out.keys[out.key_count++]);
  out.part_count = record.children.size();
}

}  // namespace

void fill(const key::Entry& entry, mikusari_listed_key& out) {
  copy(entry.key, out.key);
  out.purpose = static_cast<mikusari_purpose>(entry.purpose);
  out.frozen = entry.frozen;
  out.birth = entry.birth;
  out.from_ms = entry.from_ms;
  out.until_ms = entry.until_ms;
  out.has_root = copy_any(entry.root, out.root);
  out.root_tenure = entry.root_tenure;
}

Result<void> fill(ByteView bytes, mikusari_device& out) {
  TRY(const auto& record, cbor::decode<device::Record>(bytes));
  out.state = static_cast<mikusari_device_state>(record.state);
  fill_common(record, Stands::alone, out.common);
  out.record = bytes_of(bytes);
  return {};
}

Result<void> fill(ByteView bytes, mikusari_part& out) {
  TRY(const auto& record, cbor::decode<part::Record>(bytes));
  out.state = static_cast<mikusari_part_state>(record.state);
  out.grade = record.grade ? static_cast<mikusari_grade>(*record.grade) : MIKUSARI_GRADE_NONE;
  fill_common(record, record.state == part::State::mounted ? Stands::mounted : Stands::alone, out.common);
  out.has_parent = copy_any(record.parent, out.parent);
  out.accepted = record.accepted;
  out.salvaged = record.salvaged;
  out.revoked = record.revoked;
  out.record = bytes_of(bytes);
  return {};
}

Result<void> fill(ByteView bytes, mikusari_party& out) {
  TRY(const auto& record, cbor::decode<party::Record>(bytes));
  out.state = static_cast<mikusari_party_state>(record.state);
  out.is_member = !copy_any(record.registrar, out.registrar);
  if (record.name) out.name = text_of(*record.name);
  out.weight = record.weight;
  for (const auto role : record.roles) out.roles |= std::uint32_t{1} << static_cast<unsigned>(role);
  for (const auto entry : record.keys) fill(entry, out.keys[out.key_count++]);
  out.alarms = record.alarms;
  out.record = bytes_of(bytes);
  return {};
}

}  // namespace mikusari::client
