// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/part.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

bool is_no_device(thing::Class model_class) { return model_class != thing::Class::device; }

NewKey first_key(const part::Register& body, const Id& id) {
  return {*body.key,
          key::Purpose::wallet,
          subject_of_part(id),
          *body.possession,
          body.level.value_or(key::Level::file),
          key::Activation::nothing,
          std::nullopt};
}

part::Record newborn(const part::Register& body, const Handle& maker) {
  part::Record record;
  record.state = part::State::stock;
  record.model = body.model;
  record.blinded_class = body.blinded_class;
  record.maker = maker;
  record.title = 1;
  record.commitment = body.commitment;
  return record;
}

}  // namespace

Checked<> check_model(const View& view, const Handle& maker, const Id& model,
                      const std::optional<thing::Class>& blinded_class, bool (*fits)(thing::Class)) {
  const auto wrong = [&] { return refuse(wrong_model, platform::to_hex(model)); };
  if (blinded_class) {
    if (!fits(*blinded_class)) return wrong();
    return {};
  }
  TRY(const auto record, model_at(view, model));
  if (record.vendor != maker || record.state != model::State::active || !fits(record.model_class)) return wrong();
  return {};
}

Ruling apply(const part::Register& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle maker, check_role(view, said, Role::maker));
  TRY(check_model(view, maker, body.model, body.blinded_class, is_no_device));
  const Id id = names::id(maker, body.nonce);
  TRY(check_unused(view, id));
  if (body.key.has_value() != body.possession.has_value() || (body.level && !body.key)) return refuse(malformed_body);
  auto record = newborn(body, maker);
  const auto put = [&]() -> Checked<> {
    changes.put(path::part(id), record);
    return count_ownership(view, changes, Thing{id, record}, std::nullopt, maker);
  };
  if (!body.key) {
    TRY(put());
    return Ruling::done();
  }
  const auto key = first_key(body, id);
  TRY(const auto brought, bring(view, said, key, 0, body.commitment, said.signer));
  if (brought.found != Brought::Found::fresh) {
    TRY(raise_alarm(view, changes, said.block, brought.other));
    ASSERT(count_alarm(record, said.block, parameters(view)));
    TRY(put());
    return Ruling::alarm(part_named(id), key_named(brought.thumbprint));
  }
  const std::vector<key::Entry> entries{{brought.thumbprint, key::Purpose::wallet, {}, {}, {}, {}, {}, true}};
  record.keys = listed(entries);
  put_new_key(view, changes, brought.thumbprint, key);
  TRY(put());
  return Ruling::done();
}

Ruling apply(const part::Inspect& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto thing, thing_at(view, body.type, body.thing));
  TRY(const Handle party, speaking_party(said, thing.named()));
  const auto chain = chain_from(view, thing);
  const auto& root = chain.root();
  TRY(const auto record, party_at(view, party));
  const bool entitled = root.common().held_by() == party ||
                        holds_grant(view, said.block, party, Role::inspector, root.id, root.common().tenure) ||
                        record.roles.contains(Role::laboratory);
  if (!entitled) return refuse(not_entitled, thing.named(), "its custodian or an inspector");
  thing.put(changes);
  return Ruling::done();
}

Ruling apply(const part::Scrap& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto thing, free_thing(view, thing::Type::part, body.part));
  auto& record = *thing.part();
  const Handle owner = record.owned_by();
  TRY(check_owner(said, owner, thing.named()));
  TRY(check_on(body.on, record.title, thing.named()));
  if (record.is_offered()) return refuse(being_handed_over, thing.named());
  if (!record.children.empty()) return refuse(not_empty, thing.named(), "it holds parts");
  record.state = part::State::scrapped;
  record.title += 1;
  record.keys = {};
  record.shipped_to.reset();
  thing.put(changes);
  TRY(count_ownership(view, changes, thing, owner, std::nullopt));
  return Ruling::done();
}

}  // namespace mikusari::ledger
