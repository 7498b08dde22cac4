// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "net/event_loop.hpp"
#include "net/problem.hpp"

namespace mikusari::net {

namespace {

constexpr std::size_t ciphertext_bytes_max = 64 * 1024;  // encrypted ahead of the socket
constexpr std::size_t reads_per_turn = 4;                // of the loop's scratch, before other connections have theirs

}  // namespace

void Seat::dismiss(Shared what) {
  asio::post(loop_.context, [&loop = loop_, what, connection = connection_] { loop.give_way(connection, what); });
}

Connection::Connection(Loop& loop, Socket socket, std::shared_ptr<Seat> seat, Admission admission,
                       std::optional<TlsChannel> tls)
    : loop_(loop),
      socket_(std::move(socket)),
      seat_(std::move(seat)),
      session_(loop.surroundings, *this, {seat_.get(), &loop.common.unfinished, &loop.common.outbound}),
      tls_(std::move(tls)),
      admission_(admission) {
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  Peer peer;
  const auto endpoint = socket_.remote_endpoint(ignored);
  peer.address = endpoint.address().to_string();
  peer.port = endpoint.port();
  peer.network = seat_->peer();
  peer_ = std::make_shared<const Peer>(std::move(peer));
}

void Connection::handle(Request&& request, std::uint64_t sequence) {
  if (admission_ == Admission::over_limit) {
    session_.drain();
    return session_.answer(sequence, Problem::of(503, "the server has as many connections as it takes").response());
  }
  request.peer = peer_;
  request.id = loop_.next_request;
  loop_.next_request += loop_.stride;
  Responder responder(loop_.mailbox, id(), sequence);
  Connection* const outer = std::exchange(loop_.dispatching, this);
  put(std::move(request), std::move(responder));
  loop_.dispatching = outer;
}

void Connection::put(Request&& request, Responder&& responder) {
  Common& common = loop_.common;
  if (common.lanes.empty()) return common.handler(std::move(request), std::move(responder));
  const std::size_t lane = common.options.lane_of ? common.options.lane_of(request) : 0;
  ASSERT(lane < common.lanes.size());
  if (common.lanes[lane]->put(std::move(request), std::move(responder)) == WorkQueue::Taken::full)
    loop_.surroundings.counters.queue_full.add();
}

void Connection::active() { seat_->active(loop_.surroundings.now_ms); }

void Connection::read() {
  if (reading_ || closed_ || !(session_.wants_input() || shaking_hands())) return;
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this()](const error_code& error, std::size_t bytes) { self->on_read(error, bytes); });
}

void Connection::on_read(const error_code& error, std::size_t bytes) {
  reading_ = false;
  if (closed_) return;
  loop_.refresh();
  if (error && error != asio::error::eof) return close();
  if (error) {
    session_.end_of_input();
    if (shaking_hands()) return close();
  } else {
    take(ByteView(buffer_).first(bytes));
    if (bytes == buffer_.size()) read_more();
  }
  proceed();
}

// There is probably more: take it at once, in larger pieces.
void Connection::read_more() {
  for (std::size_t i = 0; i < reads_per_turn && session_.wants_input(); ++i) {
    error_code error;
    const std::size_t bytes = socket_.read_some(asio::buffer(loop_.wire), error);
    if (error == asio::error::eof) return session_.end_of_input();
    if (error) return;  // nothing there yet; a real error comes again with the next read
    take(ByteView(loop_.wire).first(bytes));
    if (bytes < loop_.wire.size()) return;
  }
}

void Connection::take(ByteView bytes) {
  active();
  loop_.surroundings.counters.bytes_in.add(bytes.size());
  const bool first = std::exchange(first_bytes_, false);
  if (first && tls_ && bytes[0] >= std::byte{'A'} && bytes[0] <= std::byte{'Z'}) {
    // A TLS record begins with 22: this is a method. Say so in the words the peer understands.
    loop_.surroundings.counters.plain_on_tls.add();
    tls_.reset();
    session_.refuse(Response::text(400, "this is an HTTPS port: use https:// instead of http://\n"));
  }
  if (tls_)
    take_encrypted(bytes);
  else
    session_.receive(bytes);
}

void Connection::take_encrypted(ByteView bytes) {
  if (tls_->state() == TlsChannel::State::failed) return;
  tls_->receive(bytes);
  while (const std::size_t got = tls_->read(loop_.plain)) {
    note_handshake();
    session_.receive(ByteView(loop_.plain).first(got));
  }
  note_handshake();
  if (tls_->state() == TlsChannel::State::ended) session_.end_of_input();
  if (tls_->state() != TlsChannel::State::failed) return;
  if (!handshake_noted_) loop_.surroundings.counters.handshakes_failed.add();
  session_.drain();
  encrypt();  // the alert
}

void Connection::note_handshake() {
  if (handshake_noted_ || shaking_hands() || tls_->state() == TlsChannel::State::failed) return;
  handshake_noted_ = true;
  give_back_handshake();
  loop_.surroundings.counters.handshakes.add();
  Peer peer = *peer_;
  peer.certificate = tls_->peer_certificate();
  peer.channel = tls_->channel_binding();
  peer_ = std::make_shared<const Peer>(std::move(peer));
}

void Connection::proceed() {
  if (closed_) return;
  write();
  if (closed_) return;
  seat_->working(session_.unanswered() > 0);
  const bool tls_failed = tls_ && tls_->state() == TlsChannel::State::failed;
  if ((session_.flushed() || tls_failed) && ciphertext_.empty() && !shut_) shut();
  if (session_.closed()) return close();
  read();
  loop_.wheel.set(*this, deadline_ms());
}

void Connection::write() {
  if (waiting_to_write_) return;
  const error_code error = tls_ ? write_encrypted() : write_plain();
  if (error == asio::error::would_block || error == asio::error::try_again) return wait_until_writable();
  if (error) close();
}

error_code Connection::write_plain() {
  error_code error;
  while (!session_.output().empty() && !error) {
    std::array<ByteView, 8> views;
    const std::size_t count = session_.output().gather(views);
    std::array<asio::const_buffer, 8> buffers;
    for (std::size_t i = 0; i < count; ++i) buffers[i] = asio::const_buffer(views[i].data(), views[i].size());
    const std::size_t sent = socket_.write_some(buffers, error);
    loop_.surroundings.counters.bytes_out.add(sent);
    if (sent == 0) continue;
    active();
    session_.sent(sent);
  }
  return error;
}

error_code Connection::write_encrypted() {
  error_code error;
  for (encrypt(); !ciphertext_.empty() && !error; encrypt()) {
    const ByteView rest = ByteView(ciphertext_).subspan(ciphertext_sent_);
    const std::size_t sent = socket_.write_some(asio::const_buffer(rest.data(), rest.size()), error);
    loop_.surroundings.counters.bytes_out.add(sent);
    if (sent > 0) active();
    if (sent > 0) ciphertext_progress_ms_ = loop_.surroundings.now_ms;
    ciphertext_sent_ += sent;
    if (ciphertext_sent_ < ciphertext_.size()) continue;
    ciphertext_.clear();
    ciphertext_sent_ = 0;
  }
  return error;
}

// Fills ciphertext_ when it is empty: a socket that takes nothing stops us here.
void Connection::encrypt() {
  if (!ciphertext_.empty()) return;
  while (!session_.output().empty() && tls_->outgoing().size() < ciphertext_bytes_max) {
    std::array<ByteView, 1> view;
    session_.output().gather(view);
    const std::size_t taken = tls_->write(view[0]);
    if (taken == 0) break;
    session_.sent(taken);
  }
  std::swap(ciphertext_, tls_->outgoing());
  ciphertext_sent_ = 0;
  ciphertext_progress_ms_ = loop_.surroundings.now_ms;
}

void Connection::wait_until_writable() {
  waiting_to_write_ = true;
  socket_.async_wait(Socket::wait_write, [self = shared_from_this()](const error_code& error) {
    self->waiting_to_write_ = false;
    if (self->closed_) return;
    self->loop_.refresh();
    if (error) return self->close();
    self->proceed();
  });
}

void Connection::shut() {
  shut_ = true;
  if (tls_ && tls_->state() != TlsChannel::State::failed) {
    tls_->end();
    write();
    if (closed_) return;
  }
  error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  session_.shut();
}

std::int64_t Connection::deadline_ms() const {
  const std::int64_t session = session_.deadline_ms();
  if (ciphertext_.empty()) return session;
  return std::min(session, ciphertext_progress_ms_ + loop_.surroundings.limits.write_timeout_ms);
}

void Connection::look_at_deadline() {
  if (loop_.surroundings.now_ms >= deadline_ms()) {
    const bool session_due = loop_.surroundings.now_ms >= session_.deadline_ms();
    if (!session_due || shaking_hands()) {
      loop_.surroundings.counters.timeouts.add();
      if (shaking_hands()) loop_.surroundings.counters.handshakes_failed.add();
      return close();
    }
    session_.expire();
  }
  proceed();
}

void Connection::drain() {
  if (shaking_hands()) return close();
  session_.drain();
  proceed();
}

void Connection::give_way(Shared what) {
  switch (what) {
    case Shared::places:
    case Shared::outbound_bytes: break;
    case Shared::handshakes:
      if (!seat_->has_handshake) return;  // it has been finished by now
      loop_.surroundings.counters.handshakes_failed.add();
      break;
    case Shared::unfinished_bytes: session_.give_way(); return proceed();
  }
  loop_.surroundings.counters.connections_dismissed.add();
  close();
}

void Connection::give_back_handshake() {
  if (std::exchange(seat_->has_handshake, false)) loop_.common.handshakes.give_back(*seat_, 1);
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  unlink();
  give_back_handshake();
  if (std::exchange(seat_->has_place, false)) loop_.common.places.give_back(*seat_, 1);
  error_code ignored;
  socket_.close(ignored);
  loop_.closed(*this);
}

}  // namespace mikusari::net
