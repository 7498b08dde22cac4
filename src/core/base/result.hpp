// SPDX-License-Identifier: Apache-2.0
// The one error channel: functions that can fail return Result<T>; bugs are ASSERTs, on in production.
//
// An Error's code says what the caller should do; its text is a static sentence about what was wrong; its offset
// says where in the input, when that is known. On a host with_context() prefixes words that are only known at run
// time; on a device (MIKUSARI_DEVICE) an Error is those three values and nothing else, trivially copyable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

#ifndef MIKUSARI_DEVICE
#include <string>
#endif

namespace mikusari {

// What the caller does about it. The order is part of the C API (include/mikusari/client.h) and of CLI exit codes.
enum class Code : std::uint8_t {
  invalid = 1,      // the input is wrong: correct it, do not retry
  unauthenticated,  // a signature, key or proof does not hold
  forbidden,        // authentic, but not allowed to
  not_found,        // proved or known to be absent
  conflict,         // contradicts what is already true
  corrupt,          // stored bytes are not what was written: restore or heal
  exhausted,        // a stated limit is reached: send less, or later
  unavailable,      // try again later, or elsewhere
  internal,         // a bug or a failing machine
  newer,            // made by a newer program than this one: update, do not call it wrong
};

std::string_view name(Code code);

class Error {
 public:
  static constexpr std::uint32_t nowhere = 0xffffffff;

  // `text` must have static storage.
  constexpr Error(Code code, const char* text, std::size_t offset = nowhere)
      : text_(text), offset_(static_cast<std::uint32_t>(offset)), code_(code) {}

  Code code() const { return code_; }
  const char* text() const { return text_; }
  // Byte offset into the input that was read, or `nowhere`.
  std::uint32_t offset() const { return offset_; }

#ifndef MIKUSARI_DEVICE
  // "outer: inner", most recent first; a full sentence for people with message().
  Error with_context(std::string_view context) &&;
  Error with_context(std::string_view context) const&;
  std::string message() const;
#endif

 private:
  const char* text_;
  std::uint32_t offset_;
  Code code_;
#ifndef MIKUSARI_DEVICE
  std::string context_;
#endif
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(Code code, const char* text, std::size_t offset = Error::nowhere) {
  return std::unexpected(Error(code, text, offset));
}

// Prints the expression and place (host) and stops; never returns.
[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace mikusari

#define ASSERT(...) \
  (static_cast<bool>(__VA_ARGS__) ? void() : ::mikusari::assertion_failed(#__VA_ARGS__, __FILE_NAME__, __LINE__))

// TRY(auto x, f()) binds the value or returns the error; TRY(f()) does the same for Result<void>.
#define MIKUSARI_JOIN_(a, b) a##b
#define MIKUSARI_JOIN(a, b) MIKUSARI_JOIN_(a, b)
#define MIKUSARI_TRY2(temporary, declaration, ...)        \
  auto temporary = (__VA_ARGS__);                         \
  if (!temporary) [[unlikely]]                            \
    return std::unexpected(std::move(temporary).error()); \
  declaration = *std::move(temporary)
#define MIKUSARI_TRY1(temporary, expression)                  \
  if (auto temporary = (expression); !temporary) [[unlikely]] \
  return std::unexpected(std::move(temporary).error())
#define MIKUSARI_TRY_PICK(_1, _2, NAME, ...) NAME
#define TRY(...)                                                 \
  MIKUSARI_TRY_PICK(__VA_ARGS__, MIKUSARI_TRY2, MIKUSARI_TRY1, ) \
  (MIKUSARI_JOIN(try_, __COUNTER__), __VA_ARGS__)
