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

Result<std::shared_ptr<const Tip>> Replica::make_tip(const LedgerEnd& end, Buffer checkpoint) const {
  auto tip = std::make_shared<Tip>();
  tip->record = end.record;
  tip->record_bytes = end.record_bytes;
  tip->block = end.block;
  tip->log_size = end.log.size();
  tip->log_root = end.log.root();
  TRY(tip->log_path, log_store_->inclusion(end.log.size() - 1, end.log.size()));
  tip->checkpoint = std::move(checkpoint);
  tip->policy = end.policy;
  tip->withheld = end.withheld;
  return tip;
}

Reading Replica::read() const {
  MutexLock lock(mutex_);
  return Reading(tip_, tree_->read(), {*reader_, *log_store_, indexes_});
}

PolicyBytes Replica::policy() const {
  MutexLock lock(mutex_);
  return tip_->policy;
}

Result<void> Replica::beat() {
  TRY(damage_.demand_none());
  MutexLock signing(signing_);
  std::shared_ptr<const Tip> old;
  {
    MutexLock lock(mutex_);
    old = tip_;
  }
  auto tip = std::make_shared<Tip>(*old);
  TRY(tip->checkpoint, checkpointer_->sign({old->block, old->log_size, old->log_root}));
  MutexLock lock(mutex_);
  tip_ = std::move(tip);
  return {};
}

void Replica::when_published(const Digest& identity, Waiter then) {
  Outcome how;
  {
    MutexLock lock(mutex_);
    const auto place = indexes_.fates.find(identity);
    if (stopped_) {
      how = std::unexpected(Rejection(*stopped_));
    } else if (!place || place->height > tip_->record.height) {
      waiters_.emplace(identity, std::move(then));
      return;
    }
  }
  then(std::move(how));
}

void Replica::notify(const Digest& identity, const Outcome& how) {
  std::vector<Waiter> ready;
  {
    MutexLock lock(mutex_);
    const auto [begin, end] = waiters_.equal_range(identity);
    for (auto each = begin; each != end; ++each) ready.push_back(std::move(each->second));
    waiters_.erase(begin, end);
  }
  for (const auto& then : ready) then(how);
}

// A second copy beside an original that is committed and not yet published: who waits is told with the original.
void Replica::dropped(const Digest& identity, const Rejection& why) {
  if (!indexes_.fates.find(identity)) notify(identity, std::unexpected(why));
}

std::size_t Replica::waiting() const {
  MutexLock lock(mutex_);
  return waiters_.size();
}

void Replica::stop_waiting(const Error& why) {
  std::unordered_multimap<Digest, Waiter, BytesHash<32>> waiters;
  {
    MutexLock lock(mutex_);
    stopped_ = why;
    waiters = std::exchange(waiters_, {});
  }
  for (const auto& [identity, then] : waiters) then(std::unexpected(Rejection(why)));
}

Counters Replica::counters() const {
  MutexLock lock(mutex_);
  return counters_;
}

}  // namespace mikusari::replica
