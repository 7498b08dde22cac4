// SPDX-License-Identifier: Apache-2.0
// A device's life, event by event, for people and programs. One thread.
#pragma once

#include "cli/passport_set.hpp"

namespace mikusari::cli {

// Lines, the member `timeline`, and the device's present record.
void tell_timeline(Session& session, const PassportSet& pages);

}  // namespace mikusari::cli
