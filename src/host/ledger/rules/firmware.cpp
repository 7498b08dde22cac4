// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/firmware.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;
using firmware::State;

namespace {

std::string release_named(const Id& model, std::uint64_t sequence) {
  return "release " + std::to_string(sequence) + " of " + model_named(model);
}

Checked<> check_release_signers(const Said& said, const View& view, const Id& id, std::uint64_t needed) {
  TRY(const auto model, model_at(view, id));
  if (!model.release_keys.contains(said.signer)) return refuse(missing_approvals, model_named(id));
  if (release_signers(said, view, model) < needed) return refuse(missing_approvals, model_named(id));
  return {};
}

Checked<> check_threshold(const Said& said, const View& view, const Id& id) {
  TRY(const auto model, model_at(view, id));
  return check_release_signers(said, view, id, std::max<std::uint64_t>(model.release_threshold, 1));
}

// The newest release before this one that is not recalled; 0 when there is none among the last few.
std::uint64_t newest_before(const View& view, const Id& model, std::uint64_t sequence) {
  constexpr int looked_at_max = 64;
  for (int i = 0; i < looked_at_max && sequence != 0; ++i) {
    const auto record = view.known<firmware::Record>(path::firmware(model, sequence));
    if (record.state != State::recalled) return sequence;
    sequence = record.previous;
  }
  return 0;
}

}  // namespace

Checked<> approved(const firmware::Release& body, const Said& said, const View& view) {
  return check_threshold(said, view, body.model);
}
Checked<> approved(const firmware::Floor& body, const Said& said, const View& view) {
  return check_threshold(said, view, body.model);
}
Checked<> approved(const firmware::Recall& body, const Said& said, const View& view) {
  if (body.action == firmware::Action::halt) return check_release_signers(said, view, body.model, 1);
  return check_threshold(said, view, body.model);
}

Ruling apply(const firmware::Release& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  if (!is_shown(body.version, limits::name_bytes_max) || body.images.empty()) return refuse(malformed_body);
  // The hash of nothing is what a reader that failed gives.
  for (const auto image : body.images) {
    if (image.size == 0) return refuse(malformed_body);
  }
  if (body.sequence <= model.latest.value) return refuse(not_increasing, model_named(body.model));
  const std::uint64_t step = parameters(view).sequence_step;
  if (body.sequence - model.latest.value > step)
    return refuse(step_too_large, model_named(body.model), std::to_string(step));
  firmware::Record record;
  record.state = State::released;
  record.model = body.model;
  record.sequence = body.sequence;
  record.images = body.images;
  record.manifest = body.manifest;
  record.sbom = body.sbom;
  record.text = said.body_leaf;
  record.previous = model.latest;
  changes.put(path::firmware(body.model, body.sequence), record);
  for (const auto image : body.images)
    changes.put(path::image(body.model, image.digest), firmware::ImageRecord{{}, body.sequence});
  model.latest = body.sequence;
  model.available = body.sequence;
  changes.put(path::model(body.model), model);
  changes.append_to_list(path::list(model.vendor, list::Kind::releases), path::firmware(body.model, body.sequence),
                         list::Change::gained);
  return Ruling::done();
}

Ruling apply(const firmware::Floor& body, const Said&, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  if (body.sequence <= model.floor.value || body.sequence > model.available.value)
    return refuse(not_increasing, model_named(body.model));
  model.floor = body.sequence;
  changes.put(path::model(body.model), model);
  return Ruling::done();
}

Ruling apply(const firmware::Recall& body, const Said& said, const View& view, Changes& changes) {
  TRY(auto model, model_at(view, body.model));
  const auto named = release_named(body.model, body.sequence);
  auto record = view.get<firmware::Record>(path::firmware(body.model, body.sequence));
  if (!record) return refuse(not_registered, named);
  const auto halts = with(record->halts, said.signer);
  switch (body.action) {
    case firmware::Action::halt:
      if (record->halts.contains(said.signer)) return refuse(already_said, named);
      if (record->state != State::released) return refuse(wrong_state, named);
      if (halts.size() > limits::release_keys_max) return refuse(too_many_keys, named);
      record->halts = listed(halts);
      record->state = State::halted;
      break;
    case firmware::Action::recall:
      if (record->state == State::recalled) return refuse(already_said, named);
      record->state = State::recalled;
      break;
    case firmware::Action::lift:
      if (record->state == State::released) return refuse(wrong_state, named);
      record->state = State::released;
      break;
  }
  changes.put(path::firmware(body.model, body.sequence), *record);
  if (body.action == firmware::Action::recall && model.available == body.sequence)
    model.available = newest_before(view, body.model, record->previous);
  if (body.action == firmware::Action::lift) model.available = std::max(model.available.value, body.sequence);
  changes.put(path::model(body.model), model);
  return Ruling::done();
}

}  // namespace mikusari::ledger
