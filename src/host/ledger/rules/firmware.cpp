// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/firmware.hpp"

#include <algorithm>
#include <set>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

// The release key of the model whose place a key has: itself, or the one that it took over from, by any number of
// rotations that a vendor lives to make.
std::optional<Digest> release_key(const View& view, const model::Record& model, Digest kid) {
  constexpr int rotations_max = 256;
  for (int i = 0; i < rotations_max; ++i) {
    if (model.release_keys.contains(kid)) return kid;
    const auto record = view.get<key::Record>(path::key(kid));
    if (!record || !record->replaces) return std::nullopt;
    kid = *record->replaces;
  }
  return std::nullopt;
}

Checked<> check_release_signers(const View& view, const Said& said, const model::Record& model, const Id& id) {
  const auto first = release_key(view, model, said.signer);
  if (!first) return refuse(not_entitled, model_named(id), "the model's release keys");
  std::set<Digest> places{*first};
  for (const auto& approver : said.approvers) {
    if (approver.role != statement::ApprovalRole::release) continue;
    if (const auto place = release_key(view, model, approver.kid)) places.insert(*place);
  }
  if (places.size() < model.release_threshold) return refuse(missing_approvals, model_named(id));
  return {};
}

bool is_version(std::string_view text) {
  return !text.empty() && text.size() <= limits::name_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7e; });
}

}  // namespace

Verdict apply(const firmware::Release& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  TRY(check_release_signers(view, said, model, body.model));
  if (!is_version(body.version)) return refuse(malformed_body);
  if (view.exists(path::firmware(body.model, body.image)))
    return refuse(already_registered, "image " + platform::to_hex(body.image));
  if (body.sequence <= model.latest || body.sequence < model.floor)
    return refuse(not_increasing, model_named(body.model));
  firmware::Record record;
  record.state = firmware::State::released;
  record.model = body.model;
  record.image = body.image;
  record.size = body.size;
  record.sequence = body.sequence;
  record.version = body.version;
  changes.put(path::firmware(body.model, body.image), record);
  model.latest = body.sequence;
  changes.put(path::model(body.model), model);
  return Verdict::done();
}

Verdict apply(const firmware::Floor& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  TRY(check_release_signers(view, said, model, body.model));
  if (body.sequence <= model.floor || body.sequence > model.latest)
    return refuse(not_increasing, model_named(body.model));
  model.floor = body.sequence;
  changes.put(path::model(body.model), model);
  return Verdict::done();
}

}  // namespace mikusari::ledger
