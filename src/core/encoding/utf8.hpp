// SPDX-License-Identifier: Apache-2.0
// Whether bytes are text. A pure function of its input, from any thread.
#pragma once

#include "base/bytes.hpp"

namespace mikusari {

// RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(ByteView text);

}  // namespace mikusari
