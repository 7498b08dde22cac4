// SPDX-License-Identifier: Apache-2.0
// What this machine could do at most, measured in the same run: the bare operations that the ledger is made of.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace mikusari::bench {

struct Ceilings {
  double verifications_per_s = 0;  // P-256, one thread
  double signatures_per_s = 0;     // P-256, one thread
  double syncs_per_s = 0;          // 4 KiB appended and fdatasync
  double frame_bytes_per_s = 0;    // appended to a chain file in frames of 1 MiB, one sync at the end
};

// Works in an existing directory; takes about four seconds.
Result<Ceilings> measure_ceilings(const std::string& directory);

}  // namespace mikusari::bench
