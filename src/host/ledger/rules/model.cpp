// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/model.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// Release keys of the vendor, each once, and a threshold within.
Checked<> check_release_keys(const View& view, const model::ReleaseKeys& keys, std::uint64_t threshold,
                             const Handle& vendor) {
  TRY(const auto party, party_at(view, vendor));
  std::vector<Digest> seen;
  for (const Digest kid : keys) {
    const auto entries = values_of(party.keys);
    const auto entry = std::ranges::find(entries, kid, &key::Entry::key);
    if (entry == entries.end()) return refuse(not_registered, key_named(kid));
    if (entry->purpose != key::Purpose::release || entry->frozen.value)
      return refuse(key_not_for_signing, platform::to_hex(kid));
    if (std::ranges::find(seen, kid) != seen.end()) return refuse(bad_threshold);
    seen.push_back(kid);
  }
  if (threshold > seen.size() || (threshold == 0) != seen.empty()) return refuse(bad_threshold);
  return {};
}

Checked<> check_vendor(const Said& said, const model::Record& model, const Id& id) {
  if (!said.is_party(model.vendor)) return refuse(not_entitled, model_named(id), party_named(model.vendor));
  return {};
}

Checked<> approved_by_own(const Said& said, const View& view, const std::string& about) {
  TRY(const Handle handle, speaking_party(said, about));
  TRY(const auto record, party_at(view, handle));
  return check_own(said, handle, record);
}

}  // namespace

bool is_shown(std::string_view text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::uint64_t release_signers(const Said& said, const View& view, const model::Record& model) {
  std::vector<Digest> signers;
  const auto add = [&](const Digest& kid) {
    if (!model.release_keys.contains(kid) || std::ranges::find(signers, kid) != signers.end()) return;
    if (speaking_key(view, said.block, kid, Frozen::refused)) signers.push_back(kid);
  };
  add(said.signer);
  for (const auto& approver : said.approvers) {
    if (approver.role == statement::ApprovalRole::release) add(approver.kid);
  }
  return signers.size();
}

Checked<> approved(const model::Register& body, const Said& said, const View& view) {
  if (body.release_keys.empty()) return {};
  return approved_by_own(said, view, "model");
}

Ruling apply(const model::Register& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle vendor, check_role(view, said, Role::maker));
  if (!is_shown(body.name, limits::name_bytes_max)) return refuse(bad_name);
  const Id id = names::id(vendor, body.nonce);
  if (view.exists(path::model(id))) return refuse(already_registered, model_named(id));
  TRY(check_release_keys(view, body.release_keys, body.release_threshold, vendor));
  model::Record record;
  record.state = model::State::active;
  record.vendor = vendor;
  record.model_class = body.model_class;
  record.release_keys = body.release_keys;
  record.release_threshold = body.release_threshold;
  record.text = said.body_leaf;
  changes.put(path::model(id), record);
  changes.append_to_list(path::list(vendor, list::Kind::models), id, list::Change::gained);
  return Ruling::done();
}

Checked<> approved(const model::Amend& body, const Said& said, const View& view) {
  TRY(const auto model, model_at(view, body.model));
  if (release_signers(said, view, model) < std::max<std::uint64_t>(model.release_threshold, 1))
    return refuse(missing_approvals, model_named(body.model));
  return {};
}

Ruling apply(const model::Amend& body, const Said&, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  TRY(check_release_keys(view, body.release_keys, body.release_threshold, model.vendor));
  model.release_keys = body.release_keys;
  model.release_threshold = body.release_threshold;
  changes.put(path::model(body.model), model);
  return Ruling::done();
}

Checked<> approved(const model::Withdraw& body, const Said& said, const View& view) {
  return approved_by_own(said, view, model_named(body.model));
}

Ruling apply(const model::Withdraw& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  TRY(check_vendor(said, model, body.model));
  if (model.state == model::State::withdrawn) return refuse(already_said, model_named(body.model));
  model.state = model::State::withdrawn;
  changes.put(path::model(body.model), model);
  return Ruling::done();
}

namespace {

Checked<Handle> laboratory(const Said& said, const View& view) { return check_role(view, said, Role::laboratory); }

}  // namespace

Ruling apply(const certification::Certify& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle lab, laboratory(said, view));
  TRY(const auto model, model_at(view, body.model));
  TRY(const auto vendor, party_at(view, model.vendor));
  // Nobody certifies its own.
  if (registrar_of(model.vendor, vendor) == lab)
    return refuse(not_entitled, model_named(body.model), "a laboratory that is not its vendor");
  const Digest path = path::certification(body.model, body.sequence.value, lab);
  auto record = view.get<certification::Record>(path).value_or(certification::Record{});
  record.state = certification::State::certified;
  record.model = body.model;
  record.sequence = body.sequence;
  record.laboratory = lab;
  record.until_ms = body.until_ms;
  record.evidence = body.evidence;
  changes.put(path, record);
  return Ruling::done();
}

Ruling apply(const certification::Decertify& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle lab, speaking_party(said, model_named(body.model)));
  const Digest path = path::certification(body.model, body.sequence.value, lab);
  auto record = view.get<certification::Record>(path);
  if (!record) return refuse(not_registered, "certification of " + model_named(body.model));
  if (record->state == certification::State::decertified) return refuse(already_said, model_named(body.model));
  record->state = certification::State::decertified;
  changes.put(path, *record);
  return Ruling::done();
}

}  // namespace mikusari::ledger
