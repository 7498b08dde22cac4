// SPDX-License-Identifier: Apache-2.0
// QR codes (ISO/IEC 18004) as inline SVG.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace mikusari::passport_page {

// Error correction level M, with the quiet zone of four modules, black on white whatever the page's colours are.
// `label` is what a reader of the page hears; it must need no escaping in HTML. Errors: `exhausted` when the text does
// not fit, `internal` when memory ran out. Any thread.
Result<std::string> qr_svg(std::string_view text, std::string_view label);

}  // namespace mikusari::passport_page
