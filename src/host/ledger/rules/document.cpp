// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/document.hpp"

#include "ledger/rules/model.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

Checked<> check_may_say(const document::Evidence& body, const Said& said, const View& view) {
  if (body.type != document::Type::audit && body.type != document::Type::test_report) return {};
  TRY(const Handle handle, speaking_party(said, std::string(cbor::name_of(body.type))));
  TRY(const auto party, party_at(view, handle));
  if (party.roles.contains(Role::laboratory) || party.roles.contains(Role::certifier)) return {};
  return refuse(missing_role, party_named(handle), std::string(cbor::name_of(Role::laboratory)));
}

}  // namespace

Ruling apply(const document::Evidence& body, const Said& said, const View& view, Changes& changes) {
  TRY(check_may_say(body, said, view));
  if (body.content_type && !is_shown(*body.content_type, 127)) return refuse(malformed_body);
  if (body.about_type.has_value() != body.about.has_value()) return refuse(malformed_body);
  if (!body.about) return Ruling::done();
  TRY(const auto thing, thing_at(view, *body.about_type, *body.about));
  const bool itself = said.subject.type != SubjectType::party && said.subject.id == thing.id;
  if (!itself) TRY(check_owner(said, chain_from(view, thing).owner(), thing.named()));
  thing.put(changes);
  return Ruling::done();
}

}  // namespace mikusari::ledger
