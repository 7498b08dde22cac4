// SPDX-License-Identifier: Apache-2.0
#include "net/transport.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

namespace mikusari::net {

namespace {

constexpr std::size_t ciphertext_bytes_max = 64 * 1024;

std::unexpected<Error> gone() { return fail(Code::unavailable, "the other side closed the connection"); }

std::unexpected<Error> nobody_answers(const Url& url) {
  return std::unexpected(Error(Code::unavailable, "is it running? start it with `mikusari node run`")
                             .with_context("no node answers at " + url.text()));
}

bool would_block() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

using Addresses = std::unique_ptr<addrinfo, decltype([](addrinfo* list) { freeaddrinfo(list); })>;

Result<Addresses> resolve(const Url& url) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(url.host.c_str(), std::to_string(url.port).c_str(), &hints, &found);
  if (error != 0)
    return std::unexpected(Error(Code::unavailable, "is the name right, and does this machine's name service work?")
                               .with_context("cannot find the host " + url.host + ": " + gai_strerror(error)));
  return Addresses(found);
}

// Waits for `events`; 0 when the time is over.
int poll_until(int socket, short events, std::int64_t until_ms, const platform::Clock& clock) {
  for (;;) {
    const std::int64_t left = std::clamp<std::int64_t>(until_ms - clock.steady_ms(), 0, 60'000);
    pollfd what{socket, events, 0};
    const int ready = poll(&what, 1, static_cast<int>(left));
    if (ready > 0) return ready;
    if (clock.steady_ms() >= until_ms) return 0;
  }
}

// A connected socket, or -1 with the reason in errno.
int connect_to(const addrinfo& address, std::int64_t until_ms, const platform::Clock& clock) {
  const int made = socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol);
  if (made < 0) return -1;
  const int yes = 1;
  setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  int error = connect(made, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    if (poll_until(made, POLLOUT, until_ms, clock) == 0)
      error = ETIMEDOUT;
    else
      getsockopt(made, SOL_SOCKET, SO_ERROR, &error, &size);
  }
  if (error == 0) return made;
  close(made);
  errno = error;
  return -1;
}

}  // namespace

Transport::Transport(Transport&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), tls_(std::move(other.tls_)) {}

Transport::~Transport() {
  if (socket_ < 0) return;
  if (tls_) {
    tls_->end();
    static_cast<void>(flush());
  }
  close(socket_);
}

Result<Transport> Transport::open(const Url& url, const TlsContext* tls, const platform::Clock& clock,
                                  std::int64_t timeout_ms) {
  const std::int64_t until_ms = clock.steady_ms() + timeout_ms;
  TRY(const auto addresses, resolve(url));
  int connected = -1;
  for (const addrinfo* at = addresses.get(); at != nullptr && connected < 0; at = at->ai_next)
    connected = connect_to(*at, until_ms, clock);
  if (connected < 0) {
    if (errno == ECONNREFUSED || errno == ETIMEDOUT) return nobody_answers(url);
    return std::unexpected(Error(Code::unavailable, "is the address right, and the network up?")
                               .with_context("cannot connect to " + url.text() + ": " + std::strerror(errno)));
  }
  Transport transport(connected);
  if (tls == nullptr) return transport;
  TRY(auto channel, TlsChannel::to_server(*tls, url.host));
  transport.tls_.emplace(std::move(channel));
  if (auto done = transport.shake_hands(until_ms, clock); !done)
    return std::unexpected(std::move(done).error().with_context(url.text()));
  return transport;
}

Result<void> Transport::shake_hands(std::int64_t until_ms, const platform::Clock& clock) {
  std::array<std::byte, 16 * 1024> ciphertext;
  std::array<std::byte, 16> unexpected;
  while (tls_->state() == TlsChannel::State::handshaking) {
    TRY(flush());
    TRY(wait(For::input, until_ms, clock));
    const ssize_t got = recv(socket_, ciphertext.data(), ciphertext.size(), 0);
    if (got < 0 && would_block()) continue;
    if (got <= 0)
      return fail(Code::unavailable, "the connection was closed during the TLS handshake: is it HTTPS there?");
    tls_->receive(ByteView(ciphertext).first(static_cast<std::size_t>(got)));
    if (tls_->read(unexpected) > 0) return fail(Code::invalid, "the server speaks before it is asked");
  }
  const bool failed = tls_->state() == TlsChannel::State::failed;
  if (!failed) return flush();
  static_cast<void>(flush());  // the alert; the failure counts more than whether it gets through
  return std::unexpected(
      Error(Code::unauthenticated, "TLS failed: is it HTTPS there, and is its certificate the one you trust?")
          .with_context(tls_->failure()));
}

Result<void> Transport::flush() {
  if (!tls_) return {};
  Buffer& outgoing = tls_->outgoing();
  std::size_t sent = 0;
  while (sent < outgoing.size()) {
    const ssize_t n = ::send(socket_, outgoing.data() + sent, outgoing.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && would_block()) break;
    if (n < 0) return gone();
    sent += static_cast<std::size_t>(n);
  }
  outgoing.erase(outgoing.begin(), outgoing.begin() + static_cast<std::ptrdiff_t>(sent));
  return {};
}

Result<std::size_t> Transport::send(ByteView bytes) {
  if (!tls_) {
    const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n < 0 && would_block()) return 0;
    if (n < 0) return gone();
    return static_cast<std::size_t>(n);
  }
  std::size_t taken = 0;
  while (taken < bytes.size() && tls_->outgoing().size() < ciphertext_bytes_max) {
    const std::size_t n = tls_->write(bytes.subspan(taken));
    if (n == 0) return gone();
    taken += n;
  }
  TRY(flush());
  return taken;
}

Result<Transport::Received> Transport::receive(MutableByteView into) {
  ASSERT(into.size() >= receive_bytes_min);
  TRY(flush());
  std::array<std::byte, 16 * 1024> ciphertext;
  const MutableByteView target = tls_ ? MutableByteView(ciphertext) : into;
  const ssize_t got = recv(socket_, target.data(), target.size(), 0);
  if (got < 0 && would_block()) return Received{Input::not_now, 0};
  if (got < 0) return gone();
  if (got == 0) return Received{Input::ended, 0};
  if (!tls_) return Received{Input::some, static_cast<std::size_t>(got)};
  // At most one record was unfinished before, so `into` holds it all.
  tls_->receive(target.first(static_cast<std::size_t>(got)));
  std::size_t total = 0;
  while (const std::size_t n = tls_->read(into.subspan(total))) total += n;
  if (total > 0) return Received{Input::some, total};
  switch (tls_->state()) {
    case TlsChannel::State::ended: return Received{Input::ended, 0};
    case TlsChannel::State::failed:
      return std::unexpected(Error(Code::unavailable, "TLS failed").with_context(tls_->failure()));
    default: return Received{Input::not_now, 0};
  }
}

Result<void> Transport::wait(For what, std::int64_t until_ms, const platform::Clock& clock) {
  const bool room = what == For::input_or_room || (tls_ && !tls_->outgoing().empty());
  const auto events = static_cast<short>(room ? POLLIN | POLLOUT : POLLIN);
  if (poll_until(socket_, events, until_ms, clock) == 0)
    return fail(Code::unavailable, "no answer in time: is the node overloaded, or the network slow?");
  return {};
}

bool Transport::usable(MutableByteView scratch) {
  // TLS may have something of its own to say on an idle connection (tickets); content would be a stray answer.
  for (;;) {
    const auto received = receive(scratch);
    if (!received || received->input != Input::not_now) return false;
    std::byte peeked{};
    if (recv(socket_, &peeked, 1, MSG_PEEK) <= 0 && would_block()) return true;
  }
}

}  // namespace mikusari::net
