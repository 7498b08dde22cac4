// SPDX-License-Identifier: Apache-2.0
// Replica as an Application: the door, execution, commit and publication.
#include <algorithm>

#include "crypto/hash.hpp"
#include "merkle/log.hpp"
#include "replica/executed.hpp"

namespace mikusari::replica {

using platform::Buffer;
using platform::MutexLock;

namespace {

Error refusal_error(const ledger::BodyFate& fate) {
  const auto& text = statement::text_of(fate.refusal);
  std::string context(text.name);
  if (!fate.subject.empty()) context += " (" + fate.subject + (fate.object.empty() ? "" : ", " + fate.object) + ")";
  return Error(text.code, text.english.data()).with_context(context);
}

Digest refused_root(const std::vector<ledger::SubmissionFate>& fates) {
  merkle::CompactRange range;
  for (const auto& fate : fates) {
    for (std::size_t i = 0; i < fate.bodies.size(); ++i) {
      if (!fate.bodies[i].accepted()) range.append(proof::refused_leaf(fate.identity, i, fate.bodies[i].refusal));
    }
  }
  return range.root();
}

}  // namespace

// A tree or chain file that cannot be read stops the node: a rule must not take it for absence.
std::optional<Place> Replica::TreeSource::find(const Digest& key) const {
  auto found = find_(key);
  ASSERT(found.has_value());
  return *found;
}

std::optional<ByteView> Replica::TreeSource::value(const Digest& key) const {
  if (const auto found = rows_.find(key); found != rows_.end()) return found->second.row.value;
  const auto place = find(key);
  if (!place) return std::nullopt;
  auto stored = read_row(chain_, *place);
  ASSERT(stored.has_value() && stored->row.key == key);
  return rows_.emplace(key, *std::move(stored)).first->second.row.value;
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
  while (count < pending.size() && (count == 0 || bytes + pending[count].size() <= bytes_max)) bytes += pending[count++].size();
  return count;
}

Result<Digest> Replica::admit(ByteView bytes) {
  TRY(const auto submission, statement::parse(bytes));
  const Reading reading = read();
  const auto& tip = reading.tip().record;
  const auto now = static_cast<std::uint64_t>(environment_.clock.now_ms());
  const ledger::BlockContext block{ledger_, tip.height + 1, std::max(now, tip.time_ms)};
  const TreeSource before([&](const Digest& key) { return reading.place_of(key); }, *chain_);
  TRY(ledger::check_signatures(submission, block, before, memo_));
  ledger::Overlay trial(before);
  const auto fate = ledger::execute(submission, block, before, trial, memo_);
  if (fate.standing == ledger::Standing::discarded) {
    return fail(Code::conflict, "the counter n of this statement was used before: sign it again with a higher one");
  }
  if (std::ranges::none_of(fate.bodies, &ledger::BodyFate::accepted)) return std::unexpected(refusal_error(fate.bodies.front()));
  return submission.identity;
}

Result<void> Replica::check(const consensus::Block& block) {
  const TreeSource before([&](const Digest& key) { return tree_->find(head_.state, key); }, *chain_);
  const ledger::BlockContext context{ledger_, block.height, block.time_ms};
  for (const auto& bytes : block.submissions) {
    TRY(const auto submission, statement::parse(bytes));
    TRY(ledger::check_signatures(submission, context, before, memo_));
  }
  return {};
}

std::unique_ptr<Replica::Executed> Replica::run_block(const consensus::Block& block, std::uint64_t time_ms) {
  auto out = std::make_unique<Executed>();
  const TreeSource before([&](const Digest& key) { return tree_->find(head_.state, key); }, *chain_);
  ledger::Overlay state(before);
  const ledger::BlockContext context{ledger_, block.height, time_ms};
  for (const auto& bytes : block.submissions) {
    const auto submission = statement::parse(bytes);
    if (!submission) continue;
    auto fate = ledger::check_signatures(*submission, context, before, memo_)
                    ? ledger::execute(*submission, context, before, state, memo_)
                    : ledger::SubmissionFate{submission->identity, ledger::Standing::discarded, {}};
    if (fate.standing == ledger::Standing::discarded) {
      out->discarded.push_back(fate.identity);
      continue;
    }
    out->submissions.push_back(bytes);
    out->fates.push_back(std::move(fate));
  }
  out->head.record = {ledger_, block.height, time_ms, crypto::sha256(head_.record_bytes), {}, head_.log.size(), 0, {}, head_.record.policy_epoch};
  if (!out->fates.empty()) {
    auto sealed = seal(*out, state);
    ASSERT(sealed.has_value());
  }
  return out;
}

Result<void> Replica::seal(Executed& executed, const ledger::Overlay& state) {
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
    TRY(const auto place, tree_->find(head_.state, key));
    previous.push_back(place.value_or(Place{}));
    changes.push_back({key, crypto::sha256(change.value), {}, previous.back()});
  }
  TRY(auto staged, tree_->apply(head_.state, changes));
  executed.staged.emplace(std::move(staged));
  executed.head.state = executed.staged->version();
  record.map_root = executed.head.state.root();
  executed.head.record_bytes = platform::encode(record);
  executed.leaves.push_back(merkle::leaf_hash(executed.head.record_bytes));
  executed.head.log = head_.log;
  for (const auto& leaf : executed.leaves) executed.head.log.append(leaf);
  executed.frame = encode_frame({record, executed.submissions, executed.fates, state.changes(), previous});
  return {};
}

Result<consensus::Position> Replica::execute(const consensus::Block& block) {
  if (block.height != next_height()) return fail(Code::internal, "the engine asked for another height than the next");
  executed_.reset();
  executed_ = run_block(block, std::max(block.time_ms, head_.record.time_ms));
  if (executed_->fates.empty()) {
    for (const auto& identity : executed_->discarded) {
      notify(identity, fail(Code::conflict, "the ledger discarded the statement: its counter n was used before"));
    }
    executed_.reset();
    return consensus::Position{head_.record.height, head_.log.root()};
  }
  return consensus::Position{block.height, executed_->head.log.root()};
}

Result<void> Replica::commit() {
  if (!executed_) return fail(Code::internal, "the engine commits what was not executed");
  auto& block = *executed_;
  TRY(const auto place, chain_->append(block.head.record.height, block.frame.bytes));
  for (std::size_t i = 0; i < block.frame.places.rows.size(); ++i) block.staged->set_place(i, shifted(block.frame.places.rows[i], place.position));
  TRY(log_store_->append(block.leaves));
  std::uint64_t leaf = block.head.record.first_leaf;
  for (std::size_t s = 0; s < block.fates.size(); ++s) {
    fates_.insert(block.fates[s].identity, {shifted(block.frame.places.submissions[s], place.position),
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
  std::vector<std::unique_ptr<Executed>> blocks;
  {
    MutexLock lock(mutex_);
    blocks = std::exchange(committed_, {});
  }
  if (blocks.empty()) return {};
  TRY(chain_->sync());
  const Head& newest = blocks.back()->head;
  TRY(auto checkpoint, checkpointer_->sign({newest.record.height, newest.log.size(), newest.log.root()}));
  TRY(auto tip, make_tip(newest, std::move(checkpoint)));
  {
    MutexLock lock(mutex_);
    for (auto& block : blocks) tree_->publish(*std::move(block->staged));
    tip_ = std::move(tip);
    ++counters_.flushes;
    for (const auto& block : blocks) {
      ++counters_.blocks;
      counters_.discarded += block->discarded.size();
      counters_.submissions += block->fates.size();
      for (const auto& fate : block->fates) {
        for (const auto& body : fate.bodies) ++(body.accepted() ? counters_.bodies_committed : counters_.bodies_refused);
      }
    }
  }
  for (const auto& block : blocks) {
    for (const auto& fate : block->fates) notify(fate.identity, {});
    for (const auto& identity : block->discarded) {
      notify(identity, fail(Code::conflict, "the ledger discarded the statement: its counter n was used before"));
    }
  }
  return {};
}

}  // namespace mikusari::replica
