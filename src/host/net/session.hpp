// SPDX-License-Identifier: Apache-2.0
// One connection as an HTTP/1.1 server sees it, without socket, clock or thread: bytes go in, requests come out,
// answers go in, bytes come out, and a deadline says when to look again. Answers may come in any order; they leave in
// the order of the requests (RFC 9112 section 9.3.2).
//
//   open --last request seen--> ending --answers given--> flushing --output sent--> lingering --peer closes--> closed
//
// Lingering means: our half is shut, and what the peer still sends is thrown away, because closing with unread bytes
// would make the kernel destroy the answer on its way. One thread at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <string>

#include "net/counters.hpp"
#include "net/output.hpp"
#include "net/parser.hpp"
#include "net/share.hpp"

namespace mikusari::net {

struct SessionLimits {
  RequestLimits request;
  std::size_t pipeline_max = 16;  // requests of one connection that wait for an answer
  // A request is handed out only while what waits for the peer, and what the requests under way may bring, stay below
  // it. Answers that are larger than those before them may exceed it: at most four to GET at a time.
  std::size_t outbound_bytes_max = 1024 * 1024;
  // What a connection holds above it is shared out among all connections: so clients that do not read cannot keep
  // short answers from those that do.
  std::size_t outbound_bytes_assured = 64 * 1024;
  std::int64_t header_timeout_ms = 10'000;  // TLS handshake and first request line and fields
  std::int64_t body_timeout_ms = 30'000;
  std::int64_t idle_timeout_ms = 60'000;   // between requests
  std::int64_t write_timeout_ms = 30'000;  // without a byte taken by the peer
  std::int64_t linger_ms = 2'000;
};

// What all sessions of a thread share. `now_ms` (steady) and `date` are set before each call into a session.
struct Surroundings {
  SessionLimits limits;
  CounterCells counters;
  std::int64_t now_ms = 0;
  std::string date;
};

// Where a session asks for memory; without shares there is no bound over the connections. All outlive the session.
struct SessionShares {
  Guest* guest = nullptr;
  Share* unfinished = nullptr;  // requests that are not finished
  Share* outbound = nullptr;    // answers that the peer has not taken
};

class Session {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();

  // Gets the requests. May call answer() from within handle().
  class Requests {
   public:
    virtual ~Requests() = default;
    virtual void handle(Request&& request, std::uint64_t sequence) = 0;
  };

  // `surroundings` and `requests` outlive the session.
  Session(Surroundings& surroundings, Requests& requests, const SessionShares& shares = {});
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void receive(ByteView bytes);
  void end_of_input();
  // The answer to the request with that sequence number; a second one is ignored. When there is no memory left for it,
  // 503 with Retry-After goes out instead.
  void answer(std::uint64_t sequence, Response&& response);
  // Answers without asking a handler, then ends the connection.
  void refuse(Response&& response);
  // Others need the memory: refuses the request that is not finished, if there is one.
  void give_way();
  // No further request; ends when those that were handed out are answered.
  void drain();

  // To be asked after each call above.
  bool wants_input() const;
  const Output& output() const { return output_; }
  void sent(std::size_t bytes);
  bool flushed() const { return phase_ == Phase::flushing && output_.empty(); }
  // Our half has been shut: linger.
  void shut();
  bool closed() const { return phase_ == Phase::closed; }
  std::size_t unanswered() const { return slots_.size(); }

  // When expire() must be called, on the steady clock; `never` while nothing is awaited from the peer.
  std::int64_t deadline_ms() const;
  void expire();

 private:
  enum class Phase : std::uint8_t { open, ending, flushing, lingering, closed };
  enum class Awaiting : std::uint8_t { first_request, idle, header, body };

  struct Slot {
    KeepAlive keep_alive;
    Content content;
    std::size_t promised;  // bytes that the answer may have, until it is there
    std::optional<Response> response;

    // Bytes that the answer will put into the output. A HEAD's body is never sent: it is held until its turn comes.
    std::size_t outbound(const Response& answer) const { return content == Content::left_out ? 0 : answer.body.size(); }
  };

  void take(ByteView bytes);
  void settle_input();
  void let_go_of_input();
  std::size_t parse(ByteView bytes);
  void parse_pending();
  void note_progress(ByteView pending);
  void hand_out();
  void send_ready();
  void offer_continue();
  bool has_room() const;
  bool half_a_request() const;
  // Bytes that this connection keeps in memory for its peer.
  std::size_t held() const { return output_.held() + held_bytes_; }
  std::size_t beyond_share(std::size_t held) const;
  std::size_t promise(Method method) const;
  void learn(std::size_t answer_bytes);
  bool affords(std::size_t answer_bytes);
  void settle();
  void end() { phase_ = slots_.empty() ? Phase::flushing : Phase::ending; }

  Surroundings& surroundings_;
  Requests& requests_;
  RequestParser parser_;
  Account unfinished_;              // what parser_ and pending_ hold
  Account outbound_;                // what is held beyond the assured share
  Buffer pending_;                  // received, not yet wholly taken by the parser
  std::size_t pending_taken_ = 0;   // of the front of pending_
  std::deque<Slot> slots_;          // requests without an answer on its way, oldest first
  std::uint64_t oldest_ = 0;        // sequence number of the first slot
  std::size_t held_bytes_ = 0;      // of answers that wait for an older one
  std::size_t promised_bytes_ = 0;  // sum over the slots
  std::size_t usual_bytes_ = 0;     // how large an answer here is: the largest, slowly forgotten
  Output output_;
  std::int64_t since_ms_;  // when what is awaited began
  std::int64_t write_progress_ms_ = 0;
  std::int64_t linger_until_ms_ = 0;
  Phase phase_ = Phase::open;
  Awaiting awaiting_ = Awaiting::first_request;
  bool parsing_ = false;
  bool continue_due_ = false;
};

}  // namespace mikusari::net
