// SPDX-License-Identifier: Apache-2.0
#include "replica/audit.hpp"

#include <unordered_map>

#include "crypto/hash.hpp"
#include "replica/checkpointer.hpp"
#include "replica/executor.hpp"

namespace mikusari::replica {
namespace {

using platform::Buffer;

// The whole state in memory: the audit reads nothing back from the store that it judges.
class MemoryState final : public ledger::Source, public Rows {
 public:
  std::optional<ByteView> value(const Digest& key) const override {
    const auto found = values_.find(key);
    return found == values_.end() ? std::nullopt : std::optional(ByteView(found->second));
  }
  bool exists(const Digest& key) const override { return values_.contains(key); }
  Result<Digest> key(const Place& place) const override { return keys_.at(place.position); }

  void apply(const DecodedFrame& frame, Position position) {
    for (std::size_t i = 0; i < frame.rows.size(); ++i) {
      values_.insert_or_assign(frame.rows[i].key, platform::copy(frame.rows[i].value));
      keys_.emplace(position + frame.places.rows[i].position, frame.rows[i].key);
    }
  }
  std::size_t size() const { return values_.size(); }

 private:
  std::unordered_map<Digest, Buffer, BytesHash<32>> values_;
  std::unordered_map<Position, Digest> keys_;
};

class CountingSignatures final : public ledger::Signatures {
 public:
  Result<void> verify(const crypto::PublicKey& key, ByteView message, const crypto::Signature& signature) override {
    ++count;
    return crypto::verify(key, message, signature);
  }
  std::uint64_t count = 0;
};

// Where a stored frame differs from the one that execution gives, in words.
const char* difference(const DecodedFrame& stored, const Executed& made) {
  if (stored.submissions.size() != made.submissions.size())
    return "it holds a statement that the ledger would have discarded";
  const auto again = decode_frame(made.frame.bytes);
  ASSERT(again.has_value());
  for (std::size_t i = 0; i < stored.rows.size(); ++i) {
    if (i >= again->rows.size() || stored.rows[i].key != again->rows[i].key ||
        !equal(stored.rows[i].value, again->rows[i].value)) {
      return "it stores another state than its statements give";
    }
  }
  if (stored.rows.size() != again->rows.size()) return "it stores another state than its statements give";
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
  const AuditReport& report() {
    report_.signatures = signatures_.count;
    report_.things = state_.size();
    return report_;
  }

 private:
  Result<void> verify(const storage::Frame& stored);
  Result<void> compare_signed();

  const AuditOptions& options_;
  const Genesis& genesis_;
  MemoryState state_;
  StateTree tree_;
  CountingSignatures signatures_;
  Head head_;
  AuditReport report_;
  std::size_t compared_ = 0;  // of signed_logs
};

Result<void> Audit::verify(const storage::Frame& stored) {
  TRY(const auto frame, decode_frame(stored.payload));
  TRY(check_order(frame, stored.height == 0 ? nullptr : &head_, options_.genesis, report_.ledger));
  Executor executor(report_.ledger, tree_, signatures_);
  std::unique_ptr<Executed> made;
  if (stored.height == 0) {
    TRY(made, executor.found(genesis_, options_.genesis));
  } else {
    TRY(made, executor.run(head_, state_, {stored.height, frame.record.time_ms, frame.submissions}));
  }
  if (made->empty() || !equal(made->frame.bytes, stored.payload)) {
    return fail(Code::corrupt,
                made->empty() ? "it holds nothing that the ledger would have accepted" : difference(frame, *made));
  }
  for (const auto& fate : made->fates) {
    ++report_.statements;
    for (const auto& body : fate.bodies) ++(body.accepted() ? report_.bodies_committed : report_.bodies_refused);
  }
  made->place_rows(stored.position);
  state_.apply(frame, stored.position);
  tree_.publish(*std::move(made->staged));
  head_ = std::move(made->head);
  report_.newest = head_.record;
  report_.log_size = head_.log.size();
  report_.log_root = head_.log.root();
  return compare_signed();
}

Result<void> Audit::compare_signed() {
  if (compared_ == signed_logs.size() || signed_logs[compared_].height != head_.record.height) return {};
  const auto& was = signed_logs[compared_++];
  if (head_.log.size() != was.size || head_.log.root() != was.root) {
    return fail(Code::corrupt, "its log is not the one that the node's key has signed: history was rewritten");
  }
  return {};
}

}  // namespace

Result<AuditReport> audit(platform::Files& files, platform::Workers& workers, const AuditOptions& options) {
  TRY(const auto genesis, cbor::decode<Genesis>(options.genesis));
  TRY(mikusari::check(genesis));
  Audit auditor(options, workers, genesis);
  const Digest ledger = crypto::sha256(options.genesis);
  storage::ChainSource source{files, platform::join(options.directory, "chain"), ledger};
  if (options.signer_memory_path) {
    TRY(auditor.signed_logs, Checkpointer::recall(files, *options.signer_memory_path, ledger));
    if (!auditor.signed_logs.empty()) source.durable_height = auditor.signed_logs.back().height;
  }
  TRY(const auto scanned, storage::scan(source, [&](const storage::Frame& frame) { return auditor.take(frame); }));
  if (scanned.frames == 0) return fail(Code::not_found, "the store holds no block");
  AuditReport report = auditor.report();
  report.chain_bytes = scanned.end;
  if (!auditor.signed_logs.empty() && auditor.signed_logs.back().height > report.newest.height) {
    return fail(Code::corrupt, "the store ends before what the node's key has signed: blocks are missing at its end");
  }
  if (options.signer_memory_path && auditor.signed_logs.empty() && report.newest.height > 0) {
    return fail(Code::corrupt, "the signer's memory is empty, and the store has blocks: it is not this store's memory");
  }
  if (!auditor.compared_all()) return fail(Code::corrupt, "the signer's memory names heights out of their order");
  if (scanned.torn_tail) {
    report.torn_tail = scanned.torn_tail->segment + ": " + std::to_string(scanned.torn_tail->bytes) +
                       " bytes after the last whole frame (" + scanned.torn_tail->why + ")";
  }
  return report;
}

}  // namespace mikusari::replica
