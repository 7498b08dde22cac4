// SPDX-License-Identifier: Apache-2.0
// Threads that run handlers which take longer than an I/O thread may be kept. The queue is bounded in bytes; what does
// not fit is answered 429 with Retry-After. Any thread.
#pragma once

#include <cstddef>
#include <deque>
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

  // Takes the request, or answers it 429.
  Taken put(Request&& request, Responder&& responder);
  // Waits for the handlers that run; requests that nobody has begun are answered 503.
  void stop();

 private:
  struct Item {
    Request request;
    Responder responder;
    std::size_t bytes;
  };
  void work();

  const Handler& handler_;
  const std::size_t bytes_max_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  std::deque<Item> items_ MIKUSARI_GUARDED_BY(mutex_);
  std::size_t bytes_ MIKUSARI_GUARDED_BY(mutex_) = 0;
  bool stopping_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace mikusari::net
