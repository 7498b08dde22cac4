// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

#ifndef MIKUSARI_DEVICE
#include <cstdio>
#include <cstdlib>
#endif

namespace mikusari {

std::string_view name(Code code) {
  switch (code) {
    case Code::invalid: return "invalid";
    case Code::unauthenticated: return "unauthenticated";
    case Code::forbidden: return "forbidden";
    case Code::not_found: return "not_found";
    case Code::conflict: return "conflict";
    case Code::corrupt: return "corrupt";
    case Code::exhausted: return "exhausted";
    case Code::unavailable: return "unavailable";
    case Code::internal: return "internal";
    case Code::newer: return "newer";
  }
  return "internal";
}

#ifdef MIKUSARI_DEVICE

void assertion_failed(const char*, const char*, int) { __builtin_trap(); }

#else

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "assertion failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

Error Error::with_context(std::string_view context) && {
  context_ = context_.empty() ? std::string(context) : std::string(context) + ": " + context_;
  return std::move(*this);
}

Error Error::with_context(std::string_view context) const& { return Error(*this).with_context(context); }

std::string Error::message() const {
  std::string out = context_.empty() ? std::string(text_) : context_ + ": " + text_;
  if (offset_ != nowhere) out += " (at byte " + std::to_string(offset_) + ")";
  return out;
}

#endif

}  // namespace mikusari
