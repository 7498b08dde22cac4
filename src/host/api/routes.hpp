// SPDX-License-Identifier: Apache-2.0
// The table of all operations, and the OpenAPI 3.1 document that follows from it. Any thread.
#pragma once

#include <span>
#include <string>

#include "api/route.hpp"

namespace mikusari::api {

std::span<const Route> routes();

// Made once; deterministic, so that docs/reference/openapi.json can be compared with it.
const std::string& openapi();

constexpr std::string_view interface_version = "0.1.0";

}  // namespace mikusari::api
