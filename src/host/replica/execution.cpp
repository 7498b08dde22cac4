// SPDX-License-Identifier: Apache-2.0
// Replica as an Application: the door, execution, commit and publication.
#include <algorithm>

#include "replica/replica.hpp"
#include "replica/tree_source.hpp"

namespace mikusari::replica {

using platform::Buffer;
using platform::MutexLock;

TreeSource Replica::newest_state() const {
  return TreeSource([this](const Digest& key) { return tree_->candidate(head_.state, key); }, *chain_);
}

void Replica::notify_discarded(const Executed& block) {
  for (const auto& identity : block.discarded) {
    // A second copy beside an original that is committed and not yet published: who waits is told with the original.
    if (fates_.find(identity)) continue;
    notify(identity, fail(Code::conflict, "the ledger discarded the statement: its counter n was used before"));
  }
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
  TRY(const auto submission, statement::parse(bytes));
  const Reading reading = read();
  const auto& tip = reading.tip().record;
  const auto now = static_cast<std::uint64_t>(environment_.clock.now_ms());
  const ledger::BlockContext block{ledger_, tip.height + 1, std::max(now, tip.time_ms)};
  const TreeSource before([&](const Digest& key) { return reading.candidate(key); }, *chain_);
  TRY(ledger::check_signatures(submission, block, before, memo_));
  ledger::Overlay trial(before);
  const auto fate = ledger::execute(submission, block, before, trial, memo_);
  if (fate.standing == ledger::Standing::discarded) {
    return fail(Code::conflict, "the counter n of this statement was used before: sign it again with a higher one");
  }
  if (std::ranges::none_of(fate.bodies, &ledger::BodyFate::accepted)) {
    const auto& first = fate.bodies.front();
    return std::unexpected(Rejection(first.refusal, first.subject, first.object));
  }
  return submission.identity;
}

Result<void> Replica::check(const consensus::Block& block) {
  const TreeSource before = newest_state();
  const ledger::BlockContext context{ledger_, block.height, block.time_ms};
  for (const auto& bytes : block.submissions) {
    TRY(const auto submission, statement::parse(bytes));
    TRY(ledger::check_signatures(submission, context, before, memo_));
  }
  return {};
}

Result<consensus::Execution> Replica::execute(const consensus::Block& block) {
  if (block.height != next_height()) return fail(Code::internal, "the engine asked for another height than the next");
  executed_.reset();
  const TreeSource before = newest_state();
  TRY(auto executed, Executor(ledger_, *tree_, memo_).run(head_, before, block));
  const std::size_t taken = executed->taken;
  if (executed->empty()) {
    notify_discarded(*executed);
    return consensus::Execution{{head_.record.height, head_.log.root()}, taken};
  }
  executed_ = std::move(executed);
  return consensus::Execution{{block.height, executed_->head.log.root()}, taken};
}

Result<void> Replica::commit() {
  if (!executed_) return fail(Code::internal, "the engine commits what was not executed");
  auto& block = *executed_;
  TRY(const auto place, chain_->append(block.head.record.height, block.frame.bytes));
  block.place_rows(place.position);
  TRY(log_store_->append(block.leaves));
  std::uint64_t leaf = block.head.record.first_leaf;
  for (std::size_t s = 0; s < block.fates.size(); ++s) {
    fates_.insert(block.fates[s].identity,
                  {shifted(block.frame.places.submissions[s], place.position),
                   shifted(block.frame.places.fates[s], place.position), block.head.record.height, leaf});
    leaf += static_cast<std::uint64_t>(std::ranges::count_if(block.fates[s].bodies, &ledger::BodyFate::accepted));
  }
  blocks_.append({place.position, place.size, block.head.record.time_ms});
  block.frame = {};
  block.submissions.clear();
  block.leaves.clear();
  head_ = block.head;
  MutexLock lock(mutex_);
  committed_height_ = head_.record.height;
  committed_.push_back(std::move(executed_));
  return {};
}

Result<void> Replica::flush() {
  MutexLock signing(signing_);
  // Until they are published the blocks stay where they are, whatever fails: newer ones stand on their state.
  std::size_t count = 0;
  Head newest;
  {
    MutexLock lock(mutex_);
    count = committed_.size();
    if (count == 0) return {};
    newest = committed_.back()->head;
  }
  TRY(chain_->sync());
  TRY(auto checkpoint, checkpointer_->sign({newest.record.height, newest.log.size(), newest.log.root()}));
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
    for (const auto& block : blocks) {
      ++counters_.blocks;
      counters_.discarded += block->discarded.size();
      counters_.submissions += block->fates.size();
      for (const auto& fate : block->fates) {
        for (const auto& body : fate.bodies)
          ++(body.accepted() ? counters_.bodies_committed : counters_.bodies_refused);
      }
    }
  }
  for (const auto& block : blocks) {
    for (const auto& fate : block->fates) notify(fate.identity, {});
    notify_discarded(*block);
  }
  return {};
}

}  // namespace mikusari::replica
