// SPDX-License-Identifier: Apache-2.0
#include "proof/passport.hpp"

#include "proof/passport_steps.hpp"
#include "statement/firmware.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"
#include "statement/names.hpp"
#include "statement/path.hpp"
#include "statement/role.hpp"

namespace mikusari::proof {
namespace {

constexpr auto not_its_own = "a record in the passport is not the thing's own";

std::uint64_t number_of(ByteView big_endian) {
  std::uint64_t out = 0;
  for (const std::byte byte : big_endian) out = out << 8U | std::to_integer<std::uint64_t>(byte);
  return out;
}

Result<void> own(bool is_own) {
  if (!is_own) return fail(Code::unauthenticated, not_its_own);
  return {};
}

Result<void> check_text(const std::optional<PassportText>& text, const Digest& leaf) {
  if (text && statement::body_leaf(text->salt, text->body) != leaf)
    return fail(Code::unauthenticated, "a text in the passport is not the one that the ledger names");
  return {};
}

Result<void> check_role(ByteView id, ByteView record) {
  TRY(const auto& role, cbor::decode<role::Record>(record));
  return own(equal(role.to, id.first(32)) && number_of(id.subspan(32, 8)) == static_cast<std::uint64_t>(role.role) &&
             equal(role.scope, id.last(32)));
}

Result<void> check_firmware(const PassportThing& thing, ByteView record) {
  TRY(const auto& firmware, cbor::decode<firmware::Record>(record));
  TRY(own(equal(firmware.model, thing.id.first(32)) && number_of(thing.id.last(8)) == firmware.sequence));
  return check_text(thing.text, firmware.text);
}

// That the record is the thing's, for those that say whose they are. Not inlined: records are large on a small stack.
[[gnu::noinline]] Result<void> check_record(const PassportThing& thing, ByteView record, const Digest& ledger) {
  switch (thing.type) {
    case ThingType::device: {
      TRY(cbor::decode<device::Record>(record));
      return {};
    }
    case ThingType::part: {
      TRY(cbor::decode<part::Record>(record));
      return {};
    }
    case ThingType::key: {
      TRY(const auto& key, cbor::decode<key::Record>(record));
      return own(equal(cose::thumbprint(key.key), thing.id));
    }
    case ThingType::model: {
      TRY(const auto& model, cbor::decode<model::Record>(record));
      return check_text(thing.text, model.text);
    }
    case ThingType::party: {
      TRY(const auto& party, cbor::decode<party::Record>(record));
      return own(!party.name || equal(names::member(ledger, *party.name), thing.id));
    }
    case ThingType::firmware: return check_firmware(thing, record);
    case ThingType::role: return check_role(thing.id, record);
  }
  return fail(Code::internal, "no such type of thing");
}

Result<void> check_thing(const PassportThing& thing, const VerifiedAnchor& anchor) {
  TRY(const Digest path, path_of(thing.type, thing.id));
  TRY(const auto& item, verify(thing.item, path, anchor));
  if (!item.value) return fail(Code::not_found, "a thing of the passport is not on the ledger");
  TRY(check_record(thing, *item.value, anchor.record.ledger));
  const bool lives = has_history(thing.type);
  if (lives != thing.run.has_value())
    return fail(Code::invalid, "the device and its parts, and nothing else, have events in a passport");
  if (thing.opening && !lives) return fail(Code::invalid, "only the device and its parts have a model to open");
  if (thing.text && thing.type != ThingType::model && thing.type != ThingType::firmware)
    return fail(Code::invalid, "only models and firmware have a text");
  return {};
}

Result<void> check_order(const std::optional<PassportThing>& before, const PassportThing& thing, const Id& device) {
  constexpr auto out_of_order = "the things of the passport are not in their order";
  if (!before) {
    if (thing.type == ThingType::device && equal(thing.id, device)) return {};
    return fail(Code::invalid, "the passport does not begin with its device");
  }
  if (thing.type == ThingType::device) return fail(Code::invalid, "the passport has a second device");
  if (thing.type < before->type) return fail(Code::invalid, out_of_order);
  if (thing.type == before->type && thing.type != ThingType::part && !less(before->id, thing.id)) {
    return fail(Code::invalid, out_of_order);
  }
  return {};
}

std::size_t id_bytes(ThingType type) { return type == ThingType::firmware ? 40 : type == ThingType::role ? 72 : 32; }

}  // namespace

Result<Digest> path_of(ThingType type, ByteView id) {
  if (id.size() != id_bytes(type)) return fail(Code::invalid, "the id is not one of this type of thing");
  switch (type) {
    case ThingType::device: return path::device(Id::copy(id));
    case ThingType::part: return path::part(Id::copy(id));
    case ThingType::key: return path::key(Digest::copy(id));
    case ThingType::model: return path::model(Id::copy(id));
    case ThingType::party: return path::party(Handle::copy(id));
    case ThingType::firmware: return path::firmware(Id::copy(id.first(32)), number_of(id.last(8)));
    case ThingType::role: {
      const std::uint64_t role = number_of(id.subspan(32, 8));
      if (role > 255) return fail(Code::invalid, "the id is not one of this type of thing");
      return path::role(Handle::copy(id.first(32)), static_cast<Role>(role), Id::copy(id.last(32)));
    }
  }
  return fail(Code::internal, "no such type of thing");
}

std::optional<FoundThing> find_thing(const Things& things, ThingType type, ByteView id) {
  std::size_t index = 0;
  for (const auto thing : things) {
    if (thing.type == type && equal(thing.id, id)) return FoundThing{index, thing};
    ++index;
  }
  return std::nullopt;
}

thing::Record common_record(const PassportThing& thing) {
  if (thing.type == ThingType::device) return *cbor::decode<device::Record>(*thing.item.value);
  return *cbor::decode<part::Record>(*thing.item.value);
}

Result<void> check_things(const PassportPage& page, const VerifiedAnchor& anchor) {
  if (page.things.empty()) return fail(Code::invalid, "the passport is empty");
  std::optional<PassportThing> before;
  for (const auto thing : page.things) {
    TRY(check_order(before, thing, page.device));
    TRY(check_thing(thing, anchor));
    before = thing;
  }
  return {};
}

Result<VerifiedPage> verify(const PassportPage& page, const Policy& policy) {
  VerifiedPage out;
  out.page = page;
  TRY(out.anchor, verify(page.anchor, policy));
  TRY(check_things(page, out.anchor));
  TRY(const bool all_parts, check_parts(page.things));
  TRY(const bool all_events, check_events(page));
  TRY(const auto& signatures, check_signatures(page, policy.ledger));
  TRY(out.unproved_models, check_context(page.things, signatures.signers));
  out.things = page.things.size();
  out.events = page.events.size();
  out.signatures = signatures.count;
  for (const auto event : page.events) out.withheld += event.withheld ? 1 : 0;
  out.complete = all_parts && all_events;
  return out;
}

Result<VerifiedPage> verify_passport(ByteView bytes, const Policy& policy) {
  if (bytes.size() > passport_bytes_max) return fail(Code::exhausted, "the passport is over 1 MiB");
  TRY(const auto& page, cbor::decode<PassportPage>(bytes));
  return verify(page, policy);
}

}  // namespace mikusari::proof
