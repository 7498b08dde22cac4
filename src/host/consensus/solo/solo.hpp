// SPDX-License-Identifier: Apache-2.0
// The embedded engine: one node orders for itself, with group commit.
//
// One thread executes and commits blocks of whatever waits; another flushes. While a flush waits for the disk the next
// block is executed, so that one sync makes many submissions durable. The queue is bounded in bytes and in number.
#pragma once

#include <optional>

#include "consensus/engine.hpp"
#include "platform/clock.hpp"
#include "platform/mutex.hpp"

namespace mikusari::consensus {

class Solo final : public Engine {
 public:
  struct Options {
    std::size_t queue_bytes_max = 64 * 1024 * 1024;
    std::size_t queue_count_max = 100'000;
    std::size_t block_bytes_max = 8 * 1024 * 1024;
    std::size_t unflushed_max = 4;  // blocks executed ahead of the disk
  };
  Solo(const platform::Clock& clock, Options options) : clock_(clock), options_(options) {}

  Result<void> submit(platform::Buffer submission) override;
  Result<void> run(Application& application, std::stop_token stop) override;

 private:
  using Submissions = std::vector<platform::Buffer>;
  // What waits; empty when the engine shall end.
  Submissions take(const std::stop_token& stop);
  Result<void> order(Application& application, const std::stop_token& stop);
  // How many of the submissions, from the front, are dealt with.
  Result<std::size_t> order_block(Application& application, std::span<const platform::Buffer> submissions);
  bool failed();
  void flush_until_done(Application& application);

  const platform::Clock& clock_;
  const Options options_;

  platform::Mutex mutex_;
  platform::Condition changed_;
  Submissions queue_ MIKUSARI_GUARDED_BY(mutex_);
  std::size_t queue_bytes_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  std::size_t unflushed_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  bool done_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::optional<Error> failure_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::consensus
