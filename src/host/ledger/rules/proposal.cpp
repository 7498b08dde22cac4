// SPDX-License-Identifier: Apache-2.0
// Opening, voting, counting. What a decision does stands in matters.cpp.
#include "ledger/rules/proposal.hpp"

#include <algorithm>

namespace mikusari::ledger {

using enum statement::Refusal;
using proposal::Matter;
using proposal::State;

namespace {

constexpr std::size_t reason_bytes_max = 1024;

std::string proposal_named(const Id& id) { return "proposal " + platform::to_hex(id); }

// What share of the weight decides, in parts: more than half, two thirds, three quarters.
struct Share {
  std::uint64_t parts, of;
  bool more;  // more than the share, not just the share
};
Share share_of(Matter matter) {
  switch (matter) {
    case Matter::parameters:
    case Matter::withhold:
    case Matter::reject_mount: return {1, 2, true};
    case Matter::expel:
    case Matter::recovery:
    case Matter::recover: return {3, 4, false};
    default: return {2, 3, false};
  }
}

// The member whose weight does not count in the matter.
std::optional<Handle> concerned(const proposal::Content& content, const Digest& ledger) {
  if (content.matter == Matter::expel) return content.party;
  if (content.matter == Matter::recover) return names::member(ledger, content.member->name);
  return std::nullopt;
}

std::uint64_t weight_of(const View& view, const proposal::Voters& voters, const std::optional<Handle>& except) {
  std::uint64_t out = 0;
  for (const Handle voter : voters) {
    const auto party = view.get<party::Record>(path::party(voter));
    if (party && party->acts() && voter != except) out += party->weight.value;
  }
  return out;
}

enum class Count : std::uint8_t { open, adopted, rejected };
Count count(const View& view, const proposal::Record& record, const Digest& ledger) {
  const auto without = concerned(record.content, ledger);
  std::uint64_t total = ledger_record(view).total_weight;
  if (without) {
    const auto member = view.get<party::Record>(path::party(*without));
    if (member) total -= weight_in_total(*member);
  }
  const auto share = share_of(record.content.matter);
  const auto reaches = [&](std::uint64_t weight) {
    return total != 0 &&
           (share.more ? share.of * weight > share.parts * total : share.of * weight >= share.parts * total);
  };
  if (reaches(weight_of(view, record.yes, without))) return Count::adopted;
  return reaches(total - std::min(total, weight_of(view, record.no, without))) ? Count::open : Count::rejected;
}

// Those that can vote now. Others make room when the list is full: they may have come only to fill it.
std::vector<Handle> with_word(const View& view, const proposal::Voters& voters) {
  std::vector<Handle> out;
  for (const Handle voter : voters) {
    const auto party = view.get<party::Record>(path::party(voter));
    if (party && party->acts() && !party->weight.is_zero()) out.push_back(voter);
  }
  return out;
}

Checked<Handle> voting_member(const Said& said, const View& view) {
  TRY(const Handle handle, speaking_party(said, "proposal"));
  TRY(const auto party, acting_party(view, handle));
  if (!party.is_member() || party.weight.is_zero())
    return refuse(not_entitled, "proposal", "a member with voting power");
  return handle;
}

Checked<> approved_by_own(const Said& said, const View& view) {
  TRY(const Handle handle, voting_member(said, view));
  TRY(const auto party, party_at(view, handle));
  return check_own(said, handle, party);
}

Checked<> check_reason(const std::optional<std::string_view>& reason) {
  if (reason && reason->size() > reason_bytes_max) return refuse(malformed_body);
  return {};
}

// Counts the votes and, when they decide, carries the matter out.
Ruling settle(const Said& said, const View& view, Changes& changes, const Id& id, proposal::Record record) {
  const auto counted = count(view, record, said.block.ledger);
  std::optional<Refused> refused;
  if (counted == Count::rejected) record.state = State::rejected;
  if (counted == Count::adopted) {
    const auto done = changes.attempt(
        [&](const View& inner, Changes& trial) { return carry_out(record.content, id, said, inner, trial); });
    record.state = done ? State::adopted : State::voided;
    if (!done) refused = done.error();
  }
  changes.put(path::proposal(id), record);
  return refused ? Ruling::voided(*refused) : Ruling::done();
}

// The member's list of what it has opened, without what is settled or has lapsed.
Checked<> note_opened(const Said& said, const View& view, Changes& changes, const Handle& handle, const Id& id) {
  TRY(auto party, party_at(view, handle));
  std::vector<Id> open;
  for (const Id each : party.proposals) {
    const auto record = view.get<proposal::Record>(path::proposal(each));
    if (record && record->state == State::open && said.block.time_ms < record->until_ms) open.push_back(each);
  }
  if (open.size() >= limits::proposals_open_max) return refuse(too_many_proposals, party_named(handle));
  open.push_back(id);
  party.proposals = listed(open);
  changes.put_quietly(path::party(handle), party);
  return {};
}

}  // namespace

Checked<> approved(const proposal::Open&, const Said& said, const View& view) { return approved_by_own(said, view); }
Checked<> approved(const proposal::Vote&, const Said& said, const View& view) { return approved_by_own(said, view); }

Ruling apply(const proposal::Open& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle handle, voting_member(said, view));
  TRY(check_reason(body.reason));
  const Id id = names::id(handle, body.nonce);
  if (view.exists(path::proposal(id))) return refuse(already_registered, proposal_named(id));
  TRY(check_content(body.content, said, view));
  TRY(note_opened(said, view, changes, handle, id));
  proposal::Record record;
  record.state = State::open;
  record.by = handle;
  record.content = body.content;
  record.until_ms = after(said.block.time_ms, parameters(view).proposal_lapse_ms);
  record.text = said.body_leaf;
  const std::vector<Handle> yes{handle};
  record.yes = listed(yes);
  return settle(said, view, changes, id, record);
}

Ruling apply(const proposal::Vote& body, const Said& said, const View& view, Changes& changes) {
  TRY(const Handle handle, voting_member(said, view));
  TRY(check_reason(body.reason));
  auto record = view.get<proposal::Record>(path::proposal(body.proposal));
  if (!record) return refuse(not_registered, proposal_named(body.proposal));
  if (record->state != State::open || said.block.time_ms >= record->until_ms)
    return refuse(no_longer_open, proposal_named(body.proposal));
  const bool yes = body.choice == proposal::Choice::yes;
  if ((yes ? record->yes : record->no).contains(handle)) return refuse(already_said, proposal_named(body.proposal));
  const auto is_full = [&] { return record->yes.size() + record->no.size() == limits::votes_max; };
  std::vector<Handle> for_it, against;
  if (is_full()) {
    record->yes = listed(for_it = with_word(view, record->yes));
    record->no = listed(against = with_word(view, record->no));
  }
  if (is_full() && !record->yes.contains(handle) && !record->no.contains(handle))
    return refuse(no_longer_open, proposal_named(body.proposal));
  const auto gained = with(yes ? record->yes : record->no, handle);
  const auto lost = without(yes ? record->no : record->yes, handle);
  record->yes = listed(yes ? gained : lost);
  record->no = listed(yes ? lost : gained);
  return settle(said, view, changes, body.proposal, *record);
}

}  // namespace mikusari::ledger
