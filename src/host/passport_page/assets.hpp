// SPDX-License-Identifier: Apache-2.0
// What web/passport holds, as the build has put it into the program.
#pragma once

#include <string_view>

namespace mikusari::passport_page {

std::string_view script();  // all scripts, in order
std::string_view style();
std::string_view page_template();  // with {{placeholders}}

}  // namespace mikusari::passport_page
