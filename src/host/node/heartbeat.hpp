// SPDX-License-Identifier: Apache-2.0
// Calls something again and again while the node runs: so checkpoints stay fresh when nothing happens. What it answers
// goes into the log when it is an error.
#pragma once

#include <functional>
#include <thread>

#include "base/result.hpp"
#include "platform/log.hpp"
#include "platform/mutex.hpp"

namespace mikusari::node {

class Heartbeat {
 public:
  // `beat` is called by a thread of the heartbeat's own. The log outlives it.
  Heartbeat(std::function<Result<void>()> beat, platform::Log& log, std::int64_t beat_ms);
  // Waits for a beat that is under way.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  void run();

  const std::function<Result<void>()> beat_;
  platform::Log& log_;
  const std::int64_t beat_ms_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  bool stopping_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace mikusari::node
