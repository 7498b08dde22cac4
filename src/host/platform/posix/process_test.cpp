// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace mikusari::platform {
namespace {

// In a child, so that the other tests of this program keep their core files.
TEST(Process, ForbidsCoreDumps) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const bool done = forbid_core_dumps().has_value();
    rlimit limit{1, 1};
    const bool limited = ::getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0;
    ::_exit(done && limited && ::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

// In a child, whose standard descriptors may go.
TEST(Process, HoldsClosedStandardDescriptorsSoThatNoFileGetsOne) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    for (const int number : {0, 1, 2}) ::close(number);
    const bool held = hold_standard_descriptors().has_value();
    const int next = ::open("/dev/zero", O_RDONLY);
    const bool swallowed = ::write(2, "x", 1) == 1;
    ::_exit(held && next > 2 && swallowed && hold_standard_descriptors() ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace mikusari::platform
