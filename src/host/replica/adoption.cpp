// SPDX-License-Identifier: Apache-2.0
#include "replica/adoption.hpp"

#include <algorithm>

#include "cose/sign1.hpp"
#include "merkle/log.hpp"
#include "replica/chain_reader.hpp"
#include "replica/recovery.hpp"
#include "statement/part.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using statement::Submission;

Result<void> demand(bool holds, const char* what) { return holds ? Result<void>() : fail(Code::corrupt, what); }

// ---- What the statements still show

Result<crypto::PublicKey> key_of(const Digest& kid, const CheckedSource& state) {
  const auto bytes = state.value(path::key(kid));
  const auto record = bytes ? cbor::decode<key::Record>(*bytes) : fail(Code::corrupt, "a signer's key is unknown");
  if (!record) return fail(Code::corrupt, "a statement is signed by a key that the state before the block has not");
  return record->key;
}

Result<void> check_statement(const Submission& submission, const CheckedSource& state, ledger::Signatures& signatures) {
  const auto& said = submission.statement;
  TRY(const auto key, key_of(said.header.kid, state));
  std::byte buffer[1024];
  TRY(const ByteView bytes, cose::sig_structure(said.protected_bytes, {}, said.payload_bytes, buffer));
  TRY(signatures.verify(key, bytes, said.signature));
  for (const auto approval : submission.approvals) {
    TRY(const auto approver, key_of(approval.kid, state));
    std::byte small[statement::small_message_bytes_max];
    TRY(const ByteView message, statement::approval_bytes(approver, submission.identity, approval.role, small));
    TRY(signatures.verify(approver, message, approval.signature));
  }
  return {};
}

Digest refused_root(const DecodedFrame& frame) {
  merkle::CompactRange range;
  for (const auto& fate : frame.fates) {
    std::uint64_t index = 0;
    for (const auto body : fate.bodies) {
      if (!body.accepted()) range.append(proof::refused_leaf(fate.identity, index, body.refusal));
      ++index;
    }
  }
  return range.root();
}

std::vector<WithheldBody> hidden_in(std::span<const Submission> submissions) {
  std::vector<WithheldBody> out;
  for (const auto& submission : submissions) {
    std::uint64_t index = 0;
    for (const auto salted : submission.bodies) {
      if (salted.withheld) out.push_back({submission.identity, index});
      ++index;
    }
  }
  return out;
}

// ---- Rows

// Every event that a row can name, by where it stands in the frame.
struct Committed {
  Place stored;
  std::uint64_t body;
  statement::Outcome outcome;
};
std::vector<Committed> committed_in(const DecodedFrame& frame) {
  std::vector<Committed> out;
  for (std::size_t s = 0; s < frame.fates.size(); ++s) {
    std::uint64_t index = 0;
    for (const auto body : frame.fates[s].bodies) {
      if (body.accepted()) out.push_back({frame.places.submissions[s], index, body.outcome});
      ++index;
    }
  }
  return out;
}

template <class Record, class... Member>
bool only_differ_in(ByteView old_bytes, ByteView new_bytes, Member... members) {
  auto old = cbor::decode<Record>(old_bytes);
  const auto now = cbor::decode<Record>(new_bytes);
  if (!old || !now) return false;
  old->changed = now->changed;
  ((*old.*members = *now.*members), ...);
  return equal(platform::encode(*old), new_bytes);
}

// Bookkeeping, which is no event of the thing: a part's depth, and what a party owns and has proposed.
bool is_bookkeeping(ByteView old, ByteView now) {
  return only_differ_in<part::Record>(old, now, &part::Record::levels) ||
         only_differ_in<party::Record>(old, now, &party::Record::things, &party::Record::proposals);
}

class RowCheck {
 public:
  RowCheck(const DecodedFrame& frame, std::span<const Digest> leaves, const CheckedSource& state)
      : frame_(frame), leaves_(leaves), state_(state), committed_(committed_in(frame)) {}

  Result<void> check(std::size_t index) const {
    const Row& row = frame_.rows[index];
    TRY(check_sides(row));
    const auto old = state_.value(row.key);
    TRY(demand(!old || !equal(*old, row.value), "a row is stored that has not changed"));
    if (const auto head = read_head(row.value)) return check_thing(row, frame_.places.rows[index], *head, old);
    if (const auto list = cbor::decode<list::Record>(row.value)) return check_list(row, *list, old);
    return demand(row.tail.size() == 1, "a record without events has some");
  }

 private:
  Result<void> check_thing(const Row& row, const Place& place, const Head& head, std::optional<ByteView> old) const;
  Result<void> check_list(const Row& row, const list::Record& record, std::optional<ByteView> old) const;
  bool is_event(const EventPlace& event, const Place& row) const;

  const DecodedFrame& frame_;
  std::span<const Digest> leaves_;
  const CheckedSource& state_;
  const std::vector<Committed> committed_;
};

bool RowCheck::is_event(const EventPlace& event, const Place& row) const {
  if (event.leaf >= committed_.size() || event.back > row.position) return false;
  const auto& meant = committed_[static_cast<std::size_t>(event.leaf)];
  return meant.stored == Place{row.position - event.back, static_cast<std::uint32_t>(event.length)} &&
         meant.body == event.body && meant.outcome == event.outcome;
}

Result<merkle::CompactRange> history_of(const Row& row) {
  const auto head = read_head(row.value);
  merkle::CompactRange out;
  if (!head || row.sides.empty()) return out;
  TRY(const auto sides, cbor::decode<Sides>(row.sides));
  std::vector<Digest> nodes;
  for (const auto node : sides.history) nodes.push_back(node);
  return merkle::CompactRange::from(head->history.count, nodes);
}

Result<void> RowCheck::check_thing(const Row& row, const Place& place, const Head& head,
                                   std::optional<ByteView> old) const {
  constexpr auto no_proof = "a thing changed in the block and does not prove an event of it";
  TRY(demand(head.changed == frame_.record.height, "a thing's record is of another block"));
  TRY(const auto events, events_of(row));
  if (events.empty()) return demand(old && is_bookkeeping(*old, row.value), no_proof);
  merkle::CompactRange range;
  if (old) {
    TRY(range, history_of({row.key, *old, state_.sides(row.key), {}, {}}));
  }
  std::optional<std::uint64_t> before;
  for (const auto& event : events) {
    TRY(demand(is_event(event, place) && (!before || *before < event.leaf), no_proof));
    range.append(leaves_[static_cast<std::size_t>(event.leaf)]);
    before = event.leaf;
  }
  return demand(Tree{range.size(), range.root()} == head.history, no_proof);
}

Result<void> RowCheck::check_list(const Row& row, const list::Record& record, std::optional<ByteView> old) const {
  merkle::CompactRange range;
  if (old) {
    TRY(const auto before, cbor::decode<list::Record>(*old));
    TRY(range, ledger::list_range(before.tree, state_.sides(row.key)));
  }
  TRY(const auto entries, entries_of(row));
  for (const auto& entry : entries) range.append(list::leaf_hash(entry));
  return demand(Tree{range.size(), range.root()} == record.tree, "a list has other entries than were added to it");
}

Result<std::vector<Change>> changes_of(const DecodedFrame& frame, const LedgerEnd& before, const CheckedSource& state,
                                       const StateTree& tree) {
  std::vector<Change> out;
  for (const auto& row : frame.rows) {
    const auto old = state.value(row.key);
    const auto place =
        old ? tree.place_of(before.state, row.key, merkle::map_leaf(row.key, crypto::sha256(*old))) : std::nullopt;
    TRY(demand(row.previous == place.value_or(Place{}), "a row names another row as the one before it"));
    out.push_back({row.key, crypto::sha256(row.value), {}, row.previous});
  }
  return out;
}

PolicyBytes policy_after(const DecodedFrame& frame, const LedgerEnd& before) {
  const auto found = std::ranges::lower_bound(frame.rows, path::policy(), {}, &Row::key);
  if (found == frame.rows.end() || found->key != path::policy()) return before.policy;
  return std::make_shared<const platform::Buffer>(platform::copy(found->value));
}

}  // namespace

Result<Adopted> adopt(const DecodedFrame& frame, std::span<const Submission> submissions, const LedgerEnd& before,
                      const CheckedSource& state, StateTree& tree, ledger::Signatures& signatures) {
  const auto& record = frame.record;
  for (const auto& submission : submissions) {
    TRY(demand(submission.withheld == 0 || can_be_withheld(submission.statement.payload.kind),
               "a body is withheld of a kind whose bodies are not"));
    TRY(check_statement(submission, state, signatures));
  }
  TRY(demand(record.refused_root == refused_root(frame), "its record names other refusals than its fates"));
  TRY(check_changed(frame));
  TRY(const auto leaves, log_leaves(frame, submissions));
  const RowCheck rows(frame, leaves, state);
  for (std::size_t i = 0; i < frame.rows.size(); ++i) TRY(rows.check(i));
  TRY(const auto changes, changes_of(frame, before, state, tree));
  TRY(auto staged, tree.apply(before.state, changes));
  TRY(demand(staged.version().root() == record.map_root, "it stores another state than its record has signed"));
  LedgerEnd end{before.block + 1, record,           platform::copy(frame.record_bytes),
                before.log,       staged.version(), policy_after(frame, before)};
  for (const auto& leaf : leaves) end.log.append(leaf);
  TRY(const auto policy, proof::parse_policy(*end.policy));
  TRY(demand(policy.epoch == record.policy_epoch, "its policy epoch is not the one of the state"));
  return Adopted{std::move(end), std::move(staged), hidden_in(submissions)};
}

}  // namespace mikusari::replica
