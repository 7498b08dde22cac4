// SPDX-License-Identifier: Apache-2.0
#include "replica/replica.hpp"

#include "crypto/hash.hpp"

namespace mikusari::replica {

using platform::Buffer;
using platform::MutexLock;

namespace {

constexpr std::size_t remembered_signatures = 200'000;

}  // namespace

Replica::Replica(const Environment& environment, Options options)
    : environment_(environment), options_(std::move(options)), memo_(remembered_signatures) {}

Replica::~Replica() {
  if (log_store_) std::ignore = log_store_->sync();  // so that the next start need not compute it again
  stop_waiting(Error(Code::unavailable, "the node has stopped; ask for the statement's fate when it is back"));
}

Result<std::unique_ptr<Replica>> Replica::open(const Environment& environment, Options options,
                                               Checkpointer::Signers signers) {
  std::unique_ptr<Replica> out(new Replica(environment, std::move(options)));
  TRY(out->read_genesis());
  TRY(out->open_store(std::move(signers)));
  return out;
}

Result<void> Replica::read_genesis() {
  TRY(genesis_, cbor::decode<Genesis>(options_.genesis));
  TRY(mikusari::check(genesis_));
  ledger_ = crypto::sha256(options_.genesis);
  policy_ = platform::encode(proof::policy_of(genesis_, ledger_));
  TRY(proof::parse_policy(policy_));
  return {};
}

Result<void> Replica::open_store(Checkpointer::Signers signers) {
  MutexLock signing(signing_);
  TRY(checkpointer_, Checkpointer::open(environment_.files, options_.signer_memory_path, ledger_, options_.signer_name,
                                        std::move(signers), environment_.clock));
  const auto& memory = checkpointer_->memory();
  TRY(log_store_, LogStore::open(environment_.files, platform::join(options_.directory, "log")));
  Recovery recovery(options_.genesis, ledger_, *log_store_, fates_, blocks_);
  storage::ChainSource source{environment_.files, platform::join(options_.directory, "chain"), ledger_};
  if (memory.size != 0) source.durable_height = memory.height;
  TRY(chain_, storage::ChainFile::open(source, {environment_.random, environment_.log, options_.segment_bytes_max},
                                       [&](const storage::Frame& frame) { return recovery.take(frame); }));
  rows_ = std::make_unique<ChainRows>(*chain_);
  tree_ = std::make_unique<StateTree>(*rows_, environment_.workers);
  if (recovery.frames() == 0) {
    TRY(found_ledger());
  } else {
    TRY(head_, recovery.finish(*tree_, source));
  }
  TRY(check_continues_what_was_signed(memory));
  TRY(auto checkpoint, checkpointer_->sign({head_.record.height, head_.log.size(), head_.log.root()}));
  TRY(auto tip, make_tip(head_, std::move(checkpoint)));
  MutexLock lock(mutex_);
  tip_ = std::move(tip);
  committed_height_ = head_.record.height;
  return {};
}

Result<void> Replica::check_continues_what_was_signed(const Checkpointer::Memory& memory) const {
  if (memory.size == 0) {
    // The first checkpoint is signed before the first block is ordered.
    if (head_.record.height == 0) return {};
    return fail(Code::corrupt,
                "the signer's memory is empty, and the store has blocks: it is not the memory of this store. Put back "
                "the right one; without it this key must not sign");
  }
  if (head_.log.size() < memory.size) {
    return fail(Code::corrupt,
                "the store is older than what its signer has signed: somebody put back a copy. Restore the newest "
                "store, or found the node anew with a new checkpoint key");
  }
  TRY(const auto root, log_store_->root_at(memory.size));
  if (root == memory.root) return {};
  return fail(
      Code::corrupt,
      "the store does not continue what its signer has signed: its history is another. Restore the right store");
}

Result<void> Replica::found_ledger() {
  TRY(auto block, Executor(ledger_, *tree_, memo_).found(genesis_, options_.genesis));
  TRY(const auto place, chain_->append(0, block->frame.bytes));
  TRY(chain_->sync());
  TRY(log_store_->reset());
  TRY(log_store_->append(block->leaves));
  blocks_.append({place.position, place.size, genesis_.time_ms});
  block->place_rows(place.position);
  tree_->publish(*std::move(block->staged));
  head_ = std::move(block->head);
  return {};
}

Result<std::shared_ptr<const Tip>> Replica::make_tip(const Head& head, Buffer checkpoint) const {
  auto tip = std::make_shared<Tip>();
  tip->record = head.record;
  tip->record_bytes = head.record_bytes;
  tip->log_size = head.log.size();
  tip->log_root = head.log.root();
  TRY(tip->log_path, log_store_->inclusion(head.log.size() - 1, head.log.size()));
  tip->checkpoint = std::move(checkpoint);
  return tip;
}

Reading Replica::read() const {
  MutexLock lock(mutex_);
  return Reading(tip_, tree_->read(), *chain_, *log_store_, fates_, blocks_);
}

Result<void> Replica::beat() {
  MutexLock signing(signing_);
  std::shared_ptr<const Tip> old;
  {
    MutexLock lock(mutex_);
    old = tip_;
  }
  auto tip = std::make_shared<Tip>(*old);
  TRY(tip->checkpoint, checkpointer_->sign({old->record.height, old->log_size, old->log_root}));
  MutexLock lock(mutex_);
  tip_ = std::move(tip);
  return {};
}

void Replica::when_published(const Digest& identity, Waiter then) {
  Result<void> how;
  {
    MutexLock lock(mutex_);
    const auto place = fates_.find(identity);
    if (stopped_) {
      how = std::unexpected(*stopped_);
    } else if (!place || place->height > tip_->record.height) {
      waiters_.emplace(identity, std::move(then));
      return;
    }
  }
  then(std::move(how));
}

void Replica::notify(const Digest& identity, const Result<void>& how) {
  std::vector<Waiter> ready;
  {
    MutexLock lock(mutex_);
    const auto [begin, end] = waiters_.equal_range(identity);
    for (auto each = begin; each != end; ++each) ready.push_back(std::move(each->second));
    waiters_.erase(begin, end);
  }
  for (const auto& then : ready) then(how);
}

void Replica::stop_waiting(const Error& why) {
  std::unordered_multimap<Digest, Waiter, BytesHash<32>> waiters;
  {
    MutexLock lock(mutex_);
    stopped_ = why;
    waiters = std::exchange(waiters_, {});
  }
  for (const auto& [identity, then] : waiters) then(std::unexpected(why));
}

Counters Replica::counters() const {
  MutexLock lock(mutex_);
  return counters_;
}

}  // namespace mikusari::replica
