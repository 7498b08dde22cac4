// SPDX-License-Identifier: Apache-2.0
// Replica: how it comes back from its store, and what it demands before it signs.
#include <algorithm>

#include "crypto/hash.hpp"
#include "replica/replica.hpp"

namespace mikusari::replica {

using platform::MutexLock;

Result<std::unique_ptr<Replica>> Replica::open(const Environment& environment, Options options,
                                               Checkpointer::Signers signers) {
  std::unique_ptr<Replica> out(new Replica(environment, std::move(options)));
  TRY(out->genesis_, read_genesis(out->options_.genesis));
  out->ledger_ = crypto::sha256(out->options_.genesis);
  auto opened = out->open_store(std::move(signers));
  // Where in the chain it was seen says nothing: all of it is so.
  if (!opened && opened.error().text() == first_form_text) return fail(Code::conflict, first_form_text);
  TRY(std::move(opened));
  return out;
}

Result<void> Replica::open_store(Checkpointer::Signers signers) {
  Checkpointer::Memory memory;
  {
    MutexLock signing(signing_);
    TRY(checkpointer_, Checkpointer::open(environment_.files, options_.signer_memory_path, ledger_,
                                          options_.signer_name, std::move(signers), environment_.clock));
    memory = checkpointer_->memory();
    signer_ = checkpointer_->identity();
  }
  // The log's files are cut to their size when they are opened: not under a node that writes them.
  TRY(environment_.files.make_directory(options_.directory));
  TRY(store_lock_, environment_.files.lock(options_.directory));
  TRY(log_store_, LogStore::open(environment_.files, platform::join(options_.directory, "log")));
  Recovery recovery(options_.genesis, ledger_, *log_store_, indexes_);
  TRY(open_chain(recovery, memory));
  TRY(note_texts_to_go(recovery.withheld()));
  TRY(check_continues_what_was_signed(memory, recovery));
  {
    MutexLock lock(mutex_);
    committed_height_ = end_.record.height;
  }
  if (signer_.is_named_in(policy_of(end_))) return publish_end();
  TRY(begin_incarnation());
  return flush();
}

Result<void> Replica::open_chain(Recovery& recovery, const Checkpointer::Memory& memory) {
  storage::ChainSource source{environment_.files, platform::join(options_.directory, "chain"), ledger_};
  if (memory.size != 0) source.durable_height = memory.block;
  TRY(chain_, storage::ChainFile::open(source, {environment_.random, environment_.log, options_.segment_bytes_max},
                                       [&](const storage::Frame& frame) { return recovery.take(frame); }));
  reader_ = std::make_unique<ChainReader>(*chain_, damage_);
  tree_ = std::make_unique<StateTree>(*reader_, environment_.workers);
  if (recovery.frames() == 0) return found_ledger();
  TRY(end_, recovery.finish(*tree_, source));
  return {};
}

Result<void> Replica::found_ledger() {
  if (!options_.incarnation) TRY(signer_.demand_named_in(proof::policy_of(genesis_, ledger_)));
  TRY(auto block, Executor(ledger_, *tree_, memo_).found(genesis_, options_.genesis));
  TRY(const auto place, chain_->append(0, block->frame.bytes));
  TRY(chain_->sync());
  TRY(log_store_->reset());
  TRY(log_store_->append(block->leaves));
  block->place_rows(place.position);
  index(*block, place.position);
  tree_->publish(*std::move(block->staged));
  end_ = std::move(block->end);
  return {};
}

Result<void> Replica::note_texts_to_go(std::span<const WithheldBody> withheld) {
  for (const auto& body : withheld) {
    const auto place = indexes_.fates.find(body.identity);
    if (!place) continue;
    TRY(const auto stored, reader_->statement(place->submission));
    if (!can_be_withheld(stored.submission.statement.payload.kind)) continue;
    std::uint64_t index = 0;
    for (const auto salted : stored.submission.bodies) {
      if (index++ == body.index && can_be_taken_out(salted))
        return note_withheld(environment_.files, options_.directory);
    }
  }
  return {};
}

Result<void> Replica::check_continues_what_was_signed(const Checkpointer::Memory& memory,
                                                      const Recovery& recovery) const {
  if (memory.size == 0) {
    // A key's first checkpoint is signed before any block is ordered behind the one that named it.
    const auto named = std::ranges::find_if(recovery.policies(), [&](const auto& begun) {
      return signer_.is_named_in(*cbor::decode<proof::Policy>(*begun.policy));
    });
    if (end_.block == 0 || named == recovery.policies().end() || named->block == end_.block) return {};
    return fail(Code::corrupt,
                "the signer's memory is empty, and the store has blocks: it is not the memory of this store. Put back "
                "the right one; without it this key must not sign");
  }
  if (end_.log.size() < memory.size) {
    return fail(Code::corrupt,
                "the store is older than what its signer has signed: somebody put back a copy. Restore the newest "
                "store, or go on as a new incarnation with a new checkpoint key");
  }
  TRY(const auto root, log_store_->root_at(memory.size));
  if (root == memory.root) return {};
  return fail(
      Code::corrupt,
      "the store does not continue what its signer has signed: its history is another. Restore the right store");
}

// The first block of a new incarnation: its step, and nothing else.
Result<void> Replica::begin_incarnation() {
  if (!options_.incarnation) return signer_.demand_named_in(policy_of(end_));
  TRY(const auto submission, statement::parse(*options_.incarnation));
  if (submission.statement.payload.kind != incarnation::Begin::kind.number || submission.withheld != 0)
    return fail(Code::invalid, "what shall begin an incarnation is another statement");
  TRY(const auto begin, cbor::decode<incarnation::Begin>((*submission.bodies.begin()).body));
  if (begin.size != end_.log.size() || begin.root != end_.log.root())
    return fail(Code::conflict, "the incarnation continues another log than the one in this store");
  const auto now = static_cast<std::uint64_t>(environment_.clock.now_ms());
  TRY(executed_, Executor(ledger_, *tree_, memo_)
                     .run(end_, newest_state(), {end_.record.height + 1, now, {*options_.incarnation}}));
  if (executed_->empty())
    return std::unexpected(executed_->discarded.front().why.error.with_context("the incarnation was discarded"));
  if (const auto& fate = executed_->fates.front().bodies.front(); !fate.accepted()) {
    const Rejection why(fate.refusal, fate.subject, fate.object);
    return std::unexpected(why.error.with_context("the incarnation was refused"));
  }
  TRY(signer_.demand_named_in(policy_of(executed_->end)));
  return commit();
}

Result<void> Replica::publish_end() {
  MutexLock signing(signing_);
  TRY(auto checkpoint, checkpointer_->sign({end_.block, end_.log.size(), end_.log.root()}));
  TRY(auto tip, make_tip(end_, std::move(checkpoint)));
  MutexLock lock(mutex_);
  tip_ = std::move(tip);
  return {};
}

}  // namespace mikusari::replica
