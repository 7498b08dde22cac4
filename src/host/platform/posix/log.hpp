// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "platform/log.hpp"
#include "platform/mutex.hpp"

namespace mikusari::platform {

// Lines to a file descriptor that somebody else owns (2 for standard error). A line is never mixed with another of
// this process. A line that cannot be written is dropped and counted: a full disk does not stop a ledger.
class DescriptorLog final : public Log {
 public:
  DescriptorLog(const Clock& clock, Level minimum, int descriptor) : Log(clock, minimum), descriptor_(descriptor) {}
  std::uint64_t dropped_lines() const;

 private:
  void write_line(std::string_view line) override;

  const int descriptor_;
  mutable Mutex mutex_;
  std::uint64_t dropped_ MIKUSARI_GUARDED_BY(mutex_) = 0;
};

}  // namespace mikusari::platform
