// SPDX-License-Identifier: Apache-2.0
// A lane: threads that run handlers which take longer than an I/O thread may be kept, and a queue before them that is
// bounded in bytes. Peers take turns, so that one with many requests does not keep the others waiting; when the queue
// is full, the newest requests of the peer that has most in it give way. Those are answered 429 with Retry-After. Any
// thread.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "net/responder.hpp"
#include "platform/mutex.hpp"

namespace mikusari::net {

class WorkQueue {
 public:
  enum class Taken : std::uint8_t { yes, full };

  // REQUIRES: threads > 0; `handler` outlives the queue and may be called by several threads at once.
  WorkQueue(std::size_t threads, std::size_t bytes_max, const Handler& handler);
  ~WorkQueue() { stop(); }
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Takes the request; `full` when one was answered 429 for want of room, this or another.
  Taken put(Request&& request, Responder&& responder);
  // Waits for the handlers that run; requests that nobody has begun are answered 503.
  void stop();

 private:
  struct Item {
    Request request;
    Responder responder;
    std::size_t bytes;
  };
  struct Line {
    std::deque<Item> items;  // never empty
    std::size_t bytes = 0;
  };
  void work();
  // The item that gives way to `bytes` more of `peer`; nothing when it is the one that asks.
  std::optional<Item> push_out(const PeerAddress& peer, std::size_t bytes) MIKUSARI_REQUIRES(mutex_);
  Item take_next() MIKUSARI_REQUIRES(mutex_);

  const Handler& handler_;
  const std::size_t bytes_max_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  std::map<PeerAddress, Line> lines_ MIKUSARI_GUARDED_BY(mutex_);
  std::deque<PeerAddress> turns_ MIKUSARI_GUARDED_BY(mutex_);  // the peers of lines_
  std::size_t bytes_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  bool stopping_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace mikusari::net
