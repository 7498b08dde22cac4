// SPDX-License-Identifier: Apache-2.0
#include "net/client.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

#include "net/testing.hpp"

namespace mikusari::net {
namespace {

using testing::serve;

std::string address(const Server& server, std::string_view scheme = "http") {
  return std::string(scheme) + "://127.0.0.1:" + std::to_string(server.port());
}

Client connect(const std::string& url, ClientOptions options = {}) {
  auto client = Client::connect(url, std::move(options), testing::clock());
  EXPECT_TRUE(client) << client.error().message();
  return *std::move(client);
}

TEST(Client, AsksOverOneConnection) {
  const auto server = serve(testing::echo);
  Client client = connect(address(*server));
  for (int i = 0; i < 5; ++i) {
    const auto response = client.request(Call::post("/a b?c", "text/plain", platform::copy(as_bytes("body"))));
    ASSERT_TRUE(response) << response.error().message();
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->body.as_text(), "/a%20b?c|body");
  }
  EXPECT_EQ(client.connections(), 1u);
}

TEST(Client, SaysThatNobodyAnswers) {
  std::string url;
  {
    const auto server = serve(testing::echo);
    url = address(*server, "https");
  }
  const auto client = Client::connect(url, {}, testing::clock());
  ASSERT_FALSE(client);
  EXPECT_EQ(client.error().code(), Code::unavailable);
  EXPECT_EQ(client.error().message(),
            "no node answers at " + url + ": is it running? start it with `mikusari node run`");
}

TEST(Client, AcceptsOnlyThePinnedCertificate) {
  const auto server = serve(testing::echo, testing::with_tls());
  ClientOptions options;
  options.trust = Trust::pinned(testing::test_certificate().fingerprint);
  Client client = connect(address(*server, "https"), options);
  EXPECT_TRUE(client.request(Call::get("/")));
  EXPECT_EQ(client.server_fingerprint(), testing::test_certificate().fingerprint);

  Digest other = testing::test_certificate().fingerprint;
  other.data[31] ^= std::byte{1};
  options.trust = Trust::pinned(other);
  const auto refused = Client::connect(address(*server, "https"), options, testing::clock());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unauthenticated);
  const std::string message = refused.error().message();
  EXPECT_NE(message.find("has fingerprint " + fingerprint_text(testing::test_certificate().fingerprint) +
                         ", not the pinned " + fingerprint_text(other)),
            std::string::npos)
      << message;
  EXPECT_EQ(server->counters().requests, 1u);
  EXPECT_EQ(Client::connect("http://127.0.0.1:1", options, testing::clock()).error().code(), Code::invalid);
}

TEST(Client, VerifiesAgainstACaFileAndTheName) {
  const auto server = serve(testing::echo, testing::with_tls());
  const std::string path = ::testing::TempDir() + "mikusari-net-ca-" + std::to_string(getpid()) + ".pem";
  std::ofstream(path) << testing::test_certificate().certificate_pem;
  ClientOptions options;
  options.trust = Trust::ca_file(path);
  Client client = connect(address(*server, "https"), options);
  EXPECT_TRUE(client.request(Call::get("/")));
  // The kernel answers on all of 127/8, the certificate does not.
  const auto wrong_name =
      Client::connect("https://127.0.0.2:" + std::to_string(server->port()), options, testing::clock());
  EXPECT_FALSE(wrong_name);
  options.trust = Trust::system();
  const auto unknown = Client::connect(address(*server, "https"), options, testing::clock());
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), Code::unauthenticated);
  EXPECT_NE(unknown.error().message().find("self-signed certificate"), std::string::npos) << unknown.error().message();
  std::remove(path.c_str());
  options.trust = Trust::ca_file(path);
  EXPECT_EQ(Client::connect(address(*server, "https"), options, testing::clock()).error().code(), Code::invalid);
}

TEST(Client, VerifiesTheNameAgainstThePlaceItAsked) {
  ServerOptions options = testing::with_tls();
  options.address = "127.0.0.2";
  const auto server = serve(testing::echo, options);
  const std::string path = ::testing::TempDir() + "mikusari-net-name-" + std::to_string(getpid()) + ".pem";
  std::ofstream(path) << testing::test_certificate().certificate_pem;
  ClientOptions trusting;
  trusting.trust = Trust::ca_file(path);
  const auto refused =
      Client::connect("https://127.0.0.2:" + std::to_string(server->port()), trusting, testing::clock());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::unauthenticated);
  std::remove(path.c_str());
}

TEST(Client, PipelinesManyQuestions) {
  for (const bool tls : {false, true}) {
    ServerOptions options = tls ? testing::with_tls() : ServerOptions();
    options.session.pipeline_max = 3;  // fewer than the client would like
    const auto server = serve(testing::echo, options);
    ClientOptions trusting;
    if (tls) trusting.trust = Trust::pinned(testing::test_certificate().fingerprint);
    Client client = connect(address(*server, tls ? "https" : "http"), trusting);
    std::vector<Call> calls;
    for (int i = 0; i < 300; ++i)
      calls.push_back(i % 3 == 0 ? Call::get("/" + std::to_string(i))
                                 : Call::post("/" + std::to_string(i), "text/plain", Buffer(i * 100, std::byte{'x'})));
    calls[7].method = Method::head;
    const auto results = client.send_many(calls);
    ASSERT_EQ(results.size(), calls.size());
    for (std::size_t i = 0; i < calls.size(); ++i) {
      ASSERT_TRUE(results[i]) << i << ": " << results[i].error().message();
      const std::size_t size = ("/" + std::to_string(i) + "|").size() + calls[i].body.size();
      EXPECT_EQ(results[i]->body.size(), i == 7 ? 0 : size);
    }
    EXPECT_EQ(client.connections(), 1u);
  }
}

TEST(Client, ConnectsAgainWhenTheServerHasClosed) {
  ServerOptions options = testing::with_tls();
  options.session.idle_timeout_ms = 50;
  options.session.linger_ms = 50;
  const auto server = serve(testing::echo, options);
  ClientOptions trusting;
  trusting.trust = Trust::pinned(testing::test_certificate().fingerprint);
  Client client = connect(address(*server, "https"), trusting);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    EXPECT_TRUE(client.request(Call::post("/", "text/plain", {})));
    EXPECT_EQ(client.connections(), i);
    const std::int64_t until = testing::clock().steady_ms() + testing::patience_ms;
    while (server->counters().connections_open != 0 && testing::clock().steady_ms() < until) std::this_thread::yield();
  }
}

TEST(Client, GoesOnAfterConnectionClose) {
  const auto server = serve(testing::echo);
  Client client = connect(address(*server));
  std::vector<Call> calls;
  for (int i = 0; i < 9; ++i) calls.push_back(Call::get("/" + std::to_string(i)));
  calls[2].headers.add("Connection", "close");
  calls[5].headers.add("Connection", "close");
  const auto results = client.send_many(calls);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    ASSERT_TRUE(results[i]) << results[i].error().message();
    EXPECT_EQ(results[i]->body.as_text(), "/" + std::to_string(i) + "|");
  }
  EXPECT_EQ(client.connections(), 3u);
  EXPECT_EQ(server->counters().requests, 9u);
}

// A server of one connection after the other, each read up to an empty line and then given fixed bytes.
class Script {
 public:
  explicit Script(std::vector<std::string> answers) {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listener_, 8), 0);
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this, answers = std::move(answers)] {
      for (const std::string& answer : answers) serve_one(answer);
    });
  }
  ~Script() {
    thread_.join();
    close(listener_);
  }
  const std::string& url() const { return url_; }
  int requests() const { return requests_; }

 private:
  // Each "@" in the answer waits for a request.
  void serve_one(const std::string& answer) {
    const int peer = accept(listener_, nullptr, nullptr);
    for (std::string_view left = answer; !left.empty();) {
      if (left.front() == '@') {
        std::string got;
        char c = 0;
        while (!got.ends_with("\r\n\r\n") && read(peer, &c, 1) == 1) got += c;
        requests_ += got.ends_with("\r\n\r\n") ? 1 : 0;
        left.remove_prefix(1);
        continue;
      }
      const std::string_view piece = left.substr(0, left.find('@'));
      EXPECT_EQ(send(peer, piece.data(), piece.size(), MSG_NOSIGNAL), static_cast<ssize_t>(piece.size()));
      left.remove_prefix(piece.size());
    }
    close(peer);
  }

  int listener_;
  std::string url_;
  std::atomic<int> requests_{0};
  std::thread thread_;
};

constexpr const char* ok = "@HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

TEST(Client, RepeatsOnlyWhatMayBeRepeated) {
  {  // the second connection is lost in the middle: a GET is asked again
    Script script({std::string(ok) + "@", ok});
    Client client = connect(script.url());
    EXPECT_TRUE(client.request(Call::get("/")));
    EXPECT_TRUE(client.request(Call::get("/")));
    EXPECT_EQ(client.connections(), 2u);
  }
  {  // a POST is not
    Script script({std::string(ok) + "@"});
    Client client = connect(script.url());
    EXPECT_TRUE(client.request(Call::get("/")));
    const auto lost = client.request(Call::post("/", "text/plain", {}));
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().code(), Code::unavailable);
    EXPECT_EQ(script.requests(), 2);
  }
  {  // unless it says so
    Script script({std::string(ok) + "@", ok});
    Client client = connect(script.url());
    EXPECT_TRUE(client.request(Call::get("/")));
    EXPECT_TRUE(client.request(Call::post("/", "text/plain", {}, Repeat::allowed)));
  }
  {  // a connection that never worked is not tried again
    Script script({"@"});
    Client client = connect(script.url());
    EXPECT_FALSE(client.request(Call::get("/")));
    EXPECT_EQ(client.connections(), 1u);
  }
}

TEST(Client, RefusesStrangeAnswers) {
  const auto asks = [](const std::string& answer, ClientOptions options = {}) {
    Script script({answer});
    Client client = connect(script.url(), std::move(options));
    const auto response = client.request(Call::get("/"));
    EXPECT_FALSE(response);
    return response ? Code::internal : response.error().code();
  };
  EXPECT_EQ(asks("@SSH-2.0-OpenSSH\r\n\r\n"), Code::invalid);
  EXPECT_EQ(asks("@HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"), Code::unavailable);
  ClientOptions small;
  small.response.body_bytes_max = 10;
  EXPECT_EQ(asks("@HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", small), Code::exhausted);
  EXPECT_EQ(asks("@HTTP/1.1 200 OK\r\n\r\n" + std::string(11, 'x'), small), Code::exhausted);
}

TEST(Client, ReadsABodyThatOnlyTheEndDelimits) {
  Script script({"@HTTP/1.1 200 OK\r\n\r\nuntil the end"});
  Client client = connect(script.url());
  EXPECT_EQ(client.request(Call::get("/"))->body.as_text(), "until the end");
}

TEST(Client, DoesNotWaitForEver) {
  std::vector<Responder> kept;
  const auto server = serve([&](Request&&, Responder&& responder) { kept.push_back(std::move(responder)); });
  ClientOptions options;
  options.answer_timeout_ms = 50;
  Client client = connect(address(*server), options);
  const auto response = client.request(Call::get("/"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), Code::unavailable);
  EXPECT_NE(response.error().message().find("no answer in time"), std::string::npos);
  EXPECT_EQ(server->stop(0), 1u);
}

}  // namespace
}  // namespace mikusari::net
