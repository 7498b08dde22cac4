// SPDX-License-Identifier: Apache-2.0
#include "passport_page/assets.hpp"

namespace mikusari::passport_page {
namespace embedded {

// The standard demands literals of 64 KiB of nobody; both compilers here take longer ones.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
#include <passport_page_assets.inc>  // made by embed.cmake
#pragma GCC diagnostic pop

}  // namespace embedded

std::string_view script() { return embedded::script; }
std::string_view style() { return embedded::style; }
std::string_view page_template() { return embedded::page_template; }

}  // namespace mikusari::passport_page
