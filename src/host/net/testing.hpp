// SPDX-License-Identifier: Apache-2.0
// For this room's tests: a server on loopback, and a socket that sends exactly the bytes it is told.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "net/server.hpp"
#include "net/transport.hpp"
#include "platform/posix/clock.hpp"

namespace mikusari::net::testing {

// Sanitizers keep memory of their own for each byte, and take time: figures of either mean nothing under them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif
#else
inline constexpr bool sanitized = false;
#endif

inline const platform::Clock& clock() {
  static const platform::PosixClock real;
  return real;
}

constexpr std::int64_t patience_ms = 20'000;  // far more than anything takes: reaching it is a failure

inline std::unique_ptr<Server> serve(Handler handler, const ServerOptions& options = {}) {
  auto server = Server::start(options, std::move(handler), clock());
  EXPECT_TRUE(server.has_value()) << (server ? "" : server.error().message());
  return server ? *std::move(server) : nullptr;
}

inline void say_hello(Request&&, Responder&& responder) { responder.answer(Response::text(200, "hello")); }

// Answers with the path and the body.
inline void echo(Request&& request, Responder&& responder) {
  responder.answer(Response::text(200, request.target.raw + "|" + std::string(as_text(request.body))));
}

// Until a counter that the server's threads write shows it.
template <class Condition>
bool eventually(const Condition& condition) {
  const std::int64_t until = clock().steady_ms() + patience_ms;
  while (!condition()) {
    if (clock().steady_ms() > until) return false;
    std::this_thread::yield();
  }
  return true;
}

class Raw {
 public:
  explicit Raw(std::uint16_t port, const TlsContext* tls = nullptr) : scratch_(Transport::receive_bytes_min) {
    auto url = Url::parse((tls != nullptr ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port));
    auto opened = Transport::open(*url, tls, clock(), patience_ms);
    EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message());
    if (opened) transport_ = std::make_unique<Transport>(*std::move(opened));
  }

  // Stops without complaint when the server has closed.
  Raw& send(std::string_view text) {
    while (!text.empty()) {
      const auto taken = transport_->send(as_bytes(text));
      if (!taken) break;
      text.remove_prefix(*taken);
      if (*taken == 0 && !wait(Transport::For::input_or_room)) break;
    }
    return *this;
  }

  // Everything until the server closes.
  std::string rest() {
    while (step()) {}
    return std::exchange(text_, {});
  }

  // Everything up to the end of `mark`, which stays out of what is read later.
  std::string until(std::string_view mark) {
    while (text_.find(mark) == std::string::npos && step()) {}
    const std::size_t at = text_.find(mark);
    EXPECT_NE(at, std::string::npos) << "closed before \"" << mark << "\", after: " << text_;
    if (at == std::string::npos) return {};
    std::string out = text_.substr(0, at + mark.size());
    text_.erase(0, at + mark.size());
    return out;
  }

 private:
  bool step() {
    for (;;) {
      const auto received = transport_->receive(scratch_);
      if (!received || received->input == Transport::Input::ended) return false;
      text_.append(as_text(ByteView(scratch_).first(received->bytes)));
      if (received->input == Transport::Input::some) return true;
      if (!wait(Transport::For::input)) return false;
    }
  }
  bool wait(Transport::For what) {
    const auto ready = transport_->wait(what, clock().steady_ms() + patience_ms, clock());
    EXPECT_TRUE(ready.has_value()) << "nothing came from the server";
    return ready.has_value();
  }

  std::unique_ptr<Transport> transport_;
  Buffer scratch_;
  std::string text_;
};

inline const NodeCertificate& test_certificate() {
  static const NodeCertificate made = *make_self_signed({}, clock().now_ms() / 1000);
  return made;
}

inline ServerOptions with_tls() {
  ServerOptions options;
  options.tls = *TlsContext::server(test_certificate());
  return options;
}

}  // namespace mikusari::net::testing
