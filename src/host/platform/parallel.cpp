// SPDX-License-Identifier: Apache-2.0
#include "platform/parallel.hpp"

#include <algorithm>

#include "base/result.hpp"

namespace mikusari::platform {

// Lives on the stack of the parallel_for() that made it; all of it is guarded by the pool's mutex.
struct Workers::Job {
  std::size_t n;
  std::size_t grain;
  const Piece& piece;
  std::size_t taken = 0;  // elements below this are done or being done
  std::size_t running = 0;
};

Workers::Workers(std::size_t threads) {
  for (std::size_t i = 1; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

Workers::~Workers() {
  {
    MutexLock lock(mutex_);
    ASSERT(jobs_.empty());
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

// Takes pieces of one job until none is left. The mutex is held but for the pieces themselves.
void Workers::run_pieces(Job& job) {
  while (job.taken < job.n) {
    const std::size_t begin = job.taken;
    const std::size_t end = begin + std::min(job.grain, job.n - begin);
    job.taken = end;
    ++job.running;
    if (end == job.n) std::erase(jobs_, &job);
    mutex_.unlock();
    job.piece(begin, end);
    mutex_.lock();
    --job.running;
    if (job.taken == job.n && job.running == 0) changed_.notify_all();
  }
}

void Workers::work() {
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (jobs_.empty()) {
      changed_.wait(mutex_);
    } else {
      run_pieces(*jobs_.front());
    }
  }
}

void Workers::parallel_for(std::size_t n, std::size_t grain, const Piece& piece) {
  ASSERT(grain > 0);
  if (threads_.empty() || n <= grain) {
    for (std::size_t begin = 0; begin < n; begin += std::min(grain, n - begin)) {
      piece(begin, begin + std::min(grain, n - begin));
    }
    return;
  }
  Job job{n, grain, piece};
  MutexLock lock(mutex_);
  jobs_.push_back(&job);
  changed_.notify_all();
  run_pieces(job);
  while (job.running != 0) changed_.wait(mutex_);
}

}  // namespace mikusari::platform
