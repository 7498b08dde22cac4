// SPDX-License-Identifier: Apache-2.0
// Replica as an Application: the door, execution, commit and publication.
#include <algorithm>

#include "replica/replica.hpp"
#include "statement/path.hpp"
#include "statement/proposal.hpp"

namespace mikusari::replica {

using platform::Buffer;
using platform::MutexLock;

namespace {

// Does the block hold a vote, and so perhaps a decision that was carried out?
bool decides(const Executed& block) {
  return std::ranges::any_of(block.statements, [](const statement::Submission& submission) {
    const std::uint16_t kind = submission.statement.payload.kind;
    return kind == proposal::Open::kind.number || kind == proposal::Vote::kind.number;
  });
}

}  // namespace

TreeSource Replica::newest_state() const {
  return TreeSource([this](const Digest& key) { return tree_->candidate(end_.state, key); }, *reader_);
}

void Replica::notify_discarded(const Executed& block) {
  for (const auto& discarded : block.discarded) dropped(discarded.identity, discarded.why);
}

consensus::Position Replica::durable() const {
  MutexLock lock(mutex_);
  return {tip_->record.height, tip_->log_root};
}

std::uint64_t Replica::next_height() const {
  MutexLock lock(mutex_);
  return committed_height_ + 1;
}

std::size_t Replica::select(std::span<const Buffer> pending, std::size_t bytes_max) const {
  std::size_t bytes = 0, count = 0;
  while (count < pending.size() && (count == 0 || bytes + pending[count].size() <= bytes_max))
    bytes += pending[count++].size();
  return count;
}

Result<Digest> Replica::admit(ByteView bytes) {
  auto tried = try_statement(bytes);
  if (!tried) return std::unexpected(std::move(tried).error().error);
  return *tried;
}

std::expected<Digest, Rejection> Replica::try_statement(ByteView bytes) const {
  TRY(damage_.demand_none());
  TRY(const auto submission, statement::parse(bytes));
  if (submission.withheld != 0) return std::unexpected(Rejection(statement::Refusal::withheld, {}, {}));
  auto state = door_.take(read(), *reader_);
  auto tried = try_on(*state, submission, bytes.size());
  door_.give_back(std::move(state));
  return tried;
}

std::expected<Digest, Rejection> Replica::try_on(DoorState& state, const statement::Submission& submission,
                                                 std::size_t bytes) const {
  const auto& tip = state.reading.tip().record;
  const auto now = static_cast<std::uint64_t>(environment_.clock.now_ms());
  const ledger::BlockContext block{ledger_, tip.height + 1, std::max(now, tip.time_ms)};
  const auto checked = ledger::check_signatures(submission, block, state.before, memo_, state.decoded);
  TRY(state.before.demand_sound());
  TRY(checked);
  ledger::Overlay trial(state.before);
  const auto fate = ledger::execute(submission, bytes, block, state.before, trial, memo_);
  TRY(state.before.demand_sound());
  if (fate.standing == ledger::Standing::discarded)
    return std::unexpected(Rejection(fate.why.refusal, fate.why.subject, fate.why.object));
  if (std::ranges::none_of(fate.bodies, &ledger::BodyFate::accepted)) {
    const auto& first = fate.bodies.front();
    return std::unexpected(Rejection(first.refusal, first.subject, first.object));
  }
  TRY(demand_still_named(trial));
  return submission.identity;
}

// A block after which no key of ours can sign would end the node, and its ledger with it: such an incarnation is begun
// by a node that has the new keys, when that starts.
Result<void> Replica::demand_still_named(const ledger::Overlay& after) const {
  const auto change = after.changes().find(path::policy());
  if (change == after.changes().end()) return {};
  TRY(const auto policy, proof::parse_policy(change->second.value));
  if (signer_.is_named_in(policy)) return {};
  return fail(Code::forbidden,
              "it names other checkpoint keys than this node's: give it to `mikusari node begin-recovery` instead");
}

Result<void> Replica::check(const consensus::Block& block) {
  TRY(damage_.demand_none());
  const TreeSource before = newest_state();
  ledger::Decoded decoded;
  const ledger::BlockContext context{ledger_, block.height, block.time_ms};
  for (const auto& bytes : block.submissions) {
    TRY(const auto submission, statement::parse(bytes));
    if (submission.withheld != 0) return fail(Code::invalid, "a body of the statement is withheld");
    const auto checked = ledger::check_signatures(submission, context, before, memo_, decoded);
    TRY(before.demand_sound());
    TRY(checked);
  }
  return {};
}

Result<consensus::Execution> Replica::execute(const consensus::Block& block) {
  if (block.height < next_height()) return fail(Code::internal, "the engine asked for a height that is gone");
  TRY(damage_.demand_none());
  // What no key of ours can sign is not built upon.
  TRY(signer_.demand_named_in(policy_of(end_)));
  executed_.reset();
  const TreeSource before = newest_state();
  TRY(auto executed, Executor(ledger_, *tree_, memo_).run(end_, before, block));
  const std::size_t taken = executed->taken;
  if (executed->empty()) {
    notify_discarded(*executed);
    return consensus::Execution{{end_.record.height, end_.log.root()}, taken};
  }
  executed_ = std::move(executed);
  return consensus::Execution{{block.height, executed_->end.log.root()}, taken};
}

void Replica::index(const Executed& block, Position frame) {
  const auto& record = block.end.record;
  const auto& places = block.frame.places;
  std::uint64_t leaf = record.first_leaf;
  std::vector<bool> accepted;
  for (std::size_t s = 0; s < block.fates.size(); ++s) {
    accepted.clear();
    for (const auto& body : block.fates[s].bodies) accepted.push_back(body.accepted());
    indexes_.add_submission(
        block.statements[s], accepted,
        {shifted(places.submissions[s], frame), shifted(places.fates[s], frame), record.height, leaf});
    leaf += static_cast<std::uint64_t>(std::ranges::count(accepted, true));
  }
  for (const auto& list : block.lists) indexes_.add_list(list.key, list.record, list.entries, shifted(list.row, frame));
  indexes_.blocks.append({record.height, frame, record.time_ms, record.first_leaf});
}

Result<void> Replica::commit() {
  if (!executed_) return fail(Code::internal, "the engine commits what was not executed");
  auto& block = *executed_;
  block.end.withheld = end_.withheld;
  if (decides(block)) {
    TRY(const auto frame, decode_frame(block.frame.bytes));
    TRY(const auto withheld, withheld_by(frame));
    block.end.withheld += withheld.size();
    if (!withheld.empty()) TRY(note_withheld(environment_.files, options_.directory));
  }
  TRY(const auto place, chain_->append(block.end.block, block.frame.bytes));
  block.place_rows(place.position);
  TRY(log_store_->append(block.leaves));
  index(block, place.position);
  block.frame = {};
  block.statements.clear();
  block.leaves.clear();
  block.lists.clear();
  end_ = block.end;
  MutexLock lock(mutex_);
  committed_height_ = end_.record.height;
  committed_.push_back(std::move(executed_));
  return {};
}

void Replica::add_to_counters(const Executed& block) {
  ++counters_.blocks;
  counters_.discarded += block.discarded.size();
  counters_.submissions += block.fates.size();
  for (const auto& fate : block.fates) {
    for (const auto& body : fate.bodies) ++(body.accepted() ? counters_.bodies_committed : counters_.bodies_refused);
  }
}

Result<void> Replica::flush() {
  MutexLock signing(signing_);
  // Until they are published the blocks stay where they are, whatever fails: newer ones stand on their state.
  std::size_t count = 0;
  LedgerEnd newest;
  {
    MutexLock lock(mutex_);
    count = committed_.size();
    if (count == 0) return {};
    newest = committed_.back()->end;
  }
  TRY(chain_->sync());
  TRY(signer_.demand_named_in(policy_of(newest)));
  TRY(auto checkpoint, checkpointer_->sign({newest.block, newest.log.size(), newest.log.root()}));
  TRY(auto tip, make_tip(newest, std::move(checkpoint)));
  std::vector<std::unique_ptr<Executed>> blocks;
  {
    MutexLock lock(mutex_);
    const auto end = committed_.begin() + static_cast<std::ptrdiff_t>(count);
    blocks.assign(std::make_move_iterator(committed_.begin()), std::make_move_iterator(end));
    committed_.erase(committed_.begin(), end);
    for (auto& block : blocks) tree_->publish(*std::move(block->staged));
    tip_ = std::move(tip);
    ++counters_.flushes;
    for (const auto& block : blocks) add_to_counters(*block);
  }
  for (const auto& block : blocks) {
    for (const auto& fate : block->fates) notify(fate.identity, {});
    notify_discarded(*block);
  }
  return {};
}

}  // namespace mikusari::replica
