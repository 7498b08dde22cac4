// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/model.hpp"

#include <set>

namespace mikusari::ledger {

using enum statement::Refusal;

namespace {

Checked<> check_release_keys(const model::Register& body, const Said& said, const View& view) {
  std::set<Digest> different;
  for (const Digest thumbprint : body.release_keys) {
    different.insert(thumbprint);
    TRY(const auto record, key_at(view, thumbprint));
    if (!record.subject.is_member(said.member())) {
      return refuse(not_entitled, key_named(thumbprint), "keys of " + member_named(said.member()));
    }
    if (record.purpose != key::Purpose::wallet) return refuse(key_not_for_signing, platform::to_hex(thumbprint));
    if (!record.speaks_at(said.block.time_ms)) return refuse(key_not_active, platform::to_hex(thumbprint));
  }
  const bool fits = different.empty() ? body.release_threshold == 0
                                      : body.release_threshold >= 1 && body.release_threshold <= different.size();
  if (!fits || different.size() != body.release_keys.size()) return refuse(bad_threshold, std::string(body.name));
  return {};
}

}  // namespace

Verdict apply(const model::Register& body, const Said& said, const View& view, Changes& changes) {
  TRY(check_role(view, said, Role::maker));
  if (!is_name(body.name)) return refuse(bad_name);
  const Id id = model::model_id(said.member(), body.name);
  if (view.exists(path::model(id))) return refuse(already_registered, model_named(id));
  TRY(check_release_keys(body, said, view));
  model::Record record;
  record.state = model::State::active;
  record.vendor = said.member();
  record.name = body.name;
  record.model_class = body.model_class;
  record.release_keys = body.release_keys;
  record.release_threshold = body.release_threshold;
  changes.put(path::model(id), record);
  return Verdict::done();
}

}  // namespace mikusari::ledger
