// SPDX-License-Identifier: Apache-2.0
// Deadlines of many connections, coarsely: one wheel a thread, turned by one timer. Moving a deadline later costs
// nothing (an entry is looked at again when its old one passes); earlier costs a relink. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mikusari::net {

class TimerWheel {
 public:
  // A member of what has a deadline; unlinks itself when it dies.
  class Entry {
   public:
    Entry() = default;
    ~Entry() { unlink(); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;
    bool linked() const { return next_ != nullptr; }
    void unlink();

   private:
    friend class TimerWheel;
    Entry* next_ = nullptr;
    Entry* previous_ = nullptr;
    std::int64_t tick_ = 0;  // where it is linked
  };

  // Ticks of `tick_ms`; `now_ms` is any steady clock's.
  TimerWheel(std::int64_t tick_ms, std::int64_t now_ms);

  // The entry comes out of advance() at the first tick at or after the deadline, or before it when that is further
  // away than a turn of the wheel: the caller looks at its own deadline and sets it again.
  void set(Entry& entry, std::int64_t deadline_ms);
  // Unlinks and returns the entries whose tick has come, in no order. They may be set again.
  std::vector<Entry*> advance(std::int64_t now_ms);
  std::int64_t tick_ms() const { return tick_ms_; }

 private:
  static constexpr std::size_t slots = 512;
  Entry& slot(std::int64_t tick) { return slots_[static_cast<std::size_t>(tick) % slots]; }

  std::int64_t tick_ms_;
  std::int64_t tick_;               // the last one that advance() has handled
  std::array<Entry, slots> slots_;  // heads of rings
};

}  // namespace mikusari::net
