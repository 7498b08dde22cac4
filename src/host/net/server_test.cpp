// SPDX-License-Identifier: Apache-2.0
#include "net/server.hpp"

#include <atomic>
#include <future>
#include <map>
#include <thread>

#include "net/problem.hpp"
#include "net/testing.hpp"
#include "platform/mutex.hpp"

namespace mikusari::net {
namespace {

using testing::eventually;
using testing::Raw;
using testing::serve;

constexpr std::string_view get_hello = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(std::string_view target) { return "GET " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n"; }

int status_in(std::string_view text) {
  return text.size() > 12 && text.starts_with("HTTP/1.1 ") ? std::stoi(std::string(text.substr(9, 3))) : 0;
}

// Keeps responders until the test says what to answer.
class Desk {
 public:
  Handler handler() {
    return [this](Request&& request, Responder&& responder) {
      platform::MutexLock lock(mutex_);
      waiting_.emplace(request.target.raw, std::move(responder));
      changed_.notify_all();
    };
  }
  Responder take(const std::string& target) {
    platform::MutexLock lock(mutex_);
    while (!waiting_.contains(target)) changed_.wait(mutex_);
    return std::move(waiting_.extract(target).mapped());
  }
  std::size_t waiting() {
    platform::MutexLock lock(mutex_);
    return waiting_.size();
  }

 private:
  platform::Mutex mutex_;
  platform::Condition changed_;
  std::map<std::string, Responder> waiting_;
};

TEST(Server, AnswersAndKeepsTheConnection) {
  const auto server = serve(testing::echo);
  Raw raw(server->port());
  for (int i = 0; i < 3; ++i) {
    raw.send("POST /a?b=c HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    const std::string answer = raw.until("/a?b=c|hello");
    EXPECT_EQ(status_in(answer), 200);
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
  }
  const Counters counters = server->counters();
  EXPECT_EQ(counters.connections_accepted, 1u);
  EXPECT_EQ(counters.connections_open, 1u);
  EXPECT_EQ(counters.requests, 3u);
  EXPECT_EQ(counters.responses[1], 3u);
  EXPECT_GT(counters.bytes_in, 150u);
  EXPECT_GT(counters.bytes_out, 150u);
}

TEST(Server, SaysWhoAsks) {
  const auto server = serve([](Request&& request, Responder&& responder) {
    EXPECT_GT(request.id, 0u);
    EXPECT_GT(request.peer->port, 0);
    responder.answer(Response::text(200, request.peer->address));
  });
  Raw raw(server->port());
  raw.send(get_hello).until("127.0.0.1");
}

TEST(Server, RefusesMalformedRequestsWithAProblem) {
  const auto server = serve(testing::say_hello);
  const std::map<std::string, int> cases = {
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400},
      {"GET / HTTP/1.1\nHost: a\n\n", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", 400},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501},
      {"GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n", 414},
      {"GET /" + std::string(20000, 'a'), 414},
      {"GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20000, 'a') + "\r\n\r\n", 431},
      {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n", 413},
      {"POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 1\r\n\r\na", 417},
  };
  for (const auto& [text, status] : cases) {
    Raw raw(server->port());
    const std::string answer = raw.send(text).rest();
    EXPECT_EQ(status_in(answer), status) << text.substr(0, 80);
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    EXPECT_NE(answer.find("application/problem+json"), std::string::npos);
  }
  EXPECT_EQ(server->counters().requests, 0u);
}

TEST(Server, LetsTheRefusedReadWhyWhileTheyStillSend) {
  const auto server = serve(testing::say_hello);
  Raw raw(server->port());
  raw.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4000000\r\n\r\n").send(std::string(4'000'000, 'a'));
  EXPECT_EQ(status_in(raw.rest()), 413);
}

TEST(Server, TakesABodyAtItsLimit) {
  ServerOptions options;
  options.session.request.body_bytes_max = 3'000'000;
  const auto server = serve(
      [](Request&& request, Responder&& responder) {
        responder.answer(Response::content(200, "application/octet-stream", std::move(request.body)));
      },
      options);
  Raw raw(server->port());
  const std::string body(3'000'000, 'b');
  raw.send("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n" + body);
  const std::string answer = raw.rest();
  EXPECT_EQ(status_in(answer), 200);
  EXPECT_TRUE(answer.ends_with(body));
}

TEST(Server, InvitesABody) {
  const auto server = serve(testing::echo);
  Raw raw(server->port());
  raw.send("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(raw.until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  raw.send("ok").until("/p|ok");
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  Desk desk;
  const auto server = serve(desk.handler());
  Raw raw(server->port());
  raw.send(get("/0") + get("/1") + get("/2") + get("/3"));
  // From other threads, last first.
  for (const char* target : {"/3", "/1", "/2", "/0"})
    std::thread([responder = desk.take(target), target]() mutable {
      responder.answer(Response::text(200, target));
    }).join();
  raw.until("/0");
  raw.until("/1");
  raw.until("/2");
  raw.until("/3");
}

TEST(Server, BoundsThePipeline) {
  Desk desk;
  ServerOptions options;
  options.session.pipeline_max = 4;
  const auto server = serve(desk.handler(), options);
  Raw raw(server->port());
  std::string all;
  for (int i = 0; i < 10; ++i) all += get("/" + std::to_string(i));
  raw.send(all);
  Responder first = desk.take("/0");
  for (const char* target : {"/1", "/2", "/3"}) EXPECT_TRUE(eventually([&] { return desk.waiting() >= 3; })) << target;
  EXPECT_EQ(server->counters().requests, 4u);
  first.answer(Response::text(200, "zero"));
  raw.until("zero");
  for (int i = 1; i < 10; ++i) {
    const std::string target = "/" + std::to_string(i);
    desk.take(target).answer(Response::text(200, "=" + target));
    raw.until("=" + target);
  }
}

TEST(Server, Answers500WhenAResponderIsDropped) {
  const auto server = serve([](Request&&, Responder&&) {});
  Raw raw(server->port());
  EXPECT_EQ(status_in(raw.send(get_hello).until("\r\n\r\n")), 500);
  EXPECT_EQ(server->counters().responses[4], 1u);
}

TEST(Server, OutlivedByAResponderLosesTheAnswer) {
  Desk desk;
  auto server = serve(desk.handler());
  Raw raw(server->port());
  raw.send(get("/late"));
  Responder late = desk.take("/late");
  EXPECT_EQ(server->stop(0), 1u);
  server.reset();
  late.answer(Response::text(200, "nobody hears this"));
  EXPECT_EQ(raw.rest(), "");
}

TEST(Server, ClosesSlowAndIdleConnections) {
  ServerOptions options;
  options.session.header_timeout_ms = 100;
  options.session.body_timeout_ms = 100;
  options.session.idle_timeout_ms = 100;
  options.session.linger_ms = 100;
  const auto server = serve(testing::say_hello, options);
  EXPECT_EQ(Raw(server->port()).rest(), "");
  EXPECT_EQ(status_in(Raw(server->port()).send("GET / HTTP/1.1\r\nHos").rest()), 408);
  EXPECT_EQ(status_in(Raw(server->port()).send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx").rest()),
            408);
  EXPECT_EQ(status_in(Raw(server->port()).send(get_hello).rest()), 200);
  EXPECT_EQ(server->counters().timeouts, 3u);
  EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
}

TEST(Server, ClosesAPeerThatNeverReads) {
  ServerOptions options;
  options.session.write_timeout_ms = 100;
  const auto content = std::make_shared<const Buffer>(64 * 1024 * 1024, std::byte{'x'});
  for (const bool tls : {false, true}) {
    if (tls) options.tls = testing::with_tls().tls;
    const auto server = serve(
        [&](Request&&, Responder&& responder) {
          responder.answer(Response::content(200, "application/octet-stream", Body::shared(content)));
        },
        options);
    const auto context = *TlsContext::client_pinned();
    Raw raw(server->port(), tls ? &context : nullptr);
    raw.send(get_hello);
    EXPECT_TRUE(eventually([&] { return server->counters().timeouts == 1; }));
    EXPECT_TRUE(eventually([&] { return server->counters().connections_open == 0; }));
    EXPECT_LT(server->counters().bytes_out, content->size());
  }
}

TEST(Server, BoundsWhatItHoldsForPeersThatDoNotRead) {
  constexpr std::size_t answer_bytes = 4 * 1024 * 1024, bound = 24 * 1024 * 1024;
  for (const bool tls : {false, true}) {
    ServerOptions options = tls ? testing::with_tls() : ServerOptions();
    options.lanes = {{.threads = 2}};
    options.outbound_bytes_max = bound;
    const auto server = serve(
        [](Request&& request, Responder&& responder) {
          if (request.target.raw == "/short") return responder.answer(Response::text(200, "short"));
          responder.answer(Response::content(200, "a/b", Buffer(answer_bytes, std::byte{'x'})));
        },
        options);
    const auto context = *TlsContext::client_pinned();
    const TlsContext* const used = tls ? &context : nullptr;
    std::string all;
    for (int i = 0; i < 40; ++i) all += get("/large");
    std::vector<std::unique_ptr<Raw>> clients;
    for (int i = 0; i < 8; ++i) {
      clients.push_back(std::make_unique<Raw>(server->port(), used));
      clients.back()->send(all);
    }
    EXPECT_TRUE(eventually([&] {
      EXPECT_LE(server->counters().outbound_bytes, bound + 16 * 1024 * options.io_threads);
      return server->counters().outbound_full > 0;
    }));
    Raw other(server->port(), used);
    other.send(get("/short")).until("short");
    clients.clear();
    EXPECT_TRUE(eventually([&] {
      const Counters now = server->counters();
      return now.connections_open == 1 && now.outbound_bytes == 0;
    }));
    other.send(get("/large")).until(std::string(answer_bytes, 'x'));
  }
}

TEST(Server, RefusesConnectionsOverTheLimit) {
  for (const bool tls : {false, true}) {
    ServerOptions options = tls ? testing::with_tls() : ServerOptions();
    options.connections_max = 2;
    const auto server = serve(testing::say_hello, options);
    const auto context = *TlsContext::client_pinned();
    const TlsContext* const used = tls ? &context : nullptr;
    Raw one(server->port(), used), two(server->port(), used);
    one.send(get_hello).until("hello");
    two.send(get_hello).until("hello");
    const std::string answer = Raw(server->port(), used).send(get_hello).rest();
    EXPECT_EQ(status_in(answer), 503);
    EXPECT_NE(answer.find("Retry-After: "), std::string::npos);
    EXPECT_EQ(server->counters().connections_refused, 1u);
    one.send(get_hello).until("hello");
  }
}

TEST(Server, FinishesRunningRequestsWhenItStops) {
  Desk desk;
  ServerOptions options;
  options.session.linger_ms = 100;
  const auto server = serve(desk.handler(), options);
  Raw running(server->port()), idle(server->port());
  running.send(get("/slow"));
  idle.send(get("/quick"));
  desk.take("/quick").answer(Response::text(200, "quick"));
  idle.until("quick");
  Responder slow = desk.take("/slow");
  auto left = std::async(std::launch::async, [&] { return server->stop(testing::patience_ms); });
  EXPECT_EQ(idle.rest(), "");
  slow.answer(Response::text(200, "slow but sure"));
  const std::string answer = running.rest();
  EXPECT_TRUE(answer.ends_with("slow but sure"));
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  EXPECT_EQ(left.get(), 0u);
  auto refused = Transport::open(*Url::parse("http://127.0.0.1:" + std::to_string(server->port())), nullptr,
                                 testing::clock(), 1000);
  EXPECT_FALSE(refused);
}

TEST(Server, CutsWhatIsLeftWhenPatienceEnds) {
  Desk desk;
  const auto server = serve(desk.handler());
  Raw raw(server->port());
  raw.send(get("/never"));
  Responder never = desk.take("/never");
  EXPECT_EQ(server->stop(20), 1u);
  EXPECT_EQ(raw.rest(), "");
  EXPECT_EQ(server->stop(20), 0u);
}

TEST(Server, SpeaksTls) {
  const auto server = serve(testing::echo, testing::with_tls());
  const auto context = *TlsContext::client_pinned();
  Raw raw(server->port(), &context);
  const std::string body(200'000, 'z');
  raw.send("POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n" + body).until("/t|" + body);
  raw.send(get_hello).until("/|");
  EXPECT_EQ(server->counters().handshakes, 1u);
}

TEST(Server, TellsPlainClientsThatThisIsHttps) {
  const auto server = serve(testing::echo, testing::with_tls());
  const std::string answer = Raw(server->port()).send(get_hello).rest();
  EXPECT_EQ(status_in(answer), 400);
  EXPECT_NE(answer.find("this is an HTTPS port"), std::string::npos);
  EXPECT_EQ(server->counters().plain_on_tls, 1u);
  EXPECT_EQ(server->counters().requests, 0u);
}

TEST(Server, CountsFailedHandshakes) {
  ServerOptions options = testing::with_tls();
  options.session.header_timeout_ms = 200;
  options.session.linger_ms = 100;
  const auto server = serve(testing::echo, options);
  constexpr std::string_view no_handshake("\x16\x03\x01\0\5hello", 10);
  EXPECT_NE(Raw(server->port()).send(no_handshake).rest(), "");  // an alert
  EXPECT_EQ(server->counters().handshakes_failed, 1u);
  EXPECT_EQ(Raw(server->port()).send("\x16\x03").rest(), "");  // never goes on
  EXPECT_EQ(server->counters().handshakes_failed, 2u);
  EXPECT_EQ(server->counters().timeouts, 1u);
}

TEST(Server, KnowsItsClientsByCertificate) {
  const auto device = make_self_signed({}, testing::clock().now_ms() / 1000);
  ServerOptions options;
  options.tls = *TlsContext::server(testing::test_certificate(), ClientCertificate::required, device->certificate_pem);
  const auto server = serve(
      [](Request&& request, Responder&& responder) {
        responder.answer(Response::text(200, request.peer->certificate.empty()
                                                 ? "nobody"
                                                 : fingerprint_text(fingerprint_of_der(request.peer->certificate))));
      },
      options);
  auto context = *TlsContext::client_pinned();
  ASSERT_TRUE(context.use(*device));
  Raw(server->port(), &context).send(get_hello).until(fingerprint_text(device->fingerprint));
  const auto stranger = *TlsContext::client_pinned();
  EXPECT_EQ(Raw(server->port(), &stranger).send(get_hello).rest(), "");
  EXPECT_EQ(server->counters().handshakes_failed, 1u);
}

TEST(Server, ServesAHundredConnectionsAtOnce) {
  ServerOptions options = testing::with_tls();
  options.io_threads = 2;
  options.lanes = {{.threads = 2}};
  const auto server = serve(testing::echo, options);
  const auto context = *TlsContext::client_pinned();
  std::vector<std::unique_ptr<Raw>> clients;
  for (int i = 0; i < 100; ++i) clients.push_back(std::make_unique<Raw>(server->port(), &context));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 100; ++i) clients[i]->send(get("/" + std::to_string(i)) + get("/again"));
    for (int i = 0; i < 100; ++i) {
      clients[i]->until("/" + std::to_string(i) + "|");
      clients[i]->until("/again|");
    }
  }
  EXPECT_EQ(server->counters().connections_open, 100u);
  EXPECT_EQ(server->counters().requests, 600u);
}

TEST(Server, RefusesWhatTheWorkersCannotQueue) {
  Desk desk;
  std::promise<void> go;
  std::atomic<int> entered{0};
  ServerOptions options;
  options.lanes = {{.threads = 1, .queue_bytes_max = 3000}};  // two requests without a body
  const auto server = serve(
      [&, wait = go.get_future().share()](Request&&, Responder&& responder) {
        ++entered;
        wait.wait();
        responder.answer(Response::text(200, "done"));
      },
      options);
  Raw raw(server->port());
  raw.send(get("/0"));
  ASSERT_TRUE(eventually([&] { return entered == 1; }));
  raw.send(get("/1") + get("/2") + get("/3"));
  EXPECT_TRUE(eventually([&] { return server->counters().queue_full == 1; }));
  go.set_value();
  for (int i = 0; i < 3; ++i) raw.until("done");
  const std::string answer = raw.until("queue");
  EXPECT_EQ(status_in(answer), 429);
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
}

TEST(Server, SaysWhyItCannotListen) {
  const auto server = serve(testing::say_hello);
  ServerOptions options;
  options.port = server->port();
  EXPECT_EQ(Server::start(options, testing::say_hello, testing::clock()).error().code(), Code::conflict);
  options.address = "localhost";
  EXPECT_EQ(Server::start(options, testing::say_hello, testing::clock()).error().code(), Code::invalid);
  options.address = "192.0.2.1";
  EXPECT_EQ(Server::start(options, testing::say_hello, testing::clock()).error().code(), Code::unavailable);
}

TEST(Responder, AnswersIntoAFunction) {
  int status = 0;
  const auto receiver = [&](Response&& response) { status = response.status; };
  Responder::into(receiver).answer(Response::empty(204));
  EXPECT_EQ(status, 204);
  { const Responder dropped = Responder::into(receiver); }
  EXPECT_EQ(status, 500);
}

}  // namespace
}  // namespace mikusari::net
