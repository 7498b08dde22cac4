// SPDX-License-Identifier: Apache-2.0
#include "net/session.hpp"

#include <map>

#include "net/problem.hpp"
#include "net/session_testing.hpp"

namespace mikusari::net {
namespace {

using testing::SessionTest;

TEST_F(SessionTest, AnswersAndStaysOpen) {
  get("/a");
  EXPECT_EQ(sent(),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Length: 2\r\n"
            "Content-Type: text/plain; charset=utf-8\r\n\r\n/a");
  EXPECT_FALSE(session().flushed());
  EXPECT_TRUE(session().wants_input());
  get("/b");
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"/b"}));
  EXPECT_EQ(around_.counters.requests.read(), 2u);
  EXPECT_EQ(around_.counters.responses[1].read(), 2u);
}

TEST_F(SessionTest, SendsAnswersInTheOrderOfRequests) {
  answer_at_once_ = false;
  get("/0");
  get("/1");
  get("/2");
  session().answer(2, Response::text(200, "two"));
  session().answer(1, Response::text(200, "one"));
  EXPECT_EQ(sent(), "");
  session().answer(0, Response::text(200, "zero"));
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"zero", "one", "two"}));
}

TEST_F(SessionTest, IgnoresASecondAnswer) {
  answer_at_once_ = false;
  get("/0");
  get("/1");
  session().answer(1, Response::text(200, "one"));
  session().answer(1, Response::text(200, "again"));
  session().answer(0, Response::text(200, "zero"));
  session().answer(0, Response::text(200, "again"));
  session().answer(77, Response::text(200, "never asked"));
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"zero", "one"}));
}

TEST_F(SessionTest, TakesNoMoreThanThePipelineHolds) {
  answer_at_once_ = false;
  std::string all;
  for (int i = 0; i < 5; ++i) all += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: a\r\n\r\n";
  receive(all);
  EXPECT_EQ(seen_.size(), 3u);
  EXPECT_FALSE(session().wants_input());
  EXPECT_EQ(session().deadline_ms(), Session::never);
  session().answer(0, Response::empty(204));
  EXPECT_EQ(seen_.size(), 4u);
  session().answer(1, Response::empty(204));
  EXPECT_EQ(seen_.size(), 5u);
  session().answer(2, Response::empty(204));
  EXPECT_TRUE(session().wants_input());
}

TEST_F(SessionTest, TakesNoMoreWhileThePeerDoesNotRead) {
  for (int i = 0; i < 100; ++i) get("/" + std::string(200, 'a'));
  EXPECT_LT(seen_.size(), 10u);
  EXPECT_FALSE(session().wants_input());
  EXPECT_LT(session().output().size(), 2000u);
  sent();
  EXPECT_EQ(seen_.size(), 100u);
}

// Answers come late, from other threads: what they may bring counts before they are there.
TEST_F(SessionTest, HandsOutFewReadsAtATime) {
  answer_at_once_ = false;
  around_.limits.pipeline_max = 16;
  for (int i = 0; i < 40; ++i) get("/" + std::to_string(i));
  EXPECT_EQ(seen_.size(), 4u);
  EXPECT_FALSE(session().wants_input());
  const std::string large(900, 'a');
  for (std::uint64_t i = 0; i < 4; ++i) session().answer(i, Response::text(200, large));
  EXPECT_EQ(seen_.size(), 4u);
  EXPECT_EQ(bodies(sent()), std::vector<std::string>(4, large));
  EXPECT_EQ(seen_.size(), 5u);  // its answers are known to be large
  for (std::uint64_t i = 4; i < 40; ++i) {
    session().answer(i, Response::text(200, large));
    EXPECT_LT(session().output().held(), 2000u);
    EXPECT_EQ(bodies(sent()), std::vector<std::string>{large});
  }
  EXPECT_EQ(seen_.size(), 40u);
  EXPECT_TRUE(session().wants_input());
}

TEST_F(SessionTest, HandsOutManyWritesAtATime) {
  answer_at_once_ = false;
  around_.limits.pipeline_max = 16;
  around_.limits.outbound_bytes_max = 8000;
  std::string all;
  for (int i = 0; i < 20; ++i) all += "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
  receive(all);
  EXPECT_EQ(seen_.size(), 16u);
  for (std::uint64_t i = 0; i < 4; ++i) session().answer(i, Response::text(200, "done"));
  EXPECT_EQ(seen_.size(), 20u);
}

TEST_F(SessionTest, RespectsConnectionClose) {
  receive("GET /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(seen_, (std::vector<std::string>{"/a"}));
  EXPECT_NE(sent().find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_TRUE(session().flushed());
  session().shut();
  EXPECT_TRUE(session().wants_input());  // and throws it away
  get("/c");
  session().end_of_input();
  EXPECT_TRUE(session().closed());
  EXPECT_EQ(seen_.size(), 1u);
}

TEST_F(SessionTest, TellsOldClientsThatItStaysOpen) {
  receive("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(sent().find("\r\nConnection: keep-alive\r\n"), std::string::npos);
  EXPECT_TRUE(session().wants_input());
  receive("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_NE(sent().find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_TRUE(session().flushed());
}

TEST_F(SessionTest, LeavesTheBodyOutForHead) {
  receive("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string text = sent();
  EXPECT_NE(text.find("Content-Length: 4\r\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));
}

TEST_F(SessionTest, GivesNoLengthWhereNoneMayBe) {
  answer_at_once_ = false;
  get("/a");
  session().answer(last_, Response::empty(204));
  EXPECT_EQ(sent().find("Content-Length"), std::string::npos);
  get("/b");
  session().answer(last_,
                   Response::empty(200).with("Content-Length", "77").with("Connection", "upgrade").with("X", "y"));
  const std::string text = sent();
  EXPECT_NE(text.find("Content-Length: 0\r\n"), std::string::npos);
  EXPECT_EQ(text.find("77"), std::string::npos);
  EXPECT_EQ(text.find("upgrade"), std::string::npos);
  EXPECT_NE(text.find("X: y\r\n"), std::string::npos);
}

TEST_F(SessionTest, AsksForTheBodyWhenTheClientWaits) {
  const std::string head = "POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
  receive(head);
  EXPECT_EQ(sent(), "HTTP/1.1 100 Continue\r\n\r\n");
  receive("ok");
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"/p"}));
  receive(head + "ok");  // has not waited: needs no invitation
  EXPECT_EQ(sent().find("100 Continue"), std::string::npos);
}

TEST_F(SessionTest, DoesNotInviteABodyBeforeEarlierAnswers) {
  answer_at_once_ = false;
  get("/0");
  receive("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(sent(), "");
  session().answer(0, Response::text(200, "zero"));
  const std::string text = sent();
  EXPECT_LT(text.find("zero"), text.find("100 Continue"));
  EXPECT_NE(text.find("100 Continue"), std::string::npos);
}

TEST_F(SessionTest, RefusesALargeBodyBeforeItIsSent) {
  receive("POST /p HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
  const std::string text = sent();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 413 "));
  EXPECT_NE(text.find("application/problem+json"), std::string::npos);
  EXPECT_NE(text.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(session().flushed());
  EXPECT_TRUE(seen_.empty());
}

TEST_F(SessionTest, RefusesInOrderToo) {
  answer_at_once_ = false;
  get("/0");
  receive("BREW / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(sent(), "");
  session().answer(0, Response::text(200, "zero"));
  const std::string text = sent();
  EXPECT_LT(text.find("zero"), text.find("501 Not Implemented"));
  EXPECT_TRUE(session().flushed());
}

TEST_F(SessionTest, ClosesSilentAndIdleConnections) {
  session();
  EXPECT_EQ(session().deadline_ms(), around_.now_ms + around_.limits.header_timeout_ms);
  after(around_.limits.header_timeout_ms - 1);
  EXPECT_FALSE(session().flushed());
  after(1);
  EXPECT_TRUE(session().flushed());
  EXPECT_EQ(sent(), "");
  EXPECT_EQ(around_.counters.timeouts.read(), 1u);

  session_.reset();
  get("/a");
  sent();
  EXPECT_EQ(session().deadline_ms(), around_.now_ms + around_.limits.idle_timeout_ms);
  receive("\r\n");  // does not count as a request
  after(around_.limits.idle_timeout_ms);
  EXPECT_TRUE(session().flushed());
  EXPECT_EQ(around_.counters.timeouts.read(), 1u);
}

TEST_F(SessionTest, DoesNotWaitForASlowHeader) {
  get("/a");
  sent();
  around_.now_ms += 1000;
  receive("G");
  EXPECT_EQ(session().deadline_ms(), around_.now_ms + around_.limits.header_timeout_ms);
  for (const char c : std::string_view("ET / HTTP/1.1\r\nHo")) {
    after(around_.limits.header_timeout_ms / 20);
    receive(std::string_view(&c, 1));
  }
  after(around_.limits.header_timeout_ms / 2);
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 408 "));
  EXPECT_TRUE(session().flushed());
}

TEST_F(SessionTest, DoesNotWaitForASlowBody) {
  receive("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n");
  for (int i = 0; i < 49; ++i) {
    after(around_.limits.body_timeout_ms / 50);
    receive("x");
  }
  EXPECT_EQ(sent(), "");
  after(around_.limits.body_timeout_ms / 50 + 100);
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 408 "));
}

TEST_F(SessionTest, ClosesWhenThePeerDoesNotRead) {
  get("/a");
  after(around_.limits.write_timeout_ms - 1);
  EXPECT_FALSE(session().closed());
  session().sent(10);
  after(around_.limits.write_timeout_ms - 1);
  EXPECT_FALSE(session().closed());
  after(1);
  EXPECT_TRUE(session().closed());
  EXPECT_EQ(around_.counters.timeouts.read(), 1u);
}

TEST_F(SessionTest, WaitsForItsOwnHandlersWithoutLimit) {
  answer_at_once_ = false;
  get("/a");
  EXPECT_EQ(session().deadline_ms(), Session::never);
  after(1'000'000'000);
  session().answer(0, Response::text(200, "late"));
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"late"}));
}

TEST_F(SessionTest, LingersForALimitedTime) {
  receive("BREW / HTTP/1.1\r\n\r\n");
  sent();
  session().shut();
  receive(std::string(100'000, 'a'));
  EXPECT_EQ(session().deadline_ms(), around_.now_ms + around_.limits.linger_ms);
  after(around_.limits.linger_ms);
  EXPECT_TRUE(session().closed());
}

TEST_F(SessionTest, DrainsAfterTheRunningRequests) {
  answer_at_once_ = false;
  get("/0");
  get("/1");
  session().drain();
  get("/2");
  EXPECT_EQ(seen_.size(), 2u);
  session().answer(0, Response::text(200, "zero"));
  EXPECT_EQ(sent().find("Connection: close"), std::string::npos);
  EXPECT_FALSE(session().flushed());
  session().answer(1, Response::text(200, "one"));
  EXPECT_NE(sent().find("Connection: close"), std::string::npos);
  EXPECT_TRUE(session().flushed());
}

TEST_F(SessionTest, DrainsHalfARequestWithAnExplanation) {
  receive("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n");
  session().drain();
  const std::string text = sent();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 503 "));
  EXPECT_NE(text.find("Retry-After: 1\r\n"), std::string::npos);
}

TEST_F(SessionTest, DrainsHalfTheFirstHeaderWithAnExplanation) {
  receive("GET /a HTTP/1.1\r\nHo");
  session().drain();
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 503 "));
  EXPECT_TRUE(session().flushed());

  session_.reset();
  session().drain();  // has not said a word
  EXPECT_EQ(sent(), "");
  EXPECT_TRUE(session().flushed());
}

TEST_F(SessionTest, CountsRefusalsByStatus) {
  receive("BREW / HTTP/1.1\r\n\r\n");
  session_.reset();
  receive("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n");
  session_.reset();
  receive("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 101\r\n\r\n");
  const auto count = [&](int status) {
    for (std::size_t i = 0; i < refused_statuses.size(); ++i)
      if (refused_statuses[i] == status) return around_.counters.refused[i].read();
    return std::uint64_t{99};
  };
  EXPECT_EQ(count(501), 1u);
  EXPECT_EQ(count(413), 2u);
  EXPECT_EQ(count(400), 0u);
}

TEST_F(SessionTest, AnswersAPeerThatHasShutItsHalf) {
  answer_at_once_ = false;
  get("/0");
  session().end_of_input();
  EXPECT_FALSE(session().flushed());
  session().answer(0, Response::text(200, "zero"));
  EXPECT_EQ(bodies(sent()), (std::vector<std::string>{"zero"}));
  EXPECT_TRUE(session().flushed());
}

TEST(Output, KeepsLargeBodiesWhereTheyAre) {
  const auto content = std::make_shared<const Buffer>(100'000, std::byte{7});
  Output output;
  output.append("head");
  output.append(Body::shared(content));
  output.append("tail");
  EXPECT_EQ(output.size(), 100'008u);
  output.consume(3);
  std::array<ByteView, 8> views;
  ASSERT_EQ(output.gather(views), 3u);
  EXPECT_EQ(as_text(views[0]), "d");
  EXPECT_EQ(views[1].data(), content->data());
  output.consume(1 + 50'000);
  ASSERT_EQ(output.gather(views), 2u);
  EXPECT_EQ(views[0].data(), content->data() + 50'000);
  output.consume(50'004);
  EXPECT_TRUE(output.empty());
  EXPECT_EQ(output.gather(views), 0u);
}

// A peer that reads a little at a time, always behind: what it has taken does not stay.
TEST(Output, LetsGoOfWhatIsSent) {
  Output output;
  const std::string text(10'000, 'a');
  output.append(text);
  for (int i = 0; i < 1000; ++i) {
    output.append(text);
    output.consume(text.size());
    EXPECT_LE(output.held(), 100'000u);
  }
  EXPECT_EQ(output.size(), text.size());
  output.append(Body(Buffer(100'000, std::byte{7})));
  output.consume(text.size() + 99'999);
  EXPECT_EQ(output.size(), 1u);
  EXPECT_EQ(output.held(), 100'000u);
  output.consume(1);
  EXPECT_EQ(output.held(), 0u);
}

TEST(HttpDate, IsAnImfFixdate) {
  EXPECT_EQ(http_date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");  // RFC 9110 section 5.6.7
  EXPECT_EQ(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(1709164800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

}  // namespace
}  // namespace mikusari::net
