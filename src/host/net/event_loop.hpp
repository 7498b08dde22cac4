// SPDX-License-Identifier: Apache-2.0
// The insides of the server: event loops and the connections on them. The only file that includes Boost.Asio; for
// server.cpp and connection.cpp alone. A Loop and its connections belong to the loop's thread, except where said.
#pragma once

#define BOOST_ASIO_NO_DEPRECATED
#define BOOST_ASIO_DISABLE_CONCEPTS
#ifdef __SANITIZE_THREAD__  // g++'s thread sanitizer does not know fences; Asio's locks order everything anyway
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>
#include <unordered_map>
#include <vector>

#include "net/server.hpp"
#include "net/timer_wheel.hpp"
#include "net/tls_channel.hpp"
#include "net/work_queue.hpp"
#include "platform/mutex.hpp"

namespace mikusari::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
// With the concrete executor: the type-erased default costs a few virtual calls an operation.
using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;

class Loop;

constexpr std::size_t refusals_max = 64;          // connections over the limit that are told so
constexpr std::size_t dismissed_places_max = 64;  // connections that have been dismissed and are not closed yet
constexpr std::size_t leaving_part = 8;           // of a share of memory is for what has been dismissed

// What all loops of a server share.
struct Common {
  Common(const ServerOptions& chosen, Handler&& handles, const platform::Clock& time)
      : options(chosen),
        handler(std::move(handles)),
        clock(time),
        places(Shared::places, chosen.connections_max, dismissed_places_max),
        handshakes(Shared::handshakes, chosen.handshakes_max, dismissed_places_max),
        unfinished(Shared::unfinished_bytes, chosen.inbound_bytes_max - chosen.inbound_bytes_max / leaving_part,
                   chosen.inbound_bytes_max / leaving_part),
        outbound(Shared::outbound_bytes, chosen.outbound_bytes_max - chosen.outbound_bytes_max / leaving_part,
                 chosen.outbound_bytes_max / leaving_part) {}

  const ServerOptions options;
  const Handler handler;
  const platform::Clock& clock;
  Share places, handshakes, unfinished, outbound;
  std::vector<std::unique_ptr<WorkQueue>> lanes;
  std::atomic<std::size_t> open{0};
  platform::Mutex mutex;
  platform::Condition all_closed;
};

// Answers on their way to a loop, from any thread. Outlives the loop as long as a Responder does.
class Mailbox final : public Responder::Sink {
 public:
  explicit Mailbox(Loop& loop) : loop_(&loop) {}
  void deliver(std::uint64_t connection, std::uint64_t sequence, Response&& response) override;

  struct Letter {
    std::uint64_t connection, sequence;
    Response response;
  };
  std::vector<Letter> take() {
    platform::MutexLock lock(mutex_);
    return std::exchange(letters_, {});
  }
  void close() {
    platform::MutexLock lock(mutex_);
    loop_ = nullptr;
    letters_.clear();
  }

 private:
  platform::Mutex mutex_;
  Loop* loop_ MIKUSARI_GUARDED_BY(mutex_);
  std::vector<Letter> letters_ MIKUSARI_GUARDED_BY(mutex_);
};

enum class Admission : std::uint8_t { served, over_limit };

// A connection's part in the shares, from before there is a Connection until it is closed.
class Seat final : public Guest {
 public:
  Seat(Loop& loop, std::uint64_t connection, const PeerAddress& peer, std::int64_t now_ms)
      : Guest(peer, now_ms), loop_(loop), connection_(connection) {}
  void dismiss(Shared what) override;
  std::uint64_t connection() const { return connection_; }
  // Whether its place and its handshake are to be given back.
  bool has_place = false, has_handshake = false;

 private:
  Loop& loop_;
  const std::uint64_t connection_;
};

class Connection final : public std::enable_shared_from_this<Connection>,
                         public Session::Requests,
                         public TimerWheel::Entry {
 public:
  Connection(Loop& loop, Socket socket, std::shared_ptr<Seat> seat, Admission admission, std::optional<TlsChannel> tls);

  void answer(std::uint64_t sequence, Response&& response) { session_.answer(sequence, std::move(response)); }
  void drain();
  void look_at_deadline();
  // Others need what it holds.
  void give_way(Shared what);
  // After anything has happened: writes, closes, reads on, as the session wants.
  void proceed();
  void close();
  std::uint64_t id() const { return seat_->connection(); }

 private:
  void put(Request&& request, Responder&& responder);
  void active();
  void give_back_handshake();
  void handle(Request&& request, std::uint64_t sequence) override;
  void read();
  void on_read(const error_code& error, std::size_t bytes);
  void read_more();
  void take(ByteView bytes);
  void take_encrypted(ByteView bytes);
  void note_handshake();
  void write();
  error_code write_plain();
  error_code write_encrypted();
  void encrypt();
  void wait_until_writable();
  void shut();
  bool shaking_hands() const { return tls_ && tls_->state() == TlsChannel::State::handshaking; }
  std::int64_t deadline_ms() const;

  Loop& loop_;
  Socket socket_;
  const std::shared_ptr<Seat> seat_;
  Session session_;
  std::optional<TlsChannel> tls_;
  std::shared_ptr<const Peer> peer_;
  Buffer ciphertext_;  // being sent
  std::size_t ciphertext_sent_ = 0;
  std::int64_t ciphertext_progress_ms_ = 0;
  Admission admission_;
  bool reading_ = false, waiting_to_write_ = false, closed_ = false;
  bool first_bytes_ = true, handshake_noted_ = false, shut_ = false;
  std::array<std::byte, 4096> buffer_;  // for the first bytes of a read; the rest goes through the loop's scratch
};

// One thread and its connections.
class Loop {
 public:
  Loop(Common& common, std::size_t index, std::size_t count);

  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void add(Socket socket, std::shared_ptr<Seat> seat, Admission admission);
  void give_way(std::uint64_t connection, Shared what);
  void drain();
  void cut();
  void finish();  // from another thread: ends the loop's thread and joins it
  void deliver();
  void refresh();
  void closed(Connection& connection);

  Common& common;
  // Handlers that the context still holds when it ends look at these.
  Surroundings surroundings;
  TimerWheel wheel;
  asio::io_context context{1};
  std::shared_ptr<Mailbox> mailbox;
  Connection* dispatching = nullptr;
  std::array<std::byte, 64 * 1024> wire, plain;  // scratch, between two events
  std::uint64_t next_request;
  const std::uint64_t stride;

 private:
  void run();
  void arm();
  void tick();

  asio::executor_work_guard<asio::io_context::executor_type> work_{context.get_executor()};
  asio::steady_timer timer_{context};
  std::unordered_map<std::uint64_t, std::shared_ptr<Connection>> connections_;
  std::int64_t date_ms_ = std::numeric_limits<std::int64_t>::min() / 2;
  bool armed_ = false, draining_ = false;
  std::thread thread_;
};

}  // namespace mikusari::net
