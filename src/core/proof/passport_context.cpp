// SPDX-License-Identifier: Apache-2.0
#include "proof/passport_steps.hpp"
#include "statement/key.hpp"
#include "statement/model.hpp"
#include "statement/role.hpp"

namespace mikusari::proof {
namespace {

bool lists_key(const thing::Record& record, const Digest& kid) {
  for (const auto entry : record.keys) {
    if (entry.key == kid) return true;
  }
  return false;
}

// The model of a device or part, opened when it is blinded.
std::optional<Id> model_of(const PassportThing& thing) {
  const auto record = common_record(thing);
  if (!record.blinded_class) return record.model;
  return thing.opening ? std::optional(thing.opening->model) : std::nullopt;
}

bool record_names_party(const thing::Record& record, const Handle& party) {
  return record.maker == party || record.owner == party || record.custodian == party || record.offered_to == party ||
         record.shipped_to == party;
}

// Does this thing's record refer to a key, party, model or so of this id? REQUIRES: check_things() accepted it.
bool names_party(const PassportThing& thing, const Handle& party) {
  switch (thing.type) {
    case ThingType::device:
    case ThingType::part: return record_names_party(common_record(thing), party);
    case ThingType::key: return cbor::decode<key::Record>(*thing.item.value)->subject == subject_of_party(party);
    case ThingType::model: return cbor::decode<model::Record>(*thing.item.value)->vendor == party;
    case ThingType::role: {
      const auto role = cbor::decode<role::Record>(*thing.item.value);
      return role->from == party || role->to == party;
    }
    case ThingType::party: return cbor::decode<party::Record>(*thing.item.value)->registrar == party;
    case ThingType::firmware: return false;
  }
  return false;
}

bool refers_to(const PassportThing& thing, const PassportThing& wanted) {
  switch (wanted.type) {
    case ThingType::key: return has_history(thing.type) && lists_key(common_record(thing), Digest::copy(wanted.id));
    case ThingType::party: return names_party(thing, Handle::copy(wanted.id));
    case ThingType::model:
    case ThingType::firmware: return has_history(thing.type) && model_of(thing) == Id::copy(wanted.id.first(32));
    // Who signed here is granted something: the signers' keys are among the things.
    case ThingType::role: return thing.type == ThingType::key && names_party(thing, Handle::copy(wanted.id.first(32)));
    case ThingType::device:
    case ThingType::part: return false;
  }
  return false;
}

[[gnu::noinline]] bool is_referred_to(const Things& things, const PassportThing& wanted) {
  for (const auto thing : things) {
    if (refers_to(thing, wanted)) return true;
  }
  return false;
}

// The opening is the thing's. True when the model is of the thing's class and its maker's: who registers a thing may
// blind the id of anybody's model.
[[gnu::noinline]] Result<bool> check_opening(const PassportThing& thing, const model::Record& model) {
  const auto record = common_record(thing);
  if (!thing.opening) return true;
  if (record.model != names::blinded(thing.opening->salt, thing.opening->model))
    return fail(Code::unauthenticated, "the opening of a model is not the one that the ledger has recorded");
  return model.model_class == record.blinded_class && record.maker == model.vendor;
}

// True when the thing's model is proved, or the ledger has none.
[[gnu::noinline]] Result<bool> check_model(const Things& things, const PassportThing& thing) {
  const bool blinded = common_record(thing).blinded_class.has_value();
  if (thing.opening && !blinded) return fail(Code::invalid, "a thing has an opening of a model that is not blinded");
  const auto model = model_of(thing);
  if (!model) return !blinded;
  const auto found = find_thing(things, ThingType::model, *model);
  if (!found) return fail(Code::not_found, "the model of the device or of a part is missing from the passport");
  return check_opening(thing, *cbor::decode<model::Record>(*found->thing.item.value));
}

}  // namespace

Result<std::uint64_t> check_context(const Things& things, const ThingMarks& signers) {
  std::uint64_t unproved = 0;
  std::size_t index = 0;
  for (const auto thing : things) {
    if (has_history(thing.type)) {
      TRY(const bool proved, check_model(things, thing));
      unproved += proved ? 0 : 1;
    } else if (!signers.has(index) && !is_referred_to(things, thing)) {
      return fail(Code::invalid, "the passport has a key, model, party, firmware or role that nothing in it refers to");
    }
    ++index;
  }
  return unproved;
}

bool proves_model(const PassportPage& page, const PassportThing& thing) {
  const auto verdict = check_model(page.things, thing);
  ASSERT(verdict.has_value());
  return *verdict;
}

}  // namespace mikusari::proof
