// SPDX-License-Identifier: Apache-2.0
// Bytes on their way out of a connection: small things are gathered into one piece, a large body stays where it is.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "net/parser.hpp"

namespace mikusari::net {

class Output {
 public:
  void append(std::string_view text);
  void append(Body&& body);

  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  // Memory that this keeps: a piece is let go when all of it is sent. At most one piece more than size().
  std::size_t held() const { return held_; }
  // The first pieces, in order, into `views`; how many were filled. Valid until the next call that changes this.
  std::size_t gather(std::span<ByteView> views) const;
  // REQUIRES: bytes <= size().
  void consume(std::size_t bytes);

 private:
  struct Piece {
    std::string text;
    Body body;  // when text is empty
    ByteView view() const { return text.empty() ? body.view() : as_bytes(text); }
  };
  std::string& open_text();

  std::deque<Piece> pieces_;
  std::size_t offset_ = 0;  // sent bytes of the first piece
  std::size_t size_ = 0;
  std::size_t held_ = 0;
};

enum class Content : std::uint8_t { sent, left_out };  // left out: the answer to a HEAD

// The response as RFC 9112 writes it. `date` is an IMF-fixdate. What the handler said about Date, Connection,
// Content-Length and Transfer-Encoding is replaced.
void append_response(Output& output, Response&& response, std::string_view date, KeepAlive keep_alive, Content content);

// "Sun, 06 Nov 1994 08:49:37 GMT" (IMF-fixdate, RFC 9110 section 5.6.7). REQUIRES: years 1970 to 9999.
std::string http_date(std::int64_t unix_s);

}  // namespace mikusari::net
