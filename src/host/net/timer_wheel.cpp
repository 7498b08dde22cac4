// SPDX-License-Identifier: Apache-2.0
#include "net/timer_wheel.hpp"

#include <algorithm>

namespace mikusari::net {

void TimerWheel::Entry::unlink() {
  if (next_ == nullptr) return;
  next_->previous_ = previous_;
  previous_->next_ = next_;
  next_ = previous_ = nullptr;
}

TimerWheel::TimerWheel(std::int64_t tick_ms, std::int64_t now_ms) : tick_ms_(tick_ms), tick_(now_ms / tick_ms) {
  for (Entry& head : slots_) head.next_ = head.previous_ = &head;
}

void TimerWheel::set(Entry& entry, std::int64_t deadline_ms) {
  // Rounded up, and never a tick that has been handled already.
  const std::int64_t wanted = deadline_ms / tick_ms_ + 1;
  const std::int64_t tick = std::clamp(wanted, tick_ + 1, tick_ + static_cast<std::int64_t>(slots) - 1);
  if (entry.linked() && entry.tick_ <= tick) return;  // will be looked at in time
  entry.unlink();
  Entry& head = slot(tick);
  entry.tick_ = tick;
  entry.next_ = &head;
  entry.previous_ = head.previous_;
  head.previous_->next_ = &entry;
  head.previous_ = &entry;
}

std::vector<TimerWheel::Entry*> TimerWheel::advance(std::int64_t now_ms) {
  std::vector<Entry*> due;
  const std::int64_t now = now_ms / tick_ms_;
  const std::int64_t last = std::min(now, tick_ + static_cast<std::int64_t>(slots));  // a whole turn covers everything
  for (std::int64_t tick = tick_ + 1; tick <= last; ++tick) {
    Entry& head = slot(tick);
    while (head.next_ != &head) {
      due.push_back(head.next_);
      head.next_->unlink();
    }
  }
  tick_ = std::max(tick_, now);
  return due;
}

}  // namespace mikusari::net
