// SPDX-License-Identifier: Apache-2.0
// Bytes from a socket -> requests (server) and responses (client): RFC 9112 by Boost.Beast's parser, and on top of it
// what Beast leaves to its user: limits on everything, one Host, no folded lines, no second Content-Length.
// No sockets here, so that tests and the fuzz target feed bytes directly. One thread at a time.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "net/http.hpp"

namespace mikusari::net {

struct RequestLimits {
  std::size_t header_bytes_max = 16 * 1024;  // request line and fields together
  std::size_t target_bytes_max = 8 * 1024;
  std::size_t fields_max = 100;
  std::size_t body_bytes_max = 1024 * 1024;
};

// Why a request is not even shown to a handler.
struct Refusal {
  int status;          // 400, 408, 413, 414, 417, 431, 501, 505
  const char* detail;  // static
};

// `announced`: yes, and the other side, which speaks HTTP/1.0, must be told so.
enum class KeepAlive : std::uint8_t { no, yes, announced };

// Requests of one connection, one after the other.
class RequestParser {
 public:
  explicit RequestParser(const RequestLimits& limits);
  ~RequestParser();
  RequestParser(RequestParser&&) noexcept;
  RequestParser& operator=(RequestParser&&) noexcept;

  // Returns how many bytes it took; the caller shows the rest again, with what arrives after it. Stops behind a
  // complete request, and takes nothing more until take(), or for ever once there is a refusal().
  std::size_t feed(ByteView bytes);

  bool started() const;  // has taken a part of a request
  bool header_complete() const;
  bool complete() const;
  // Memory that the part of a request keeps.
  std::size_t held_bytes() const;
  const std::optional<Refusal>& refusal() const;
  // REQUIRES: header_complete(). The client waits for "100 Continue" before it sends its body (RFC 9110
  // section 10.1.1).
  bool expects_continue() const;
  // REQUIRES: header_complete().
  KeepAlive keep_alive() const;
  // REQUIRES: complete(). The request (without peer and id); the parser is ready for the next one.
  Request take();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

struct ResponseLimits {
  std::size_t header_bytes_max = 64 * 1024;
  std::size_t fields_max = 200;
  std::size_t body_bytes_max = 64 * 1024 * 1024;
};

// Responses of one connection. Interim responses (1xx) are passed over.
class ResponseParser {
 public:
  explicit ResponseParser(const ResponseLimits& limits);
  ~ResponseParser();
  ResponseParser(ResponseParser&&) noexcept;
  ResponseParser& operator=(ResponseParser&&) noexcept;

  // The next response answers a request of this method: one to HEAD has no body.
  void expect(Method method);
  // As RequestParser::feed. `invalid` for what is not HTTP/1, `exhausted` over a limit.
  Result<std::size_t> feed(ByteView bytes);
  // The peer has closed: completes a body that only the end delimits. `unavailable` when something is missing.
  Result<void> end_of_input();

  bool started() const;  // a byte of the awaited response has been taken
  bool complete() const;
  // REQUIRES: complete().
  KeepAlive keep_alive() const;
  // REQUIRES: complete().
  Response take();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace mikusari::net
