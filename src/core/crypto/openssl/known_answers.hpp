// SPDX-License-Identifier: Apache-2.0
// What a node asks of its cryptographic libraries before it starts: known answers, and the frozen Ed25519 verdicts.
#pragma once

#include "base/result.hpp"

namespace mikusari::crypto {

// Checks SHA-256 (FIPS 180-4 examples), ESP256 and Ed25519 with known answers, and every frozen Ed25519 verdict
// (ed25519_verdicts.hpp), in about 10 ms. `internal`, with the case that differs: the node must not start.
Result<void> self_test();

}  // namespace mikusari::crypto
