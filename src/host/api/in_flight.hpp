// SPDX-License-Identifier: Apache-2.0
// Statements that were sent on to the engine and are not yet published, and who waits for each. A second submission of
// the same statement waits beside the first and is not sent on. Bounded: what waits for the engine and the disk is a
// part of what is in flight, so that full here comes before full there. Any thread; callbacks run outside of the lock.
#pragma once

#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "platform/mutex.hpp"
#include "replica/answers.hpp"
#include "replica/rejection.hpp"

namespace mikusari::api {

class InFlight {
 public:
  struct Limits {
    std::size_t bytes_max = 64 * 1024 * 1024;
    std::size_t statements_max = 100'000;
  };
  // Called once, with the published fate, or why there will be none.
  using Fate = std::expected<replica::Fate, replica::Rejection>;
  using Waiter = std::function<void(const Fate&)>;
  enum class Turn : std::uint8_t { first, later, full };

  explicit InFlight(const Limits& limits) : limits_(limits) {}

  bool contains(const Digest& identity) const;
  bool has_room(std::size_t bytes) const;

  // Waits, unless it is full. `first` when the statement was not in flight before: then the caller sends it on, and
  // says finish() at the end.
  Turn begin(const Digest& identity, std::size_t bytes, std::int64_t now_ms, Waiter waiter);

  // How it ended, told to all who wait. Returns when it began, or nothing when it was not in flight.
  std::optional<std::int64_t> finish(const Digest& identity, const Fate& how);

  struct Size {
    std::uint64_t statements = 0, bytes = 0;
  };
  Size size() const;

 private:
  struct Entry {
    std::size_t bytes;
    std::int64_t began_ms;
    std::vector<Waiter> waiters;
  };
  bool fits(std::size_t bytes) const MIKUSARI_REQUIRES(mutex_);

  const Limits limits_;
  mutable platform::Mutex mutex_;
  std::unordered_map<Digest, Entry, BytesHash<32>> entries_ MIKUSARI_GUARDED_BY(mutex_);
  std::uint64_t bytes_ MIKUSARI_GUARDED_BY(mutex_) = 0;
};

}  // namespace mikusari::api
