// SPDX-License-Identifier: Apache-2.0
// The right, and the duty, to answer one request: move-only, used once, from any thread. Dropped without an answer it
// answers 500, so that no client waits for ever. It may outlive its connection and its server; then answers go nowhere.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "net/http.hpp"

namespace mikusari::net {

class Responder {
 public:
  // Where answers go; any thread.
  class Sink {
   public:
    virtual ~Sink() = default;
    virtual void deliver(std::uint64_t connection, std::uint64_t sequence, Response&& response) = 0;
  };

  Responder(std::shared_ptr<Sink> sink, std::uint64_t connection, std::uint64_t sequence);
  // For callers without a server: tests of handlers, requests from within the process.
  static Responder into(std::function<void(Response&&)> receiver);

  Responder(Responder&&) noexcept = default;
  Responder& operator=(Responder&& other) noexcept;
  ~Responder();

  // REQUIRES: has not been called, and the Responder not moved from.
  void answer(Response response);

 private:
  void abandon();

  std::shared_ptr<Sink> sink_;
  std::uint64_t connection_;
  std::uint64_t sequence_;
};

// Gets every well-formed request. It must not block: it runs on an I/O thread unless the server has workers.
using Handler = std::function<void(Request&&, Responder&&)>;

}  // namespace mikusari::net
