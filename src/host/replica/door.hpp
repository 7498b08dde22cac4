// SPDX-License-Identifier: Apache-2.0
// The published state, as the door reads it. What was read for one statement, and compared with its leaf, serves the
// next ones that are tried on the same end of the ledger.
#pragma once

#include <memory>
#include <vector>

#include "platform/mutex.hpp"
#include "replica/answers.hpp"
#include "replica/tree_source.hpp"

namespace mikusari::replica {

// One end of the ledger and what was read of it. One thread at a time.
struct DoorState {
  DoorState(Reading now, const ChainReader& chain)
      : reading(std::move(now)), before([this](const Digest& key) { return reading.candidate(key); }, chain) {}
  const Reading reading;
  const TreeSource before;
  ledger::Decoded decoded;  // of `before`
};

// The states that no thread is using. Any thread.
class Door {
 public:
  // A state of this end: one that was given back, or a new one. Those of earlier ends go: each holds a version of the
  // whole state.
  std::unique_ptr<DoorState> take(Reading now, const ChainReader& chain);
  // Not kept when something could not be read, or when it has read more than rows_max rows: what is refused costs its
  // sender nothing, and must not fill the memory.
  void give_back(std::unique_ptr<DoorState> state);
  std::size_t idle() const;

  static constexpr std::size_t rows_max = 1024;

 private:
  mutable platform::Mutex mutex_;
  std::vector<std::unique_ptr<DoorState>> idle_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
