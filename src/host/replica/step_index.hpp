// SPDX-License-Identifier: Apache-2.0
// Which statement began each epoch of the trust policy. Rebuilt from frames at start. Any thread.
#pragma once

#include <map>
#include <optional>

#include "base/bytes.hpp"
#include "platform/mutex.hpp"

namespace mikusari::replica {

class StepIndex {
 public:
  // The identity of the incarnation with which the epoch began; none of the genesis' epoch.
  std::optional<Digest> find(std::uint64_t epoch) const {
    platform::MutexLock lock(mutex_);
    const auto found = steps_.find(epoch);
    return found == steps_.end() ? std::nullopt : std::optional(found->second);
  }
  void insert(std::uint64_t epoch, const Digest& identity) {
    platform::MutexLock lock(mutex_);
    steps_.emplace(epoch, identity);
  }

 private:
  mutable platform::Mutex mutex_;
  std::map<std::uint64_t, Digest> steps_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
