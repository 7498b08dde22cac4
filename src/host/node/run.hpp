// SPDX-License-Identifier: Apache-2.0
// The daemon: reads the settings, starts the node, and stops it in good order on SIGTERM or SIGINT.
#pragma once

#include <functional>
#include <string>

#include "node/node.hpp"

namespace mikusari::node {

// Returns when a signal came and everything that was taken is durable. A second signal ends the process at once. Call
// it from the only thread of the process. `started` is told once, when the node serves. Errors: of read_config() and
// Node::start(); the engine's, when that fails.
Result<void> run(const std::string& config_path, const std::function<void(const Node&)>& started);

}  // namespace mikusari::node
