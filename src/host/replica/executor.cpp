// SPDX-License-Identifier: Apache-2.0
#include "replica/executor.hpp"

#include <algorithm>

#include "merkle/log.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using ledger::SubmissionFate;
using statement::Submission;

Digest refused_root(const std::vector<SubmissionFate>& fates) {
  merkle::CompactRange range;
  for (const auto& fate : fates) {
    for (std::size_t i = 0; i < fate.bodies.size(); ++i) {
      if (!fate.bodies[i].accepted()) range.append(proof::refused_leaf(fate.identity, i, fate.bodies[i].refusal));
    }
  }
  return range.root();
}

// What a submission adds to a frame beside itself.
std::size_t growth_by(const SubmissionFate& fate) {
  constexpr std::size_t counters = 1024;  // of its signer: replay record, quotas
  constexpr std::size_t event = 32;
  std::size_t out = counters;
  for (const auto& body : fate.bodies)
    out += 32 + body.subject.size() + body.object.size() + body.written + event * body.gained.size();
  return out;
}

std::size_t growth_max(const CheckedSource& state) {
  const auto bytes = state.value(path::ledger());
  const auto record = bytes ? cbor::decode<LedgerRecord>(*bytes) : fail(Code::corrupt, "the ledger has no parameters");
  // Without parameters the state is not sound, and whatever the block holds does not count.
  return record ? static_cast<std::size_t>(record->parameters.block_growth) : 0;
}

// What the ledger's rules make of one submission, or why it is discarded.
std::expected<SubmissionFate, Rejection> fate_of(const Submission& submission, std::size_t bytes,
                                                 const ledger::BlockContext& context, const CheckedSource& state,
                                                 ledger::Overlay& changes, ledger::Signatures& signatures) {
  if (submission.withheld != 0) return std::unexpected(Rejection(statement::Refusal::withheld, {}, {}));
  TRY(ledger::check_signatures(submission, context, state, signatures, changes.decoded()));
  auto fate = ledger::execute(submission, bytes, context, state, changes, signatures);
  if (fate.standing == ledger::Standing::discarded)
    return std::unexpected(Rejection(fate.why.refusal, std::move(fate.why.subject), std::move(fate.why.object)));
  return fate;
}

// Whose signatures count after the block.
void set_policy(LedgerEnd& end, const LedgerEnd& before, std::span<const ChangedRow> rows) {
  end.policy = before.policy;
  const auto found = std::ranges::lower_bound(rows, path::policy(), {}, &ChangedRow::key);
  if (found == rows.end() || found->key != path::policy()) return;
  end.policy = std::make_shared<const platform::Buffer>(platform::copy(found->value));
}

}  // namespace

proof::Policy policy_of(const LedgerEnd& end) {
  const auto policy = cbor::decode<proof::Policy>(*end.policy);
  ASSERT(policy.has_value());
  return *policy;
}

void Executed::place_rows(Position frame_position) {
  for (std::size_t i = 0; i < frame.places.rows.size(); ++i)
    staged->set_place(i, shifted(frame.places.rows[i], frame_position));
}

Result<std::unique_ptr<Executed>> Executor::run(const LedgerEnd& before, const CheckedSource& state,
                                                const consensus::Block& block) {
  auto out = std::make_unique<Executed>();
  ledger::Overlay changes(state);
  const std::uint64_t time_ms = std::max(block.time_ms, before.record.time_ms);
  const ledger::BlockContext context{ledger_, block.height, time_ms};
  const std::size_t growth_max = replica::growth_max(state);
  std::size_t growth = 0;
  std::vector<ByteView> submissions;
  for (const auto& bytes : block.submissions) {
    TRY(state.demand_sound());
    if (growth >= growth_max) break;
    ++out->taken;
    const auto submission = statement::parse(bytes);
    if (!submission) continue;
    auto fate = fate_of(*submission, bytes.size(), context, state, changes, signatures_);
    if (!fate) {
      out->discarded.push_back({submission->identity, std::move(fate).error()});
      continue;
    }
    growth += growth_by(*fate);
    submissions.push_back(bytes);
    out->statements.push_back(*submission);
    out->fates.push_back(*std::move(fate));
  }
  TRY(state.demand_sound());
  if (out->fates.empty()) return out;
  auto& record = out->end.record;
  record.ledger = ledger_;
  record.height = block.height;
  record.time_ms = time_ms;
  record.prev = crypto::sha256(before.record_bytes);
  record.first_leaf = before.log.size();
  out->end.block = before.block + 1;
  TRY(seal(*out, before, state, changes, submissions));
  return out;
}

Result<std::unique_ptr<Executed>> Executor::found(const Genesis& genesis, ByteView genesis_bytes) {
  const NoState nothing;
  ledger::Overlay state(nothing);
  ledger::found(genesis, ledger_, state);
  auto out = std::make_unique<Executed>();
  auto& record = out->end.record;
  record.ledger = ledger_;
  record.time_ms = genesis.time_ms;
  record.prev = ledger_;
  TRY(seal(*out, {}, nothing, state, std::span(&genesis_bytes, 1)));
  return out;
}

// The rows whose bytes differ from before, for the tree and for the frame.
Result<Executor::ChangedRows> Executor::changed_rows(const LedgerEnd& before, const CheckedSource& state,
                                                     const ledger::Overlay& changed) const {
  ChangedRows out;
  for (const auto& [key, change] : changed.changes()) {
    const auto old = state.value(key);
    if (old && equal(*old, change.value)) continue;
    Place previous;
    if (old) {
      const auto place = tree_.place_of(before.state, key, merkle::map_leaf(key, crypto::sha256(*old)));
      ASSERT(place.has_value());
      previous = *place;
    }
    out.changes.push_back({key, crypto::sha256(change.value), {}, previous});
    out.rows.push_back({key, change.value, change.sides, previous, change.appended});
  }
  TRY(state.demand_sound());
  return out;
}

Result<void> Executor::seal(Executed& executed, const LedgerEnd& before, const CheckedSource& state,
                            const ledger::Overlay& changed, std::span<const ByteView> submissions) {
  LedgerEnd& end = executed.end;
  proof::BlockRecord& record = end.record;
  for (const auto& fate : executed.fates) {
    for (const auto& body : fate.bodies) {
      if (body.accepted()) executed.leaves.push_back(body.leaf_hash);
    }
  }
  record.committed = executed.leaves.size();
  record.refused_root = refused_root(executed.fates);
  TRY(const ChangedRows rows, changed_rows(before, state, changed));
  set_policy(end, before, rows.rows);
  record.policy_epoch = policy_of(end).epoch;
  ChangedKeys keys;
  for (const auto& row : rows.rows) keys.add(row.key);
  record.changed = keys.finish();
  TRY(auto staged, tree_.apply(before.state, rows.changes));
  executed.staged.emplace(std::move(staged));
  end.state = executed.staged->version();
  record.map_root = end.state.root();
  end.record_bytes = platform::encode(record);
  executed.leaves.push_back(merkle::leaf_hash(end.record_bytes));
  end.log = before.log;
  for (const auto& leaf : executed.leaves) end.log.append(leaf);
  TRY(executed.frame, encode_frame({end.record_bytes, submissions, executed.fates, rows.rows}));
  for (const auto& row : rows.rows) {
    if (!row.appended.empty())
      executed.lists.push_back({executed.frame.places.rows[static_cast<std::size_t>(&row - rows.rows.data())], row.key,
                                platform::copy(row.value), row.appended.size()});
  }
  return {};
}

}  // namespace mikusari::replica
