// SPDX-License-Identifier: Apache-2.0
#include "replica/audit.hpp"

#include <algorithm>

#include "replica/adoption.hpp"
#include "replica/checkpointer.hpp"
#include "replica/executor.hpp"
#include "replica/memory_state.hpp"
#include "replica/recovery.hpp"
#include "statement/path.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

class CountingSignatures final : public ledger::Signatures {
 public:
  Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) override {
    ++count;
    return crypto::verify(key, message, signature);
  }
  std::uint64_t count = 0;
};

bool same(const Row& a, const Row& b) { return a.key == b.key && equal(a.value, b.value) && equal(a.sides, b.sides); }

// Where a stored frame differs from the one that execution gives, in words.
const char* difference(const DecodedFrame& stored, const Executed& made) {
  if (stored.submissions.size() != made.fates.size())
    return "it holds a statement that the ledger would have discarded";
  const auto again = decode_frame(made.frame.bytes);
  ASSERT(again.has_value());
  if (!std::ranges::equal(stored.rows, again->rows, same)) return "it stores another state than its statements give";
  if (!equal(stored.record_bytes, again->record_bytes)) return "its record is not the one that its statements give";
  return "it stores other fates, or places of earlier rows, than its statements give";
}

class Audit {
 public:
  Audit(const AuditOptions& options, platform::Workers& workers, const Genesis& genesis)
      : options_(options), genesis_(genesis), tree_(state_, workers) {
    report_.ledger = crypto::sha256(options.genesis);
  }

  Result<void> take(const storage::Frame& stored) {
    auto taken = verify(stored);
    if (!taken) return std::unexpected(std::move(taken).error().with_context("block " + std::to_string(stored.height)));
    if (options_.progress) options_.progress(stored.height);
    return {};
  }

  std::vector<Checkpointer::Memory> signed_logs;  // oldest first
  bool compared_all() const { return compared_ == signed_logs.size(); }
  std::uint64_t newest_block() const { return end_.block; }
  // Number of the block with which the present epoch of the trust policy began.
  std::uint64_t epoch_began() const { return epoch_began_; }
  Result<void> check_withheld() const;
  const AuditReport& report() {
    report_.signatures = signatures_.count;
    report_.things = state_.size();
    return report_;
  }

 private:
  Result<void> verify(const storage::Frame& stored);
  Result<void> execute(const storage::Frame& stored, const DecodedFrame& frame);
  Result<void> adopt(const storage::Frame& stored, const DecodedFrame& frame,
                     std::span<const statement::Submission> submissions);
  Result<void> compare_signed();

  const AuditOptions& options_;
  const Genesis& genesis_;
  MemoryState state_;
  StateTree tree_;
  CountingSignatures signatures_;
  LedgerEnd end_;
  AuditReport report_;
  std::vector<WithheldBody> withheld_;  // that blocks did not show
  std::size_t compared_ = 0;            // of signed_logs
  std::uint64_t epoch_began_ = 0;
};

Result<void> Audit::verify(const storage::Frame& stored) {
  TRY(const auto frame, decode_frame(stored.payload));
  TRY(check_order(frame, stored.height == 0 ? nullptr : &end_, options_.genesis, report_.ledger));
  TRY(const auto submissions, parse_submissions(frame));
  const auto hides = [](const statement::Submission& submission) { return submission.withheld != 0; };
  const bool adopted = std::ranges::any_of(submissions, hides);
  TRY(adopted ? adopt(stored, frame, submissions) : execute(stored, frame));
  for (const auto& fate : frame.fates) {
    ++report_.statements;
    for (const auto body : fate.bodies) ++(body.accepted() ? report_.bodies_committed : report_.bodies_refused);
  }
  if (end_.block == 0 || end_.record.policy_epoch != report_.newest.policy_epoch) epoch_began_ = end_.block;
  report_.newest = end_.record;
  report_.log_size = end_.log.size();
  report_.log_root = end_.log.root();
  return compare_signed();
}

Result<void> Audit::execute(const storage::Frame& stored, const DecodedFrame& frame) {
  Executor executor(report_.ledger, tree_, signatures_);
  std::unique_ptr<Executed> made;
  if (stored.height == 0) {
    TRY(made, executor.found(genesis_, options_.genesis));
  } else {
    TRY(made, executor.run(end_, state_, {frame.record.height, frame.record.time_ms, frame.submissions}));
  }
  if (made->empty()) return fail(Code::corrupt, "it holds nothing that the ledger would have accepted");
  if (!equal(made->frame.bytes, stored.payload)) return fail(Code::corrupt, difference(frame, *made));
  made->place_rows(stored.position);
  state_.apply(frame, stored.position);
  tree_.publish(*std::move(made->staged));
  end_ = std::move(made->end);
  return {};
}

Result<void> Audit::adopt(const storage::Frame& stored, const DecodedFrame& frame,
                          std::span<const statement::Submission> submissions) {
  TRY(auto adopted, replica::adopt(frame, submissions, end_, state_, tree_, signatures_));
  for (std::size_t i = 0; i < frame.rows.size(); ++i)
    adopted.staged.set_place(i, shifted(frame.places.rows[i], stored.position));
  state_.apply(frame, stored.position);
  tree_.publish(std::move(adopted.staged));
  end_ = std::move(adopted.end);
  withheld_.insert(withheld_.end(), adopted.withheld.begin(), adopted.withheld.end());
  ++report_.adopted_blocks;
  report_.bodies_withheld += adopted.withheld.size();
  return {};
}

// Nothing may be left out but what the ledger itself has decided to withhold.
Result<void> Audit::check_withheld() const {
  for (const auto& body : withheld_) {
    if (state_.exists(path::withheld(body.identity, body.index))) continue;
    return std::unexpected(Error(Code::corrupt, "its text is missing, and the ledger has not decided to withhold it")
                               .with_context("body " + std::to_string(body.index) + " of the statement " +
                                             platform::to_hex(body.identity)));
  }
  return {};
}

Result<void> Audit::compare_signed() {
  if (compared_ == signed_logs.size() || signed_logs[compared_].block != end_.block) return {};
  const auto& was = signed_logs[compared_++];
  if (end_.log.size() != was.size || end_.log.root() != was.root) {
    return fail(Code::corrupt, "its log is not the one that the node's key has signed: history was rewritten");
  }
  return {};
}

// What the signer's memory says was signed against what the store holds.
Result<void> compare_memory(const Audit& audit) {
  if (audit.signed_logs.empty()) {
    // A new key's memory begins with the block that named it.
    if (audit.newest_block() == audit.epoch_began()) return {};
    return fail(Code::corrupt, "the signer's memory is empty, and the store has blocks: it is not this store's memory");
  }
  if (audit.signed_logs.back().block > audit.newest_block()) {
    return fail(Code::corrupt, "the store ends before what the node's key has signed: blocks are missing at its end");
  }
  if (!audit.compared_all()) return fail(Code::corrupt, "the signer's memory names blocks out of their order");
  return {};
}

}  // namespace

Result<AuditReport> audit(platform::Files& files, platform::Workers& workers, const AuditOptions& options) {
  TRY(const auto genesis, read_genesis(options.genesis));
  Audit auditor(options, workers, genesis);
  const Digest ledger = crypto::sha256(options.genesis);
  storage::ChainSource source{files, platform::join(options.directory, "chain"), ledger};
  if (options.signer_memory_path) {
    TRY(auditor.signed_logs, Checkpointer::recall(files, *options.signer_memory_path, ledger));
    if (!auditor.signed_logs.empty()) source.durable_height = auditor.signed_logs.back().block;
  }
  TRY(const auto scanned, storage::scan(source, [&](const storage::Frame& frame) { return auditor.take(frame); }));
  if (scanned.frames == 0) return fail(Code::not_found, "the store holds no block");
  TRY(auditor.check_withheld());
  if (options.signer_memory_path) TRY(compare_memory(auditor));
  AuditReport report = auditor.report();
  report.chain_bytes = scanned.end;
  if (scanned.torn_tail) {
    report.torn_tail = scanned.torn_tail->segment + ": " + std::to_string(scanned.torn_tail->bytes) +
                       " bytes after the last whole frame (" + scanned.torn_tail->why + ")";
  }
  return report;
}

}  // namespace mikusari::replica
