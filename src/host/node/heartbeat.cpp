// SPDX-License-Identifier: Apache-2.0
#include "node/heartbeat.hpp"

namespace mikusari::node {

using platform::MutexLock;

Heartbeat::Heartbeat(std::function<Result<void>()> beat, platform::Log& log, std::int64_t beat_ms)
    : beat_(std::move(beat)), log_(log), beat_ms_(beat_ms), thread_([this] { run(); }) {}

Heartbeat::~Heartbeat() {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

void Heartbeat::run() {
  MutexLock lock(mutex_);
  while (!stopping_) {
    if (changed_.wait_for_ms(mutex_, beat_ms_) == platform::Wake::notified) continue;
    lock.unlock();
    if (auto beat = beat_(); !beat) log_.error("checkpoint_beat_failed", beat.error());
    lock.lock();
  }
}

}  // namespace mikusari::node
