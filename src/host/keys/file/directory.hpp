// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"

namespace mikusari::keys::file {

// `forbidden` when a directory of this machine is open to others than its owner. The platform's own face has no word
// for permissions of what exists already, and no other room asks.
Result<void> check_private(const std::string& directory);

}  // namespace mikusari::keys::file
