// SPDX-License-Identifier: Apache-2.0
// A fixed pool of threads with one primitive. Work is cut into pieces by n and grain alone, never by the number of
// threads, so that a function which writes only to its own range gives the same result with 1 thread and with 64.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "platform/mutex.hpp"

namespace mikusari::platform {

class Workers {
 public:
  // `threads` counts the caller: with 1 (or 0) everything runs inline and no thread is made.
  explicit Workers(std::size_t threads);
  // REQUIRES: no parallel_for() is running.
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  using Piece = std::function<void(std::size_t begin, std::size_t end)>;
  // Calls piece(begin, end) for [0, grain), [grain, 2 grain) ... [.., n), each once, in any order and on any thread,
  // the caller's included, and returns when all are done. May be called from several threads and from within a piece.
  // REQUIRES: grain > 0; piece does not throw.
  void parallel_for(std::size_t n, std::size_t grain, const Piece& piece);

  std::size_t threads() const { return threads_.size() + 1; }

 private:
  struct Job;
  void work();
  void run_pieces(Job& job) MIKUSARI_REQUIRES(mutex_);

  Mutex mutex_;
  Condition changed_;
  std::deque<Job*> jobs_ MIKUSARI_GUARDED_BY(mutex_);  // those with pieces that nobody has taken
  bool stopping_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace mikusari::platform
