// SPDX-License-Identifier: Apache-2.0
#include "node/memory.hpp"

#include <unistd.h>

#include <fstream>

namespace mikusari::node {

// proc(5): size and resident, in pages.
std::uint64_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t size = 0, resident = 0;
  if (!(statm >> size >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace mikusari::node
