// SPDX-License-Identifier: Apache-2.0
#include "platform/simulated/log.hpp"

#include <algorithm>

namespace mikusari::platform {

std::vector<std::string> MemoryLog::lines() const {
  MutexLock lock(mutex_);
  return lines_;
}

std::size_t MemoryLog::count(std::string_view text) const {
  MutexLock lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(lines_, [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

void MemoryLog::write_line(std::string_view line) {
  MutexLock lock(mutex_);
  lines_.emplace_back(line.substr(0, line.size() - 1));
}

}  // namespace mikusari::platform
