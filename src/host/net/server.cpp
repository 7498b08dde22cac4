// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <algorithm>

#include "net/event_loop.hpp"

namespace mikusari::net {

namespace {

constexpr std::int64_t accept_pause_ms = 100;  // when the process is out of descriptors

thread_local Loop* current_loop = nullptr;

PeerAddress peer_of(const Socket& socket) {
  error_code gone;
  const auto address = socket.remote_endpoint(gone).address();
  return address.is_v4() ? PeerAddress::of(address.to_v4().to_bytes()) : PeerAddress::of(address.to_v6().to_bytes());
}

std::int64_t tick_for(const SessionLimits& limits) {
  const std::int64_t shortest = std::min({limits.header_timeout_ms, limits.body_timeout_ms, limits.idle_timeout_ms,
                                          limits.write_timeout_ms, limits.linger_ms});
  return std::clamp<std::int64_t>(shortest / 8, 10, 250);
}

}  // namespace

void Mailbox::deliver(std::uint64_t connection, std::uint64_t sequence, Response&& response) {
  // The usual case: the handler answers while it is being called, on the connection's own thread.
  if (current_loop != nullptr && current_loop->mailbox.get() == this && current_loop->dispatching != nullptr &&
      current_loop->dispatching->id() == connection)
    return current_loop->dispatching->answer(sequence, std::move(response));
  platform::MutexLock lock(mutex_);
  if (loop_ == nullptr) return;
  const bool first = letters_.empty();
  letters_.push_back({connection, sequence, std::move(response)});
  if (first) asio::post(loop_->context, [loop = loop_] { loop->deliver(); });
}

Loop::Loop(Common& shared, std::size_t index, std::size_t count)
    : common(shared),
      wheel(tick_for(shared.options.session), shared.clock.steady_ms()),
      mailbox(std::make_shared<Mailbox>(*this)),
      next_request(index + 1),
      stride(count) {
  surroundings.limits = common.options.session;
  refresh();
}

void Loop::run() {
  current_loop = this;
  context.run();
  cut();  // connections must let go of the wheel before it dies
  current_loop = nullptr;
}

void Loop::refresh() {
  constexpr std::int64_t date_lag_ms = 200;
  surroundings.now_ms = common.clock.steady_ms();
  if (surroundings.now_ms - date_ms_ < date_lag_ms) return;
  date_ms_ = surroundings.now_ms;
  surroundings.date = http_date(common.clock.now_ms() / 1000);
}

void Loop::give_way(std::uint64_t connection, Shared what) {
  refresh();
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  const std::shared_ptr<Connection> kept = found->second;
  kept->give_way(what);
}

void Loop::add(Socket socket, std::shared_ptr<Seat> seat, Admission admission) {
  refresh();
  (admission == Admission::served ? surroundings.counters.connections_accepted
                                  : surroundings.counters.connections_refused)
      .add();
  std::optional<TlsChannel> tls;
  if (common.options.tls)
    if (auto channel = TlsChannel::to_client(*common.options.tls)) tls.emplace(*std::move(channel));
  const bool usable = !draining_ && (tls.has_value() || !common.options.tls);
  surroundings.counters.connections_open.add();
  auto connection = std::make_shared<Connection>(*this, std::move(socket), std::move(seat), admission, std::move(tls));
  connections_.emplace(connection->id(), connection);
  if (!usable) return connection->close();
  connection->proceed();
  arm();
}

void Loop::closed(Connection& connection) {
  connections_.erase(connection.id());
  surroundings.counters.connections_open.subtract();
  if (common.open.fetch_sub(1) > 1) return;
  platform::MutexLock lock(common.mutex);
  common.all_closed.notify_all();
}

void Loop::deliver() {
  refresh();
  std::vector<std::shared_ptr<Connection>> changed;
  for (Mailbox::Letter& letter : mailbox->take()) {
    const auto found = connections_.find(letter.connection);
    if (found == connections_.end()) continue;
    found->second->answer(letter.sequence, std::move(letter.response));
    changed.push_back(found->second);
  }
  for (const auto& connection : changed) connection->proceed();
}

void Loop::arm() {
  if (armed_ || connections_.empty()) return;
  armed_ = true;
  timer_.expires_after(std::chrono::milliseconds(wheel.tick_ms()));
  timer_.async_wait([this](const error_code& error) {
    armed_ = false;
    if (!error) tick();
  });
}

void Loop::tick() {
  refresh();
  std::vector<std::shared_ptr<Connection>> due;
  for (TimerWheel::Entry* entry : wheel.advance(surroundings.now_ms))
    due.push_back(static_cast<Connection*>(entry)->shared_from_this());
  for (const auto& connection : due) connection->look_at_deadline();
  arm();
}

void Loop::drain() {
  refresh();
  draining_ = true;
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->drain();
}

void Loop::cut() {
  std::vector<std::shared_ptr<Connection>> all;
  for (const auto& [id, connection] : connections_) all.push_back(connection);
  for (const auto& connection : all) connection->close();
}

void Loop::finish() {
  mailbox->close();
  context.stop();
  if (thread_.joinable()) thread_.join();
}

namespace {

class AsioServer final : public Server {
 public:
  AsioServer(const ServerOptions& options, Handler handler, const platform::Clock& clock)
      : common_(options, std::move(handler), clock) {
    const std::size_t count = std::max<std::size_t>(options.io_threads, 1);
    for (std::size_t i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>(common_, i, count));
    acceptor_.emplace(loops_.front()->context);
    pause_.emplace(loops_.front()->context);
  }
  ~AsioServer() override { stop(0); }

  Result<void> listen();
  void run();
  std::uint16_t port() const override { return port_; }
  Counters counters() const override;
  std::size_t stop(std::int64_t patience_ms) override;

 private:
  void accept();
  void accepted(const error_code& error, Socket socket, Loop& loop);
  std::optional<Admission> admit(Seat& seat);
  void wait_for_connections(std::int64_t patience_ms);
  std::unexpected<Error> cannot_listen(const error_code& error) const;

  Common common_;
  std::vector<std::unique_ptr<Loop>> loops_;
  std::optional<tcp::acceptor> acceptor_;
  std::optional<asio::steady_timer> pause_;
  std::size_t next_loop_ = 0;
  std::uint64_t next_connection_ = 1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stopped_{false};
};

std::unexpected<Error> AsioServer::cannot_listen(const error_code& error) const {
  const std::string where =
      "cannot listen on " + common_.options.address + " port " + std::to_string(common_.options.port);
  if (error == asio::error::address_in_use)
    return std::unexpected(Error(Code::conflict, "another program listens there").with_context(where));
  if (error == asio::error::access_denied)
    return std::unexpected(Error(Code::forbidden, "ports below 1024 need a privilege").with_context(where));
  return std::unexpected(
      Error(Code::unavailable, "is it an address of this machine?").with_context(where + ": " + error.message()));
}

Result<void> AsioServer::listen() {
  error_code error;
  const auto address = asio::ip::make_address(common_.options.address, error);
  if (error)
    return std::unexpected(
        Error(Code::invalid, "is not an IP address").with_context("\"" + common_.options.address + "\""));
  const tcp::endpoint endpoint(address, common_.options.port);
  acceptor_->open(endpoint.protocol(), error);
  if (!error) acceptor_->set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_->bind(endpoint, error);
  if (!error) acceptor_->listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(error);
  port_ = acceptor_->local_endpoint(error).port();
  return {};
}

void AsioServer::run() {
  for (const Lane& lane : common_.options.lanes)
    common_.lanes.push_back(std::make_unique<WorkQueue>(lane.threads, lane.queue_bytes_max, common_.handler));
  accept();
  for (const auto& loop : loops_) loop->start();
}

void AsioServer::accept() {
  Loop& loop = *loops_[next_loop_++ % loops_.size()];
  acceptor_->async_accept(loop.context, [this, &loop](const error_code& error, Socket socket) {
    accepted(error, std::move(socket), loop);
  });
}

void AsioServer::accepted(const error_code& error, Socket socket, Loop& loop) {
  if (error == asio::error::operation_aborted || !acceptor_->is_open()) return;
  if (error) {  // out of descriptors or memory: waiting is all that helps
    pause_->expires_after(std::chrono::milliseconds(accept_pause_ms));
    pause_->async_wait([this](const error_code& cancelled) {
      if (!cancelled) accept();
    });
    return;
  }
  auto seat = std::make_shared<Seat>(loop, next_connection_++, peer_of(socket), common_.clock.steady_ms());
  if (const auto admission = admit(*seat)) {
    common_.open.fetch_add(1);
    asio::post(loop.context, [&loop, admission = *admission, seat, taken = std::move(socket)]() mutable {
      loop.add(std::move(taken), std::move(seat), admission);
    });
  } else {
    loops_.front()->surroundings.counters.connections_refused.add();
  }
  accept();
}

// Nothing: not even to be told so. The only thread that takes places and handshakes, so that a connection is on its way
// to its loop before anybody can dismiss it.
std::optional<Admission> AsioServer::admit(Seat& seat) {
  const std::int64_t now_ms = common_.clock.steady_ms();
  seat.has_place = common_.places.take(seat, 1, now_ms) == Share::Taken::yes;
  const std::size_t open_max = common_.options.connections_max + dismissed_places_max + refusals_max;
  if (!seat.has_place) {
    if (common_.open.load() >= open_max) return std::nullopt;
    return Admission::over_limit;
  }
  if (!common_.options.tls) return Admission::served;
  seat.has_handshake = common_.handshakes.take(seat, 1, now_ms) == Share::Taken::yes;
  if (seat.has_handshake) return Admission::served;
  seat.has_place = false;
  common_.places.give_back(seat, 1);
  return std::nullopt;
}

Counters AsioServer::counters() const {
  Counters sum;
  for (const auto& loop : loops_) loop->surroundings.counters.add_to(sum);
  sum.outbound_bytes = common_.outbound.held();
  sum.unfinished_bytes = common_.unfinished.held();
  return sum;
}

void AsioServer::wait_for_connections(std::int64_t patience_ms) {
  const std::int64_t until = common_.clock.steady_ms() + patience_ms;
  platform::MutexLock lock(common_.mutex);
  while (common_.open.load() != 0) {
    const std::int64_t left = until - common_.clock.steady_ms();
    if (left <= 0) return;
    common_.all_closed.wait_for_ms(common_.mutex, left);
  }
}

std::size_t AsioServer::stop(std::int64_t patience_ms) {
  if (stopped_.exchange(true)) return 0;
  // Every post below is done when the last loop has run it: loops are asked in turn and each runs in order.
  asio::post(loops_.front()->context, [this] {
    error_code ignored;
    acceptor_->close(ignored);
    pause_->cancel();
    for (const auto& loop : loops_) asio::post(loop->context, [&loop] { loop->drain(); });
  });
  wait_for_connections(patience_ms);
  const std::size_t left = common_.open.load();
  for (const auto& loop : loops_) asio::post(loop->context, [&loop] { loop->cut(); });
  for (const auto& lane : common_.lanes) lane->stop();
  for (const auto& loop : loops_) loop->finish();
  return left;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler,
                                              const platform::Clock& clock) {
  auto server = std::make_unique<AsioServer>(options, std::move(handler), clock);
  TRY(server->listen());
  server->run();
  return server;
}

}  // namespace mikusari::net
