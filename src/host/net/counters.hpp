// SPDX-License-Identifier: Apache-2.0
// What a server has done, for metrics. Each I/O thread writes cells of its own, so that counting costs no contention;
// whoever asks adds them up. Counters only grow, but for connections_open, unfinished_bytes and outbound_bytes.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace mikusari::net {

// Statuses with which a session refuses what no handler is shown.
constexpr std::array<int, 10> refused_statuses{400, 408, 413, 414, 417, 429, 431, 501, 503, 505};

struct Counters {
  std::uint64_t connections_open = 0;
  std::uint64_t connections_accepted = 0;
  std::uint64_t connections_refused = 0;                         // over connections_max, answered 503 or closed
  std::uint64_t connections_dismissed = 0;                       // closed to make room for another peer
  std::uint64_t requests = 0;                                    // shown to the handler
  std::array<std::uint64_t, 5> responses{};                      // by class: [0] is 1xx ... [4] is 5xx
  std::array<std::uint64_t, refused_statuses.size()> refused{};  // by status, in the order above
  std::uint64_t bytes_in = 0;                                    // on the wire
  std::uint64_t bytes_out = 0;
  std::uint64_t handshakes = 0;
  std::uint64_t handshakes_failed = 0;
  std::uint64_t plain_on_tls = 0;      // plain HTTP spoken to the TLS port
  std::uint64_t timeouts = 0;          // handshake, header, body, or a peer that does not read
  std::uint64_t queue_full = 0;        // requests answered 429 because the workers' queue was full
  std::uint64_t inbound_full = 0;      // unfinished requests answered 429 because too many bytes of them wait
  std::uint64_t unfinished_bytes = 0;  // of unfinished requests, now
  std::uint64_t outbound_full = 0;     // answers replaced by 503 because too much waits for peers that do not read
  std::uint64_t outbound_bytes = 0;    // of answers that wait for their peers, beyond each one's assured share, now
};

// One number that one thread writes and any thread reads.
class Cell {
 public:
  void add(std::uint64_t n = 1) { value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed); }
  void subtract(std::uint64_t n = 1) { add(0 - n); }
  std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

struct alignas(64) CounterCells {
  Cell connections_open, connections_accepted, connections_refused, connections_dismissed, requests;
  std::array<Cell, 5> responses;
  std::array<Cell, refused_statuses.size()> refused;
  Cell bytes_in, bytes_out, handshakes, handshakes_failed, plain_on_tls, timeouts, queue_full, inbound_full,
      outbound_full;

  void add_refused(int status) {
    for (std::size_t i = 0; i < refused.size(); ++i)
      if (refused_statuses[i] == status) refused[i].add();
  }

  void add_to(Counters& sum) const {
    sum.connections_open += connections_open.read();
    sum.connections_accepted += connections_accepted.read();
    sum.connections_refused += connections_refused.read();
    sum.connections_dismissed += connections_dismissed.read();
    sum.requests += requests.read();
    for (std::size_t i = 0; i < responses.size(); ++i) sum.responses[i] += responses[i].read();
    for (std::size_t i = 0; i < refused.size(); ++i) sum.refused[i] += refused[i].read();
    sum.bytes_in += bytes_in.read();
    sum.bytes_out += bytes_out.read();
    sum.handshakes += handshakes.read();
    sum.handshakes_failed += handshakes_failed.read();
    sum.plain_on_tls += plain_on_tls.read();
    sum.timeouts += timeouts.read();
    sum.queue_full += queue_full.read();
    sum.inbound_full += inbound_full.read();
    sum.outbound_full += outbound_full.read();
  }
};

}  // namespace mikusari::net
