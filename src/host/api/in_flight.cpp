// SPDX-License-Identifier: Apache-2.0
#include "api/in_flight.hpp"

namespace mikusari::api {

using platform::MutexLock;

bool InFlight::fits(std::size_t bytes) const {
  return entries_.size() < limits_.statements_max && bytes_ + bytes <= limits_.bytes_max;
}

bool InFlight::contains(const Digest& identity) const {
  MutexLock lock(mutex_);
  return entries_.contains(identity);
}

bool InFlight::has_room(std::size_t bytes) const {
  MutexLock lock(mutex_);
  return fits(bytes);
}

InFlight::Turn InFlight::begin(const Digest& identity, std::size_t bytes, std::int64_t now_ms, Waiter waiter) {
  MutexLock lock(mutex_);
  if (const auto found = entries_.find(identity); found != entries_.end()) {
    found->second.waiters.push_back(std::move(waiter));
    return Turn::later;
  }
  if (!fits(bytes)) return Turn::full;
  bytes_ += bytes;
  entries_.emplace(identity, Entry{bytes, now_ms, {}}).first->second.waiters.push_back(std::move(waiter));
  return Turn::first;
}

std::optional<std::int64_t> InFlight::finish(const Digest& identity, const Fate& how) {
  Entry ended;
  {
    MutexLock lock(mutex_);
    const auto found = entries_.find(identity);
    if (found == entries_.end()) return std::nullopt;
    ended = std::move(found->second);
    entries_.erase(found);
    bytes_ -= ended.bytes;
  }
  for (const auto& waiter : ended.waiters) waiter(how);
  return ended.began_ms;
}

InFlight::Size InFlight::size() const {
  MutexLock lock(mutex_);
  return {entries_.size(), bytes_};
}

}  // namespace mikusari::api
