// SPDX-License-Identifier: Apache-2.0
// Remembers the first stored bytes that were found to be other than what was written. A ledger on such a store must not
// go on: whoever orders asks here before each block. Any thread.
#pragma once

#include <optional>

#include "base/result.hpp"
#include "platform/mutex.hpp"

namespace mikusari::replica {

class Damage {
 public:
  void report(const Error& what) {
    platform::MutexLock lock(mutex_);
    if (!first_) first_ = what;
  }
  // The first that was reported, when there is one.
  Result<void> demand_none() const {
    platform::MutexLock lock(mutex_);
    if (first_) return std::unexpected(*first_);
    return {};
  }

 private:
  mutable platform::Mutex mutex_;
  std::optional<Error> first_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::replica
