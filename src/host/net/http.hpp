// SPDX-License-Identifier: Apache-2.0
// What HTTP messages are, as plain values: methods, header fields, request targets, requests and responses (RFC 9110).
// Nothing here knows sockets or parsers. Values belong to one thread at a time; a shared Body is immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "net/peer_address.hpp"
#include "platform/bytes.hpp"

namespace mikusari::net {

using platform::Buffer;

// Methods that a handler may see; every other one is answered 501 before a handler is asked.
enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };

std::string_view name(Method method);                           // "GET"
std::optional<Method> method_from_name(std::string_view name);  // case-sensitive, RFC 9110 section 9.1

// "Not Found"; "Unknown" for a status without a registered phrase.
std::string_view reason(int status);

// Equal without regard to the case of ASCII letters: how header names and most tokens compare.
bool same_token(std::string_view a, std::string_view b);

// Header fields in the order they were added. Names compare without regard to case.
class Headers {
 public:
  struct Field {
    std::string_view name, value;  // valid until the Headers change
  };

  // Control characters in a value become spaces, so that no value can start a second field (RFC 9110 section 5.5).
  void add(std::string_view name, std::string_view value);
  // The only field of that name from now on.
  void set(std::string_view name, std::string_view value);
  void remove(std::string_view name);

  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  std::size_t size() const { return entries_.size(); }
  // REQUIRES: index < size().
  Field operator[](std::size_t index) const;
  void reserve(std::size_t fields, std::size_t text_bytes);

 private:
  struct Entry {
    std::uint32_t at, name_size, value_size;
  };
  std::string text_;
  std::vector<Entry> entries_;
};

// A request target in origin form, "/v1/parts/ab?since=3", taken apart (RFC 9112 section 3.2, RFC 3986).
struct Target {
  static constexpr std::size_t segments_max = 32;
  static constexpr std::size_t parameters_max = 64;

  struct Parameter {
    std::string name, value;
  };

  std::string raw;                    // as received
  std::vector<std::string> segments;  // percent-decoded; "/" has none, "/a/" has "a" and ""
  std::vector<Parameter> parameters;  // percent-decoded, "+" is a space

  // Takes origin form, absolute form (scheme and authority are dropped) and "*".
  // `invalid`: malformed or doubtful (bad percent code, control character, not UTF-8, "." or ".." segment);
  // `exhausted`: more than segments_max or parameters_max.
  static Result<Target> parse(std::string_view raw);

  std::string_view path() const { return std::string_view(raw).substr(0, raw.find('?')); }
  // The first parameter of that name; names are case-sensitive.
  std::optional<std::string_view> parameter(std::string_view name) const;
};

// Who is at the other end of a connection; shared by all its requests.
struct Peer {
  std::string address;  // "127.0.0.1", "::1"
  std::uint16_t port = 0;
  PeerAddress network;  // whom the address stands for, when something is shared out fairly
  Buffer certificate;   // DER of a verified client certificate, else empty
  Buffer channel;       // what this TLS connection alone has: its tls-exporter binding (RFC 9266); else empty
};

struct Request {
  Method method = Method::get;
  Target target;
  Headers headers;
  Buffer body;
  std::shared_ptr<const Peer> peer;
  std::uint64_t id = 0;  // unique in this process; for logs
};

// The content of a response: owned, or shared with others that never change it.
class Body {
 public:
  Body() = default;
  Body(Buffer own) : own_(std::move(own)) {}
  static Body shared(std::shared_ptr<const Buffer> content);
  static Body text(std::string_view content);

  ByteView view() const { return shared_ ? ByteView(*shared_) : ByteView(own_); }
  std::size_t size() const { return view().size(); }
  std::string_view as_text() const { return mikusari::as_text(view()); }

 private:
  Buffer own_;
  std::shared_ptr<const Buffer> shared_;
};

// The server adds Date, Content-Length and Connection itself.
struct Response {
  int status = 200;
  Headers headers;
  Body body;

  static Response empty(int status);
  static Response text(int status, std::string_view content);  // text/plain; charset=utf-8
  static Response json(int status, std::string_view content);  // application/json
  static Response content(int status, std::string_view content_type, Body body);

  Response& with(std::string_view name, std::string_view value) &;
  Response&& with(std::string_view name, std::string_view value) &&;
};

}  // namespace mikusari::net
