// SPDX-License-Identifier: Apache-2.0
#include "consensus/solo/solo.hpp"

#include <thread>

namespace mikusari::consensus {

using platform::MutexLock;

Result<void> Solo::submit(platform::Buffer submission) {
  {
    MutexLock lock(mutex_);
    if (failure_ || done_) return fail(Code::unavailable, "the ledger takes nothing any more: the node is stopping");
    if (queue_.size() >= options_.queue_count_max || queue_bytes_ + submission.size() > options_.queue_bytes_max) {
      return fail(Code::exhausted, "the ledger's queue is full: try again in a second");
    }
    queue_bytes_ += submission.size();
    queue_.push_back(std::move(submission));
  }
  changed_.notify_all();
  return {};
}

Solo::Submissions Solo::take(const std::stop_token& stop) {
  MutexLock lock(mutex_);
  while (queue_.empty() && !stop.stop_requested() && !failure_) changed_.wait(mutex_);
  if (failure_) return {};
  queue_bytes_ = 0;
  return std::exchange(queue_, {});
}

Result<std::size_t> Solo::order_block(Application& application, std::span<const platform::Buffer> submissions) {
  Block block{application.next_height(), static_cast<std::uint64_t>(clock_.now_ms()), {}};
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < submissions.size(); ++i) {
    const ByteView view(submissions[i]);
    // The door has checked it on an older state; a submission that does not hold on this one is nobody's block.
    const Block alone{block.height, block.time_ms, {view}};
    if (const auto checked = application.check(alone); !checked) {
      if (is_own_failure(checked.error())) return std::unexpected(checked.error());
      continue;
    }
    block.submissions.push_back(view);
    places.push_back(i);
  }
  if (block.submissions.empty()) return submissions.size();
  TRY(const Execution execution, application.execute(block));
  ASSERT(execution.taken > 0);
  const std::size_t done = execution.taken < places.size() ? places[execution.taken] : submissions.size();
  if (execution.position.height != block.height) return done;
  TRY(application.commit());
  MutexLock lock(mutex_);
  ++unflushed_;
  changed_.notify_all();
  while (unflushed_ >= options_.unflushed_max && !failure_) changed_.wait(mutex_);
  return done;
}

bool Solo::failed() {
  MutexLock lock(mutex_);
  return failure_.has_value();
}

Result<void> Solo::order(Application& application, const std::stop_token& stop) {
  while (true) {
    Submissions pending = take(stop);
    if (pending.empty()) return {};
    std::span<const platform::Buffer> rest(pending);
    // What could not be flushed is not built upon.
    while (!rest.empty() && !failed()) {
      const std::size_t count = application.select(rest, options_.block_bytes_max);
      TRY(const std::size_t done, order_block(application, rest.first(count)));
      rest = rest.subspan(done);
    }
  }
}

void Solo::flush_until_done(Application& application) {
  MutexLock lock(mutex_);
  while (true) {
    while (unflushed_ == 0 && !done_) changed_.wait(mutex_);
    if (unflushed_ == 0) return;
    const std::size_t covered = unflushed_;
    lock.unlock();
    auto flushed = application.flush();
    lock.lock();
    if (!flushed) {
      failure_ = std::move(flushed).error();
      changed_.notify_all();
      return;
    }
    unflushed_ -= covered;
    changed_.notify_all();
  }
}

Result<void> Solo::run(Application& application, std::stop_token stop) {
  const std::stop_callback wake(stop, [this] {
    MutexLock lock(mutex_);
    changed_.notify_all();
  });
  std::thread flusher([&] { flush_until_done(application); });
  auto ordered = order(application, stop);
  {
    MutexLock lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }
  flusher.join();
  MutexLock lock(mutex_);
  if (!ordered && !failure_) failure_ = std::move(ordered).error();
  if (failure_) return std::unexpected(*failure_);
  return {};
}

}  // namespace mikusari::consensus
