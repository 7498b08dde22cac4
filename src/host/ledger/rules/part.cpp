// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/part.hpp"

#include "ledger/rules/keys.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// The part's first key, if it comes with one: its thumbprint.
Checked<std::optional<Digest>> first_key(const part::Register& body, const Said& said, const View& view) {
  if (!body.key && !body.possession) return std::nullopt;
  if (!body.key || !body.possession)
    return refuse(bad_possession, body.key ? platform::to_hex(cose::thumbprint(*body.key)) : "");
  TRY(const Digest thumbprint, check_new_key(view, said, *body.key, *body.possession, subject_of_part(body.part)));
  return thumbprint;
}

}  // namespace

Verdict apply(const part::Register& body, const Said& said, const View& view, Changes& changes) {
  TRY(const auto maker, speaking_member(said, part_named(body.part)));
  TRY(const auto model, model_at(view, body.model));
  if (model.vendor != maker || model.state != model::State::active || model.model_class == model::Class::device) {
    return refuse(wrong_model, platform::to_hex(body.model));
  }
  TRY(check_unused(view, body.part));
  TRY(const auto thumbprint, first_key(body, said, view));
  part::Record record;
  record.state = part::State::stock;
  record.model = body.model;
  record.maker = maker;
  record.custodian = maker;
  record.key = thumbprint;
  record.commitment = body.commitment;
  changes.put(path::part(body.part), record);
  if (thumbprint) put_new_key(changes, *thumbprint, *body.key, key::Purpose::wallet, subject_of_part(body.part));
  return Verdict::done();
}

Verdict apply(const part::Scrap& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto record, living_part(view, body.part));
  TRY(const auto member, speaking_member(said, part_named(body.part)));
  if (record.custodian != member) return refuse(not_in_custody, part_named(body.part), member_named(record.custodian));
  if (record.state == part::State::disputed) return refuse(already_disputed, part_named(body.part));
  if (record.state == part::State::mounted || !record.children.empty())
    return refuse(wrong_state, part_named(body.part));
  if (record.in_transit_to) return refuse(in_transit, part_named(body.part));
  revoke_key_of_part(view, changes, record, said.block.time_ms);
  record.state = part::State::scrapped;
  changes.put(path::part(body.part), record);
  return Verdict::done();
}

}  // namespace mikusari::ledger
