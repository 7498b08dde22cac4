// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/log.hpp"

#include <unistd.h>

#include <cerrno>

namespace mikusari::platform {

std::uint64_t DescriptorLog::dropped_lines() const {
  MutexLock lock(mutex_);
  return dropped_;
}

void DescriptorLog::write_line(std::string_view line) {
  MutexLock lock(mutex_);
  while (!line.empty()) {
    const ssize_t written = ::write(descriptor_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      ++dropped_;
      return;
    }
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace mikusari::platform
