// SPDX-License-Identifier: Apache-2.0
// HMAC-SHA256 (RFC 2104). Any thread.
#pragma once

#include <initializer_list>

#include "base/bytes.hpp"

namespace mikusari::cli {

// Of the parts as if they were one message.
Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> message);

}  // namespace mikusari::cli
