// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/chain.hpp"

namespace mikusari::ledger {

using enum statement::Refusal;

bool Chain::holds(const Id& id) const {
  for (const auto& board : boards) {
    if (board.id == id) return true;
  }
  return device && device->id == id;
}

std::string_view Chain::answers() const { return device ? device->record.owner : boards.back().record.custodian; }

part::Children Chain::children() const {
  return boards.empty() ? device->record.children : boards.front().record.children;
}

Checked<Chain> chain_of(const View& view, const Id& unit) {
  Chain out;
  Id id = unit;
  for (;;) {
    if (auto device = view.get<device::Record>(path::device(id))) {
      out.device = {id, *device};
      return out;
    }
    TRY(auto board, part_at(view, id));
    out.boards.push_back({id, board});
    ASSERT(out.boards.size() <= part::levels_max + 1);
    if (!board.parent) return out;
    id = *board.parent;
  }
}

std::string_view answers_for(const View& view, const part::Record& part) {
  if (!part.parent) return part.custodian;
  const auto chain = chain_of(view, *part.parent);
  ASSERT(chain.has_value());
  return chain->answers();
}

Checked<> check_may_change(const Said& said, const Chain& chain) {
  for (const auto& [id, record] : chain.boards) {
    if (record.state == part::State::scrapped) return refuse(retired_or_destroyed, part_named(id));
    if (record.claims.size() > 1) return refuse(already_disputed, part_named(id));
    if (record.in_transit_to) return refuse(in_transit, part_named(id));
  }
  if (chain.device) {
    const auto& [id, record] = *chain.device;
    if (record.state == device::State::destroyed) return refuse(retired_or_destroyed, device_named(id));
    if (record.in_transit_to) return refuse(in_transit, device_named(id));
  }
  return check_speaks(said, chain.answers(),
                      chain.device ? device_named(chain.device->id) : part_named(chain.boards.back().id));
}

Checked<> check_may_grow(const View& view, const Chain& chain) {
  if (chain.device) {
    if (chain.device->record.state == device::State::retired)
      return refuse(retired_or_destroyed, device_named(chain.device->id));
  } else if (chain.boards.back().record.state != part::State::stock) {
    return refuse(wrong_state, part_named(chain.boards.back().id));
  }
  if (chain.boards.empty()) return {};
  const auto& unit = chain.boards.front();
  if (!unit.record.model) return refuse(wrong_model, part_named(unit.id));
  TRY(const auto model, model_at(view, *unit.record.model));
  if (model.model_class != model::Class::board && model.model_class != model::Class::module) {
    return refuse(wrong_model, platform::to_hex(*unit.record.model));
  }
  return {};
}

}  // namespace mikusari::ledger
