// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/random.hpp"

#include <sys/random.h>

#include <cerrno>

#include "base/result.hpp"

namespace mikusari::platform {

void PosixRandom::fill(MutableByteView out) {
  while (!out.empty()) {
    const ssize_t filled = getrandom(out.data(), out.size(), 0);
    if (filled < 0) {
      ASSERT(errno == EINTR);
      continue;
    }
    out = out.subspan(static_cast<std::size_t>(filled));
  }
}

}  // namespace mikusari::platform
