// SPDX-License-Identifier: Apache-2.0
#include "replica/executor.hpp"

#include <algorithm>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"

namespace mikusari::replica {
namespace {

Digest refused_root(const std::vector<ledger::SubmissionFate>& fates) {
  merkle::CompactRange range;
  for (const auto& fate : fates) {
    for (std::size_t i = 0; i < fate.bodies.size(); ++i) {
      if (!fate.bodies[i].accepted()) range.append(proof::refused_leaf(fate.identity, i, fate.bodies[i].refusal));
    }
  }
  return range.root();
}

// What a submission adds to a frame beside itself.
std::size_t growth_by(const ledger::SubmissionFate& fate) {
  std::size_t out = 64;
  for (const auto& body : fate.bodies) out += 32 + body.subject.size() + body.object.size() + body.written;
  return out;
}

}  // namespace

void Executed::place_rows(Position frame_position) {
  for (std::size_t i = 0; i < frame.places.rows.size(); ++i)
    staged->set_place(i, shifted(frame.places.rows[i], frame_position));
}

Result<std::unique_ptr<Executed>> Executor::run(const Head& before, const ledger::Source& state,
                                                const consensus::Block& block) {
  auto out = std::make_unique<Executed>();
  ledger::Overlay changes(state);
  const std::uint64_t time_ms = std::max(block.time_ms, before.record.time_ms);
  const ledger::BlockContext context{ledger_, block.height, time_ms};
  std::size_t growth = 0;
  for (const auto& bytes : block.submissions) {
    if (growth >= block_growth_max) break;
    ++out->taken;
    const auto submission = statement::parse(bytes);
    if (!submission) continue;
    auto fate = ledger::check_signatures(*submission, context, state, signatures_)
                    ? ledger::execute(*submission, context, state, changes, signatures_)
                    : ledger::SubmissionFate{submission->identity, ledger::Standing::discarded, {}};
    if (fate.standing == ledger::Standing::discarded) {
      out->discarded.push_back(fate.identity);
      continue;
    }
    growth += growth_by(fate);
    out->submissions.push_back(bytes);
    out->fates.push_back(std::move(fate));
  }
  if (out->fates.empty()) return out;
  out->head.record = {ledger_,
                      block.height,
                      time_ms,
                      crypto::sha256(before.record_bytes),
                      {},
                      before.log.size(),
                      0,
                      {},
                      before.record.policy_epoch};
  TRY(seal(*out, before, changes));
  return out;
}

Result<std::unique_ptr<Executed>> Executor::found(const Genesis& genesis, ByteView genesis_bytes) {
  const NoState nothing;
  ledger::Overlay state(nothing);
  ledger::found(genesis, ledger_, state);
  auto out = std::make_unique<Executed>();
  out->submissions = {genesis_bytes};
  out->head.record = {ledger_, 0, genesis.time_ms, ledger_, {}, 0, 0, {}, 1};
  TRY(seal(*out, {}, state));
  return out;
}

Result<void> Executor::seal(Executed& executed, const Head& before, const ledger::Overlay& state) {
  auto& record = executed.head.record;
  for (const auto& fate : executed.fates) {
    for (const auto& body : fate.bodies) {
      if (body.accepted()) executed.leaves.push_back(body.leaf_hash);
    }
  }
  record.committed = executed.leaves.size();
  record.refused_root = refused_root(executed.fates);
  std::vector<Change> changes;
  std::vector<Place> previous;
  for (const auto& [key, change] : state.changes()) {
    TRY(const auto place, tree_.find(before.state, key));
    previous.push_back(place.value_or(Place{}));
    changes.push_back({key, crypto::sha256(change.value), {}, previous.back()});
  }
  TRY(auto staged, tree_.apply(before.state, changes));
  executed.staged.emplace(std::move(staged));
  executed.head.state = executed.staged->version();
  record.map_root = executed.head.state.root();
  executed.head.record_bytes = platform::encode(record);
  executed.leaves.push_back(merkle::leaf_hash(executed.head.record_bytes));
  executed.head.log = before.log;
  for (const auto& leaf : executed.leaves) executed.head.log.append(leaf);
  executed.frame = encode_frame({record, executed.submissions, executed.fates, state.changes(), previous});
  return {};
}

}  // namespace mikusari::replica
