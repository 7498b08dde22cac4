// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>

namespace mikusari::platform {

Result<void> hold_standard_descriptors() {
  for (int number = 0; number <= 2; ++number) {
    if (::fcntl(number, F_GETFD) >= 0 || errno != EBADF) continue;
    // The lowest that is free: those below are open.
    if (::open("/dev/null", O_RDWR) != number)
      return fail(Code::internal, "a closed standard descriptor cannot be opened on /dev/null");
  }
  return {};
}

Result<void> forbid_core_dumps() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return fail(Code::internal, "core dumps cannot be limited");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return fail(Code::internal, "core dumps cannot be forbidden");
  return {};
}

}  // namespace mikusari::platform
