// SPDX-License-Identifier: Apache-2.0
#include "net/work_queue.hpp"

#include <gtest/gtest.h>

#include <future>

#include "net/server.hpp"
#include "net/testing.hpp"

namespace mikusari::net {
namespace {

using testing::eventually;

Request request_of(unsigned char last, std::string_view target, std::size_t body_bytes = 0) {
  Peer peer;
  peer.network = PeerAddress::of(PeerAddress::V4{127, 0, 0, last});
  Request out;
  out.target = *Target::parse(target);
  out.peer = std::make_shared<const Peer>(peer);
  out.body = Buffer(body_bytes);
  return out;
}

// One thread that stops at its first request until it is let go, and notes what it is given after that.
class WorkQueueTest : public ::testing::Test {
 protected:
  void SetUp() override {
    put(1, "/first");
    first_.get_future().wait();
  }
  void TearDown() override {
    if (!let_go_) go();
    queue_.stop();
  }
  WorkQueue::Taken put(unsigned char last, std::string_view target, std::size_t body_bytes = 0) {
    return queue_.put(request_of(last, target, body_bytes), Responder::into([this](Response&& response) {
                        platform::MutexLock lock(mutex_);
                        statuses_.push_back(response.status);
                      }));
  }
  void go() {
    let_go_ = true;
    go_.set_value();
  }
  std::vector<std::string> seen(std::size_t count) {
    EXPECT_TRUE(eventually([&] {
      platform::MutexLock lock(mutex_);
      return seen_.size() >= count;
    }));
    platform::MutexLock lock(mutex_);
    return seen_;
  }
  std::vector<int> statuses() {
    platform::MutexLock lock(mutex_);
    return statuses_;
  }

  platform::Mutex mutex_;
  std::vector<std::string> seen_ MIKUSARI_GUARDED_BY(mutex_);
  std::vector<int> statuses_ MIKUSARI_GUARDED_BY(mutex_);
  std::promise<void> first_, go_;
  std::shared_future<void> wait_ = go_.get_future().share();
  bool let_go_ = false;
  const Handler handler_ = [this](Request&& request, Responder&& responder) {
    if (request.target.raw == "/first") {
      first_.set_value();
      wait_.wait();
    } else {
      platform::MutexLock lock(mutex_);
      seen_.push_back(request.target.raw);
    }
    responder.answer(Response::empty(200));
  };
  WorkQueue queue_{1, 5 * 1024, handler_};  // five requests without a body
};

TEST_F(WorkQueueTest, LetsPeersTakeTurns) {
  for (const char* target : {"/a1", "/a2", "/a3"}) EXPECT_EQ(put(1, target), WorkQueue::Taken::yes);
  EXPECT_EQ(put(2, "/b1"), WorkQueue::Taken::yes);
  EXPECT_EQ(put(3, "/c1"), WorkQueue::Taken::yes);
  go();
  EXPECT_EQ(seen(5), (std::vector<std::string>{"/a1", "/b1", "/c1", "/a2", "/a3"}));
}

TEST_F(WorkQueueTest, PushesOutTheNewestOfThePeerThatHasMost) {
  for (const char* target : {"/a1", "/a2", "/a3", "/a4", "/a5"}) put(1, target);
  EXPECT_EQ(put(1, "/a6"), WorkQueue::Taken::full);
  EXPECT_EQ(put(2, "/b1"), WorkQueue::Taken::full);
  EXPECT_EQ(put(2, "/b2"), WorkQueue::Taken::full);
  EXPECT_EQ(put(2, "/b3"), WorkQueue::Taken::full);
  EXPECT_EQ(statuses(), (std::vector<int>{429, 429, 429, 429}));
  go();
  EXPECT_EQ(seen(5), (std::vector<std::string>{"/a1", "/b1", "/a2", "/b2", "/a3"}));
}

TEST_F(WorkQueueTest, RefusesWhatWouldBeTheMostItself) {
  put(1, "/a1");
  put(1, "/a2");
  EXPECT_EQ(put(2, "/large", 4 * 1024), WorkQueue::Taken::full);
  EXPECT_EQ(statuses(), (std::vector<int>{429}));
  go();
  EXPECT_EQ(seen(2), (std::vector<std::string>{"/a1", "/a2"}));
}

TEST_F(WorkQueueTest, AnswersWhatIsLeftWhenItStops) {
  put(1, "/a1");
  put(2, "/b1");
  auto stopped = std::async(std::launch::async, [&] { queue_.stop(); });
  EXPECT_TRUE(eventually([&] { return statuses().size() == 2; }));
  EXPECT_EQ(statuses(), (std::vector<int>{503, 503}));
  go();
}

TEST(Lanes, AFullOneHoldsUpNoOther) {
  std::promise<void> go;
  std::atomic<int> entered{0};
  ServerOptions options;
  options.lanes = {{.threads = 1, .queue_bytes_max = 2048}, {.threads = 1, .queue_bytes_max = 2048}};
  options.lane_of = [](const Request& request) { return request.target.raw == "/quick" ? 1 : 0; };
  const auto server = testing::serve(
      [&, wait = go.get_future().share()](Request&& request, Responder&& responder) {
        if (request.target.raw == "/quick") return responder.answer(Response::text(200, "quick"));
        ++entered;
        wait.wait();
        responder.answer(Response::text(200, "slow"));
      },
      options);
  constexpr std::string_view slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n",
                             quick = "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n";
  testing::Raw raw(server->port()), other(server->port());
  raw.send(slow);
  ASSERT_TRUE(eventually([&] { return entered == 1; }));
  for (int i = 0; i < 3; ++i) raw.send(slow);
  EXPECT_TRUE(eventually([&] { return server->counters().queue_full == 1; }));
  for (int i = 0; i < 3; ++i) other.send(quick).until("quick");
  EXPECT_EQ(entered, 1);
  go.set_value();
  for (int i = 0; i < 3; ++i) raw.until("slow");
}

}  // namespace
}  // namespace mikusari::net
