// SPDX-License-Identifier: Apache-2.0
// For tests of sessions.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "net/session.hpp"

namespace mikusari::net::testing {

// A session whose time, input and answers the test decides.
class SessionTest : public ::testing::Test, public Session::Requests {
 protected:
  SessionTest() {
    around_.now_ms = 1'000'000;
    around_.date = "Sun, 06 Nov 1994 08:49:37 GMT";
    around_.limits.pipeline_max = 3;
    around_.limits.outbound_bytes_max = 1000;
    around_.limits.request.body_bytes_max = 100;
  }

  void handle(Request&& request, std::uint64_t sequence) override {
    seen_.push_back(request.target.raw);
    last_ = sequence;
    if (answer_at_once_) session().answer(sequence, Response::text(200, request.target.raw));
  }

  Session& session() {
    if (!session_) session_ = std::make_unique<Session>(around_, *this);
    return *session_;
  }
  void receive(std::string_view text) { session().receive(as_bytes(text)); }
  void get(std::string_view target) { receive("GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n"); }

  // What goes out, taken by the peer.
  std::string sent() {
    std::string out;
    while (!session().output().empty()) {
      std::array<ByteView, 4> views;
      const std::size_t count = session().output().gather(views);
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < count; ++i) {
        out += as_text(views[i]);
        bytes += views[i].size();
      }
      session().sent(bytes);
    }
    return out;
  }
  // The bodies of the responses in `text`, which all are texts without a line end.
  static std::vector<std::string> bodies(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
      const std::size_t body = text.find("\r\n\r\n") + 4;
      const std::size_t next = text.find("HTTP/1.1", body);
      out.emplace_back(text.substr(body, next - body));
      text.remove_prefix(std::min(next, text.size()));
    }
    return out;
  }
  void after(std::int64_t ms) {
    around_.now_ms += ms;
    session().expire();
  }

  Surroundings around_;
  std::unique_ptr<Session> session_;
  std::vector<std::string> seen_;
  std::uint64_t last_ = 0;
  bool answer_at_once_ = true;
};

}  // namespace mikusari::net::testing
