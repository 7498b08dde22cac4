// SPDX-License-Identifier: Apache-2.0
// Signs the published checkpoint anew on a beat, so that clients can tell a quiet ledger from a node that hides its
// news.
#pragma once

#include <thread>

#include "platform/log.hpp"
#include "platform/mutex.hpp"
#include "replica/replica.hpp"

namespace mikusari::node {

class Heartbeat {
 public:
  // Both outlive it.
  Heartbeat(replica::Replica& replica, platform::Log& log, std::int64_t beat_ms);
  // Waits for a beat that is under way.
  ~Heartbeat();
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

 private:
  void run();

  replica::Replica& replica_;
  platform::Log& log_;
  const std::int64_t beat_ms_;
  platform::Mutex mutex_;
  platform::Condition changed_;
  bool stopping_ MIKUSARI_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace mikusari::node
