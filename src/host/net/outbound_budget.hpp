// SPDX-License-Identifier: Apache-2.0
// Memory that all connections of a server share for answers which their peers have not taken yet. Each connection has a
// small share of its own (SessionLimits::outbound_bytes_assured) that is not counted here: so clients that do not read
// cannot keep short answers from those that do. Any thread.
#pragma once

#include <atomic>
#include <cstddef>

namespace mikusari::net {

class OutboundBudget {
 public:
  explicit OutboundBudget(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  // Asking and lending are two steps: each thread may overshoot by the answer that it has in hand.
  bool has_room(std::size_t bytes) const {
    const std::size_t lent = this->lent();
    return lent <= bytes_max_ && bytes <= bytes_max_ - lent;
  }
  void lend(std::size_t bytes) { lent_.fetch_add(bytes, std::memory_order_relaxed); }
  // REQUIRES: bytes were lent.
  void take_back(std::size_t bytes) { lent_.fetch_sub(bytes, std::memory_order_relaxed); }
  std::size_t lent() const { return lent_.load(std::memory_order_relaxed); }

 private:
  const std::size_t bytes_max_;
  std::atomic<std::size_t> lent_{0};
};

}  // namespace mikusari::net
