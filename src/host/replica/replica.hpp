// SPDX-License-Identifier: Apache-2.0
// A ledger on this machine: the chain file, the state computed from it, and what it publishes.
//
// Implements Application for an engine, and answers readers from the last published version: what is executed, even
// committed, is seen by nobody before it is synced and its checkpoint signed. Opening rebuilds the state from the
// frames and demands the recorded roots.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "consensus/application.hpp"
#include "merkle/compact_range.hpp"
#include "platform/parallel.hpp"
#include "replica/answers.hpp"
#include "replica/checkpointer.hpp"
#include "replica/executor.hpp"
#include "replica/rejection.hpp"
#include "replica/signature_memo.hpp"
#include "replica/tree_source.hpp"

namespace mikusari::replica {

struct Environment {
  platform::Files& files;
  platform::Clock& clock;
  platform::Random& random;
  platform::Workers& workers;
  platform::Log& log;
};

struct Options {
  std::string directory;           // chain/ and log/ are made in it
  std::string signer_memory_path;  // outside of the directory and of backups
  platform::Buffer genesis;        // encoded
  std::string signer_name;         // this node's, in the genesis' checkpoint signers
  std::uint64_t segment_bytes_max = 256 * 1024 * 1024;
};

struct Counters {
  std::uint64_t submissions = 0, bodies_committed = 0, bodies_refused = 0, blocks = 0, flushes = 0, discarded = 0;
};

class Replica final : public consensus::Application {
 public:
  // Errors: `invalid` genesis; `conflict` when the store is of another ledger; `corrupt` naming what is wrong (a bad
  // frame, a root that is not met, a store older than what its signer has signed).
  static Result<std::unique_ptr<Replica>> open(const Environment& environment, Options options,
                                               Checkpointer::Signers signers);
  ~Replica() override;

  const Digest& ledger() const { return ledger_; }
  const Genesis& genesis() const { return genesis_; }
  // Encoded proof::Policy in force.
  const platform::Buffer& policy() const { return policy_; }

  Reading read() const;

  // Calls `then` once, when the statement with this identity is published: at once if it is, and with an error when the
  // node ends first or the statement was discarded. Call it before the submission goes to the engine.
  using Waiter = std::function<void(Result<void>)>;
  void when_published(const Digest& identity, Waiter then);
  // Lets go of all waiters with an error.
  void stop_waiting(const Error& why);

  // The door, with the whole reason: admit() for whoever tells people.
  std::expected<Digest, Rejection> try_statement(ByteView submission) const;

  // Signs the published log again with the time now, so that its freshness can be seen. Not beside flush().
  Result<void> beat();

  Counters counters() const;

  // Application
  consensus::Position durable() const override;
  Result<Digest> admit(ByteView submission) override;
  std::uint64_t next_height() const override;
  std::size_t select(std::span<const platform::Buffer> pending, std::size_t bytes_max) const override;
  Result<void> check(const consensus::Block& block) override;
  Result<consensus::Execution> execute(const consensus::Block& block) override;
  Result<void> commit() override;
  Result<void> flush() override;

 private:
  Replica(const Environment& environment, Options options);
  Result<void> read_genesis();
  Result<void> open_store(Checkpointer::Signers signers);
  Result<void> found_ledger();
  Result<void> check_continues_what_was_signed(const Checkpointer::Memory& memory) const MIKUSARI_REQUIRES(signing_);
  TreeSource newest_state() const;
  Result<std::shared_ptr<const Tip>> make_tip(const Head& head, platform::Buffer checkpoint) const;
  void notify(const Digest& identity, const Result<void>& how);
  void notify_discarded(const Executed& block);

  const Environment environment_;
  const Options options_;
  Genesis genesis_;
  Digest ledger_;
  platform::Buffer policy_;

  std::unique_ptr<storage::ChainFile> chain_;
  std::unique_ptr<LogStore> log_store_;
  std::unique_ptr<ChainRows> rows_;
  std::unique_ptr<StateTree> tree_;
  FateIndex fates_;
  BlockIndex blocks_;
  mutable SignatureMemo memo_;

  // The engine's thread only.
  Head head_;
  std::unique_ptr<Executed> executed_;

  platform::Mutex signing_;  // taken before mutex_; held while the disk works
  std::unique_ptr<Checkpointer> checkpointer_ MIKUSARI_GUARDED_BY(signing_);

  mutable platform::Mutex mutex_;  // never held while the disk works
  std::vector<std::unique_ptr<Executed>> committed_ MIKUSARI_GUARDED_BY(mutex_);
  std::uint64_t committed_height_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  std::shared_ptr<const Tip> tip_ MIKUSARI_GUARDED_BY(mutex_);
  std::unordered_multimap<Digest, Waiter, BytesHash<32>> waiters_ MIKUSARI_GUARDED_BY(mutex_);
  std::optional<Error> stopped_ MIKUSARI_GUARDED_BY(mutex_);
  Counters counters_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
