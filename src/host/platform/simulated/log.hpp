// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "platform/log.hpp"
#include "platform/mutex.hpp"

namespace mikusari::platform {

// Keeps its lines, without the newline, for a test to look at.
class MemoryLog final : public Log {
 public:
  explicit MemoryLog(const Clock& clock, Level minimum = Level::debug) : Log(clock, minimum) {}
  std::vector<std::string> lines() const;
  // How many lines hold this text.
  std::size_t count(std::string_view text) const;

 private:
  void write_line(std::string_view line) override;

  mutable Mutex mutex_;
  std::vector<std::string> lines_ MIKUSARI_GUARDED_BY(mutex_);
};

}  // namespace mikusari::platform
