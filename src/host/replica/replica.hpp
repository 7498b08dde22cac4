// SPDX-License-Identifier: Apache-2.0
// A ledger on this machine: the chain file, the state computed from it, and what it publishes.
//
// Implements Application for an engine, and answers readers from the last published version: what is executed, even
// committed, is seen by nobody before it is synced and its checkpoint signed. Opening rebuilds the state from the
// frames and demands the recorded roots.
//
// A checkpoint is signed under the trust policy that the state has after its block. A node whose key is not in that
// policy publishes nothing and orders nothing; a new key begins with the block of the incarnation that names it.
//
// Stored bytes that are not what was written are found when they are read, by whomever: from then on nothing is ordered
// and nothing signed any more, and the error says which row it is.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "consensus/application.hpp"
#include "merkle/compact_range.hpp"
#include "platform/parallel.hpp"
#include "replica/answers.hpp"
#include "replica/checkpointer.hpp"
#include "replica/door.hpp"
#include "replica/executor.hpp"
#include "replica/recovery.hpp"
#include "replica/signature_memo.hpp"

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
  std::string signer_name;         // this node's, in the ledger's trust policy
  std::uint64_t segment_bytes_max = 256 * 1024 * 1024;
  // The submission of a ledger.incarnation that names this node's keys, while the policy in force does not: it is
  // ordered before anything else. Passed over once it is in force.
  std::optional<platform::Buffer> incarnation = std::nullopt;
};

struct Counters {
  std::uint64_t submissions = 0, bodies_committed = 0, bodies_refused = 0, blocks = 0, flushes = 0, discarded = 0;
};

class Replica final : public consensus::Application {
 public:
  // Errors: `invalid` genesis; `conflict` when the store is of another ledger or of the first form; `corrupt` naming
  // what is wrong (a bad frame, a root that is not met, a store older than what its signer has signed); `forbidden`
  // when the policy in force does not name the signers' keys and no incarnation does; what is wrong with the
  // incarnation.
  static Result<std::unique_ptr<Replica>> open(const Environment& environment, Options options,
                                               Checkpointer::Signers signers);
  ~Replica() override;

  const Digest& ledger() const { return ledger_; }
  const Genesis& genesis() const { return genesis_; }
  // The trust policy of what is published.
  PolicyBytes policy() const;

  Reading read() const;

  // Calls `then` once, when the statement with this identity is published: at once if it is, and with the reason when
  // the node ends first or the statement was discarded. Call it before the submission goes to the engine.
  using Outcome = std::expected<void, Rejection>;
  using Waiter = std::function<void(Outcome)>;
  void when_published(const Digest& identity, Waiter then);
  // The statement will not be executed after all: whoever waits for it is told why.
  void dropped(const Digest& identity, const Rejection& why);
  // Lets go of all waiters with an error.
  void stop_waiting(const Error& why);
  std::size_t waiting() const;

  // The door, with the whole reason: admit() for whoever tells people.
  std::expected<Digest, Rejection> try_statement(ByteView submission) const;

  // Signs the published log again with the time now, so that its freshness can be seen. Not beside flush().
  Result<void> beat();

  Counters counters() const;
  // `corrupt`, naming the row, once stored bytes were found that are not what was written: the node must stop.
  Result<void> health() const { return damage_.demand_none(); }

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
  Result<void> open_store(Checkpointer::Signers signers);
  Result<void> open_chain(Recovery& recovery, const Checkpointer::Memory& memory);
  Result<void> found_ledger();
  Result<void> note_texts_to_go(std::span<const WithheldBody> withheld);
  Result<void> check_continues_what_was_signed(const Checkpointer::Memory& memory, const Recovery& recovery) const;
  Result<void> begin_incarnation();
  Result<void> publish_end();
  TreeSource newest_state() const;
  std::expected<Digest, Rejection> try_on(DoorState& state, const statement::Submission& submission,
                                          std::size_t bytes) const;
  Result<void> demand_still_named(const ledger::Overlay& after) const;
  void index(const Executed& block, Position frame);
  Result<std::shared_ptr<const Tip>> make_tip(const LedgerEnd& end, platform::Buffer checkpoint) const;
  void add_to_counters(const Executed& block) MIKUSARI_REQUIRES(mutex_);
  void notify(const Digest& identity, const Outcome& how);
  void notify_discarded(const Executed& block);

  const Environment environment_;
  const Options options_;
  Genesis genesis_;
  Digest ledger_;
  SignerIdentity signer_;

  std::unique_ptr<platform::DirectoryLock> store_lock_;
  mutable Damage damage_;
  std::unique_ptr<storage::ChainFile> chain_;
  std::unique_ptr<LogStore> log_store_;
  std::unique_ptr<ChainReader> reader_;
  std::unique_ptr<StateTree> tree_;
  Indexes indexes_;
  mutable SignatureMemo memo_;
  mutable Door door_;

  // The engine's thread only.
  LedgerEnd end_;
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
