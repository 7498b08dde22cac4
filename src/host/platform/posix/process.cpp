// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/process.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>

namespace mikusari::platform {

Result<void> forbid_core_dumps() {
  const rlimit none{0, 0};
  if (setrlimit(RLIMIT_CORE, &none) != 0) return fail(Code::internal, "core dumps cannot be limited");
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0) return fail(Code::internal, "core dumps cannot be forbidden");
  return {};
}

}  // namespace mikusari::platform
