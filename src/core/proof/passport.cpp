// SPDX-License-Identifier: Apache-2.0
#include "proof/passport.hpp"

#include "proof/passport_steps.hpp"
#include "statement/firmware.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"
#include "statement/path.hpp"

namespace mikusari::proof {
namespace {

constexpr auto not_its_own = "a record in the passport is not the thing's own";

Result<void> own(bool is_own) {
  if (!is_own) return fail(Code::unauthenticated, not_its_own);
  return {};
}

// That the record is the thing's, for those that say whose they are.
Result<void> check_record(ThingType type, ByteView id, ByteView record) {
  switch (type) {
    case ThingType::device: {
      TRY(cbor::decode<device::Record>(record));
      return {};
    }
    case ThingType::part: {
      TRY(cbor::decode<part::Record>(record));
      return {};
    }
    case ThingType::key: {
      TRY(const auto key, cbor::decode<key::Record>(record));
      return own(equal(cose::thumbprint(key.key), id));
    }
    case ThingType::model: {
      TRY(const auto model, cbor::decode<model::Record>(record));
      return own(equal(model::model_id(model.vendor, model.name), id));
    }
    case ThingType::member: {
      TRY(const auto member, cbor::decode<member::Record>(record));
      return own(member.name == as_text(id));
    }
    case ThingType::firmware: {
      TRY(const auto firmware, cbor::decode<firmware::Record>(record));
      return own(equal(firmware.model, id.first(Id::size())) && equal(firmware.image, id.last(Digest::size())));
    }
  }
  return fail(Code::internal, "no such type of thing");
}

Result<void> check_thing(const PassportThing& thing, const VerifiedAnchor& anchor) {
  TRY(const Digest path, path_of(thing.type, thing.id));
  TRY(const auto item, verify(thing.item, path, anchor));
  if (!item.value) return fail(Code::not_found, "a thing of the passport is not on the ledger");
  TRY(check_record(thing.type, thing.id, *item.value));
  const bool has_history = thing.type == ThingType::device || thing.type == ThingType::part;
  if (!has_history) {
    if (!thing.events.empty()) return fail(Code::invalid, "only the device and its parts have events in a passport");
    return {};
  }
  TRY(const Head head, read_head(*item.value));
  if (head.seq != thing.events.size()) {
    return fail(Code::not_found, "the passport does not have as many events of a thing as the ledger");
  }
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

}  // namespace

Result<Digest> path_of(ThingType type, ByteView id) {
  const std::size_t size = type == ThingType::firmware ? 64 : 32;
  if (type == ThingType::member ? !is_name(as_text(id)) : id.size() != size) {
    return fail(Code::invalid, "the id is not one of this type of thing");
  }
  switch (type) {
    case ThingType::device: return path::device(Id::copy(id));
    case ThingType::part: return path::part(Id::copy(id));
    case ThingType::key: return path::key(Digest::copy(id));
    case ThingType::model: return path::model(Id::copy(id));
    case ThingType::member: return path::member(as_text(id));
    case ThingType::firmware: return path::firmware(Id::copy(id.first(32)), Digest::copy(id.last(32)));
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

Result<void> check_things(const Passport& passport, const VerifiedAnchor& anchor) {
  if (passport.things.empty()) return fail(Code::invalid, "the passport is empty");
  std::optional<PassportThing> before;
  for (const auto thing : passport.things) {
    TRY(check_order(before, thing, passport.device));
    TRY(check_thing(thing, anchor));
    before = thing;
  }
  return {};
}

Result<VerifiedPassport> verify(const Passport& passport, const Policy& policy) {
  if (passport.version != 1) return fail(Code::invalid, "this passport is of a version that is not known here");
  TRY(const auto anchor, verify(passport.anchor, policy));
  TRY(check_things(passport, anchor));
  TRY(check_parts(passport.things));
  TRY(check_events(passport));
  TRY(const auto signers, check_signatures(passport, policy.ledger));
  TRY(check_context(passport.things, signers));
  return VerifiedPassport{passport, anchor, passport.things.size(), passport.events.size(), passport.statements.size()};
}

Result<VerifiedPassport> verify_passport(ByteView bytes, const Policy& policy) {
  if (bytes.size() > passport_bytes_max) return fail(Code::exhausted, "the passport is over 1 MiB");
  TRY(const auto passport, cbor::decode<Passport>(bytes));
  return verify(passport, policy);
}

}  // namespace mikusari::proof
