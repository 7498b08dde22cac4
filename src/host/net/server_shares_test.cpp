// SPDX-License-Identifier: Apache-2.0
// Peers that take all they can get, against a real server: 127.0.0.2 and so on are peers of their own.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "net/server.hpp"
#include "net/testing.hpp"

namespace mikusari::net {
namespace {

using testing::eventually;
using testing::Raw;
using testing::sanitized;
using testing::serve;

constexpr std::string_view get_hello = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

// A plain connection from an address of the test's choice.
class From {
 public:
  From(const std::string& address, std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in here = at(address, 0), there = at("127.0.0.1", port);
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&here), sizeof here), 0) << std::strerror(errno);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&there), sizeof there) == 0;
    const timeval patience{testing::patience_ms / 1000, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  }
  ~From() {
    if (socket_ >= 0) close(socket_);
  }
  From(From&& other) noexcept : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}
  From& operator=(From&&) = delete;

  bool connected() const { return connected_; }
  // Whether all of it was taken.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  // What there is until `mark` has come, or the server closes.
  std::string until(std::string_view mark) {
    std::string out;
    char piece[4096];
    while (out.find(mark) == std::string::npos) {
      const ssize_t n = recv(socket_, piece, sizeof piece, 0);
      if (n <= 0) break;
      out.append(piece, static_cast<std::size_t>(n));
    }
    return out;
  }
  bool closed() {
    char byte = 0;
    const ssize_t n = recv(socket_, &byte, 1, MSG_DONTWAIT | MSG_PEEK);
    return n == 0 || (n < 0 && errno != EAGAIN);
  }

 private:
  static sockaddr_in at(const std::string& address, std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    inet_pton(AF_INET, address.c_str(), &out.sin_addr);
    return out;
  }
  int socket_;
  bool connected_ = false;
};

// Both ends of so many connections are in this process.
void allow_descriptors(std::size_t wanted) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
  setrlimit(RLIMIT_NOFILE, &limit);
  ASSERT_GE(limit.rlim_cur, wanted);
}

std::size_t count_closed(std::vector<From>& connections) {
  std::size_t out = 0;
  for (From& each : connections) out += each.closed() ? 1 : 0;
  return out;
}

TEST(ServerShares, Attack16SilentConnectionsOfOneAddressShutNobodyOut) {
  allow_descriptors(3000);
  for (const bool tls : {false, true}) {
    ServerOptions options = tls ? testing::with_tls() : ServerOptions();
    options.io_threads = 2;
    const auto server = serve(testing::say_hello, options);
    const auto context = *TlsContext::client_pinned();
    const TlsContext* const used = tls ? &context : nullptr;
    Raw before(server->port(), used);
    before.send(get_hello).until("hello");
    std::vector<From> silent;
    for (int i = 0; i < 1100; ++i) silent.emplace_back("127.0.0.2", server->port());
    // One that was there before, and new ones, are served while the silent ones stay.
    before.send(get_hello).until("hello");
    for (int i = 0; i < 20; ++i) Raw(server->port(), used).send(get_hello).until("hello");
    EXPECT_LE(server->counters().connections_open, options.connections_max + 128);
    EXPECT_GT(server->counters().connections_open, 400u);
  }
}

TEST(ServerShares, DropsTheLeastActiveConnectionOfTheGreediestPeer) {
  ServerOptions options;
  options.connections_max = 4;
  const auto server = serve(testing::say_hello, options);
  From modest("127.0.0.3", server->port());
  modest.send(get_hello);
  modest.until("hello");
  std::vector<From> greedy;
  for (int i = 0; i < 3; ++i) greedy.emplace_back("127.0.0.2", server->port());
  // The first of them is the last that says something.
  for (const std::size_t i : {1u, 2u, 0u}) {
    greedy[i].send(get_hello);
    greedy[i].until("hello");
    const std::int64_t said = testing::clock().steady_ms();
    ASSERT_TRUE(eventually([&] { return testing::clock().steady_ms() > said; }));
  }
  From other("127.0.0.4", server->port());
  other.send(get_hello);
  EXPECT_NE(other.until("hello").find("200 OK"), std::string::npos);
  EXPECT_EQ(greedy[1].until("never"), "");
  EXPECT_FALSE(greedy[0].closed() || greedy[2].closed() || modest.closed());
  EXPECT_EQ(server->counters().connections_dismissed, 1u);
  EXPECT_EQ(server->counters().connections_refused, 0u);
}

TEST(ServerShares, TheGreediestIsToldWhenNoneOfItsOwnIsStill) {
  ServerOptions options;
  options.connections_max = 2;
  const auto server = serve(testing::say_hello, options);
  std::vector<From> greedy;
  for (int i = 0; i < 3; ++i) greedy.emplace_back("127.0.0.2", server->port());
  greedy[2].send(get_hello);
  const std::string answer = greedy[2].until("\r\n\r\n");
  EXPECT_NE(answer.find("503"), std::string::npos);
  EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
  EXPECT_EQ(server->counters().connections_refused, 1u);
  EXPECT_EQ(server->counters().connections_dismissed, 0u);
}

TEST(ServerShares, SharesHandshakesUnderWay) {
  ServerOptions options = testing::with_tls();
  options.handshakes_max = 3;
  const auto server = serve(testing::say_hello, options);
  const auto context = *TlsContext::client_pinned();
  std::vector<From> silent;
  for (int i = 0; i < 5; ++i) silent.emplace_back("127.0.0.2", server->port());
  EXPECT_TRUE(eventually([&] { return count_closed(silent) == 2; }));  // its fourth and fifth
  Raw other(server->port(), &context);
  other.send(get_hello).until("hello");
  EXPECT_TRUE(eventually([&] { return count_closed(silent) == 3; }));
  // What has shaken hands counts no longer.
  Raw further(server->port(), &context);
  further.send(get_hello).until("hello");
  EXPECT_EQ(server->counters().connections_dismissed, 1u);
}

constexpr std::size_t upload_bytes = 1024 * 1024;

std::string unfinished_upload(std::size_t sent_bytes) {
  return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(upload_bytes) + "\r\n\r\n" +
         std::string(sent_bytes, 'x');
}

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  FILE* const file = std::fopen("/proc/self/statm", "r");
  EXPECT_EQ(std::fscanf(file, "%zu %zu", &pages, &resident), 2);
  std::fclose(file);
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST(ServerShares, Attack18UnfinishedUploadsStayUnderOneBudget) {
  allow_descriptors(1000);
  ServerOptions options;
  options.io_threads = 2;
  options.lanes = {{.threads = 1}};
  options.inbound_bytes_max = 64 * 1024 * 1024;
  const auto server = serve(testing::say_hello, options);
  const std::string upload = unfinished_upload(upload_bytes - 1);
  const std::size_t before = resident_bytes();
  std::vector<From> uploads;
  for (int i = 0; i < 250; ++i) {
    uploads.emplace_back("127.0.0." + std::to_string(2 + i % 5), server->port());
    uploads.back().send(upload);
    EXPECT_LE(server->counters().unfinished_bytes, options.inbound_bytes_max);
  }
  EXPECT_TRUE(eventually([&] { return server->counters().inbound_full >= 250 - 64; }));
  EXPECT_GT(server->counters().unfinished_bytes, options.inbound_bytes_max / 2);
  // The allocator keeps some of what has been given back to it.
  if (!sanitized) {
    EXPECT_LT(resident_bytes() - before, 2 * options.inbound_bytes_max);
  }
  // Others are heard, and those who hold nothing get the memory that they need.
  From other("127.0.0.100", server->port());
  other.send(upload + "x" + std::string(get_hello));
  EXPECT_NE(other.until("hello").find("200 OK"), std::string::npos);
  uploads.clear();
  EXPECT_TRUE(eventually([&] { return server->counters().unfinished_bytes == 0; }));
}

TEST(ServerShares, SaysThatTheMemoryForUnfinishedRequestsIsFull) {
  ServerOptions options;
  options.inbound_bytes_max = 8 * 1024 * 1024;
  const auto server = serve(testing::say_hello, options);
  std::vector<From> uploads;
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_TRUE(eventually([&] { return server->counters().unfinished_bytes >= i * upload_bytes; }));
    uploads.emplace_back("127.0.0.2", server->port());
    uploads.back().send(unfinished_upload(upload_bytes - 1));
  }
  const std::string answer = uploads.back().until("unfinished");
  EXPECT_NE(answer.find("429"), std::string::npos);
  EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_EQ(server->counters().inbound_full, 1u);
  const auto at = std::ranges::find(refused_statuses, 429) - refused_statuses.begin();
  EXPECT_EQ(server->counters().refused[static_cast<std::size_t>(at)], 1u);
  // Those before it can still be finished.
  uploads[0].send("x");
  EXPECT_NE(uploads[0].until("hello").find("200 OK"), std::string::npos);
}

}  // namespace
}  // namespace mikusari::net
