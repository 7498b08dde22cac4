// SPDX-License-Identifier: Apache-2.0
// An HTTP/1.1 server over TLS or plain TCP. Each I/O thread has an event loop of its own; one socket listens and hands
// connections round, so that a few busy connections spread over the threads. What a handler never sees is answered
// here: malformed, too large, too slow, too many (see parser.hpp and session.hpp).
//
// start(), counters() and stop() from any thread; the handler is called by several threads at once.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "net/counters.hpp"
#include "net/responder.hpp"
#include "net/session.hpp"
#include "net/tls.hpp"
#include "platform/clock.hpp"

namespace mikusari::net {

// Threads that run handlers, and a queue before them. A lane that is full or slow holds up no other lane.
struct Lane {
  std::size_t threads = 1;
  std::size_t queue_bytes_max = 64 * 1024 * 1024;
};
// The index of the lane that a request takes. Called on I/O threads, several at once: it must be quick.
using LaneOf = std::function<std::size_t(const Request&)>;

struct ServerOptions {
  std::string address = "127.0.0.1";  // an IP address of this machine, or "0.0.0.0", "::"
  std::uint16_t port = 0;             // 0: the kernel chooses
  std::size_t io_threads = 1;
  std::vector<Lane> lanes;  // none: handlers run on the I/O threads and must be quick
  LaneOf lane_of;           // absent: all requests take the first lane
  // Bounds that peers share by their address (see share.hpp). A full table drops a connection of the greediest peer;
  // over inbound_bytes_max its unfinished request is answered 429, over outbound_bytes_max it is dropped.
  std::size_t connections_max = 1024;
  std::size_t handshakes_max = 512;                    // TLS handshakes under way
  std::size_t inbound_bytes_max = 64 * 1024 * 1024;    // of unfinished requests of all connections
  std::size_t outbound_bytes_max = 256 * 1024 * 1024;  // of answers not taken yet, beyond each one's assured share
  SessionLimits session;
  std::optional<TlsContext> tls;  // absent: plain HTTP
};

class Server {
 public:
  // `clock` outlives the server. `conflict` when the address is in use, `forbidden` without the right to it,
  // `invalid` for what is not an IP address.
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Handler handler,
                                               const platform::Clock& clock);
  virtual ~Server() = default;  // stop(0)

  virtual std::uint16_t port() const = 0;
  virtual Counters counters() const = 0;

  // Accepts nothing more, closes idle connections, lets running requests finish for up to `patience_ms`, then cuts
  // what is left; returns how many connections that were. With workers it also waits, beyond any patience, for
  // handlers that are in the middle of a call. Further calls return 0.
  virtual std::size_t stop(std::int64_t patience_ms) = 0;
};

}  // namespace mikusari::net
