// SPDX-License-Identifier: Apache-2.0
// The table of all operations, and the OpenAPI 3.1 document that follows from it. Any thread.
#pragma once

#include <span>
#include <string>

#include "api/route.hpp"

namespace mikusari::api {

std::span<const Route> routes();

// The lane of the server (net/server.hpp) that a request takes: a value of Lane.
std::size_t lane_of(const net::Request& request);

// Made once; deterministic, so that docs/reference/openapi.json can be compared with it.
const std::string& openapi();

constexpr std::string_view interface_version = "0.2.0";

}  // namespace mikusari::api
