// SPDX-License-Identifier: Apache-2.0
#include "net/problem.hpp"
#include "net/session.hpp"
#include "net/session_testing.hpp"

namespace mikusari::net {
namespace {

using testing::SessionTest;

class Client final : public Guest {
 public:
  explicit Client(unsigned char last) : Guest(PeerAddress::of(PeerAddress::V4{127, 0, 0, last}), 0) {}
  void dismiss(Shared) override { dismissed = true; }
  bool dismissed = false;
};

// Bounds over all connections; another client may have taken what there is.
class SharesTest : public SessionTest {
 protected:
  SharesTest() {
    around_.limits.outbound_bytes_max = 1'000'000;
    around_.limits.outbound_bytes_assured = 1000;
    around_.limits.request.body_bytes_max = 50'000;
    answer_at_once_ = false;
    session_ = std::make_unique<Session>(around_, *this, SessionShares{&client_, &unfinished_, &outbound_});
  }
  ~SharesTest() override {
    session_.reset();
    EXPECT_EQ(unfinished_.held(), 0u);
    EXPECT_EQ(outbound_.held(), 0u);
  }
  void ask_and_answer(std::size_t bytes) {
    get("/a");
    session().answer(last_, Response::text(200, std::string(bytes, 'a')));
  }
  void post(std::size_t announced, std::size_t sent_bytes) {
    receive("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(announced) + "\r\n\r\n" +
            std::string(sent_bytes, 'x'));
  }

  static constexpr std::size_t step = 4096;
  Share unfinished_{Shared::unfinished_bytes, 4 * step, 0};
  Share outbound_{Shared::outbound_bytes, 4 * step, 0};
  Client client_{1}, same_{1};
};

TEST_F(SharesTest, TakesWhatIsHeldBeyondTheAssured) {
  ask_and_answer(500);
  EXPECT_EQ(outbound_.held(), 0u);
  ask_and_answer(9000);
  EXPECT_EQ(outbound_.held(), 3 * step);
  sent();
  EXPECT_EQ(outbound_.held(), 0u);
  ask_and_answer(3000);
  EXPECT_EQ(outbound_.held(), step);
}

TEST_F(SharesTest, Answers503WhenNoMemoryIsLeft) {
  ASSERT_EQ(outbound_.take(same_, 3 * step, around_.now_ms), Share::Taken::yes);  // does not read
  same_.active(around_.now_ms);
  ask_and_answer(9000);
  const std::string text = sent();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 503 ")) << text;
  EXPECT_NE(text.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(around_.counters.outbound_full.read(), 1u);
  ask_and_answer(500);  // short answers are still given
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 200 "));
  outbound_.give_back(same_, 3 * step);
  ask_and_answer(9000);
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 200 "));
  EXPECT_EQ(around_.counters.outbound_full.read(), 1u);
}

TEST_F(SharesTest, CountsAnswersThatWaitForAnOlderOne) {
  get("/0");
  get("/1");
  get("/2");
  session().answer(1, Response::text(200, std::string(9000, 'b')));
  EXPECT_EQ(outbound_.held(), 2 * step);
  session().answer(2, Response::text(200, std::string(9000, 'c')));
  EXPECT_EQ(around_.counters.outbound_full.read(), 1u);
  session().answer(0, Response::text(200, "zero"));
  const std::string text = sent();
  EXPECT_LT(text.find("bbbb"), text.find("503 Service Unavailable"));
  EXPECT_EQ(text.find("cccc"), std::string::npos);
  EXPECT_EQ(outbound_.held(), 0u);
}

TEST_F(SharesTest, CountsARequestUntilItIsFinished) {
  post(5000, 4900);
  EXPECT_EQ(unfinished_.held(), 2 * step);
  receive(std::string(100, 'x'));
  EXPECT_EQ(seen_, (std::vector<std::string>{"/p"}));
  EXPECT_EQ(unfinished_.held(), 0u);
  session().answer(last_, Response::empty(204));
  receive("GET /half HT");
  EXPECT_EQ(unfinished_.held(), step);
  session().drain();
  EXPECT_EQ(unfinished_.held(), 0u);
}

TEST_F(SharesTest, CountsPipelinedRequestsThatWait) {
  for (int i = 0; i < 3; ++i) get("/first");
  EXPECT_EQ(unfinished_.held(), 0u);
  for (int i = 0; i < 100; ++i) get("/later");
  EXPECT_GT(unfinished_.held(), 0u);
}

TEST_F(SharesTest, RefusesARequestThatGrowsBeyondWhatIsLeft) {
  post(40'000, 10'000);
  EXPECT_EQ(around_.counters.inbound_full.read(), 1u);
  EXPECT_EQ(unfinished_.held(), 0u);
  const std::string text = sent();
  EXPECT_TRUE(text.starts_with("HTTP/1.1 429 ")) << text;
  EXPECT_NE(text.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(session().flushed());
  receive(std::string(30'000, 'x'));
  EXPECT_EQ(unfinished_.held(), 0u);
  EXPECT_TRUE(seen_.empty());
}

TEST_F(SharesTest, GivesWayOnlyWithARequestThatIsNotFinished) {
  get("/a");
  session().give_way();
  session().answer(last_, Response::empty(204));
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 204 "));
  post(5000, 10);
  session().give_way();
  EXPECT_TRUE(sent().starts_with("HTTP/1.1 429 "));
  EXPECT_TRUE(session().flushed());
}

}  // namespace
}  // namespace mikusari::net
