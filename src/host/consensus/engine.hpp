// SPDX-License-Identifier: Apache-2.0
// What orders submissions. Any thread may submit; run() keeps its thread until stopped.
#pragma once

#include <stop_token>

#include "consensus/application.hpp"

namespace mikusari::consensus {

class Engine {
 public:
  virtual ~Engine() = default;
  // Queues a submission that the application has admitted. `exhausted` when the queue is full: try again later.
  virtual Result<void> submit(platform::Buffer submission) = 0;
  // Orders until `stop` is requested, then finishes what is queued. Errors are the application's: the node must stop.
  virtual Result<void> run(Application& application, std::stop_token stop) = 0;
};

}  // namespace mikusari::consensus
