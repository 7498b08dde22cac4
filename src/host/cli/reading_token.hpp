// SPDX-License-Identifier: Apache-2.0
// The right to read at a node that answers those concerned only: one request, signed by a key of the home, buys a token
// for an hour (statement/reading.hpp). One thread.
#pragma once

#include "cli/session.hpp"
#include "net/client.hpp"
#include "proof/policy.hpp"

namespace mikusari::cli {

// The node's answer is that the asker must show who it is, or that its token has ended.
bool asks_for_token(const net::Response& response);

// A token for the key of --key or of the settings; none when there is no such key, or the node knows none that may
// read. The request names this connection and the node, whichever of the policy's signers it is. Errors: `unavailable`.
Result<std::optional<std::string>> buy_token(Session& session, net::Client& client, const proof::Policy& policy);

}  // namespace mikusari::cli
