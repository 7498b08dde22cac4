// SPDX-License-Identifier: Apache-2.0
// A real node under clocks that cannot be believed.
#include <thread>

#include "ledger/test_camera.hpp"
#include "node/node_test_support.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::CameraWorld;

constexpr std::int64_t hour = 3600LL * 1000, day = 24 * hour, century = 36'525 * day;

class ClockHttp : public ::testing::Test {
 protected:
  ClockHttp() : node_(world_) {}
  Buffer model(std::string_view name) {
    return world_.submission(world_.key("chips"), std::vector{CameraWorld::model(name, thing::Class::chip)});
  }
  std::int64_t newest_ms() { return static_cast<std::int64_t>(node_.node().replica().read().tip().record.time_ms); }
  std::int64_t signed_ms() {
    const auto bytes = node_.node().replica().read().tip().checkpoint;
    std::int64_t out = 0;
    const auto checkpoint = cbor::decode<proof::Checkpoint>(bytes);
    for (const auto signature : checkpoint->signatures)
      out = std::max(out, static_cast<std::int64_t>(signature.time) * 1000);
    return out;
  }
  void confirm() {
    ASSERT_TRUE(confirm_clock(node_.files(), node_.config().clock_confirmation_path(), node_.real().clock.now_ms())
                    .has_value());
  }
  // Until a second has passed, and the confirmation is looked for again.
  void expect_ready(net::Client& client) {
    Reply ready = get(client, "/readyz");
    while (ready.status != 200) ready = get(client, "/readyz");
  }

  // A reply comes when its block is published; the block's time is noted right after.
  bool confirmation_goes() {
    for (int i = 0; i < 1'000'000; ++i) {
      if (!node_.files().exists(node_.config().clock_confirmation_path())) return true;
      std::this_thread::yield();
    }
    return false;
  }

  ledger::TestWorld world_;
  WorldNode node_;
};

TEST_F(ClockHttp, Attack11NothingIsOrderedUnderAClockACenturyAhead) {
  auto client = node_.client();
  ASSERT_EQ(post(client, model("a")).status, 200);
  const auto before = newest_ms();
  node_.real().clock.jump(century);
  const auto refused = post(client, model("b"));
  EXPECT_EQ(refused.status, 503) << refused.text();
  EXPECT_NE(refused.member("detail").find("confirm-clock"), std::string::npos) << refused.text();
  EXPECT_EQ(get(client, "/readyz").status, 503);
  EXPECT_EQ(get(client, "/livez").status, 200);
  EXPECT_EQ(newest_ms(), before);
  EXPECT_LT(signed_ms(), before + day);
  node_.real().clock.jump(-century);
  EXPECT_EQ(post(client, model("c")).status, 200);
}

TEST_F(ClockHttp, ARestartUnderAWrongClockSignsNothingOfTheFuture) {
  {
    auto client = node_.client();
    ASSERT_EQ(post(client, model("a")).status, 200);
  }
  node_.real().clock.jump(century);
  for (int round = 0; round < 2; ++round) {
    node_.restart();
    EXPECT_LT(signed_ms(), newest_ms() + day) << round;
    EXPECT_EQ(node_.log().count("\"event\":\"clock_too_far_ahead\""), static_cast<std::size_t>(round) + 1);
    auto client = node_.client();
    EXPECT_EQ(post(client, model("b" + std::to_string(round))).status, 503);
  }
  node_.real().clock.jump(-century);
  node_.restart();
  auto client = node_.client();
  EXPECT_EQ(post(client, model("c")).status, 200);
}

TEST_F(ClockHttp, GoesOnAfterAWeekWhenTheOperatorSaysThatTheClockIsRight) {
  auto client = node_.client();
  node_.real().clock.jump(7 * day);
  ASSERT_EQ(post(client, model("a")).status, 503);
  confirm();
  expect_ready(client);
  ASSERT_EQ(post(client, model("b")).status, 200);
  EXPECT_GT(newest_ms(), static_cast<std::int64_t>(world_.time_ms()) + 6 * day);
  EXPECT_TRUE(confirmation_goes()) << "one word is good for one time";
  node_.real().clock.jump(7 * day);
  EXPECT_EQ(post(client, model("c")).status, 503);
}

TEST_F(ClockHttp, AQuietDayNeedsNoConfirmation) {
  ASSERT_TRUE(node_.stop().has_value());
  node_.real().clock.jump(day - hour);
  node_.start();
  node_.real().clock.jump(day - hour);
  auto client = node_.client();
  EXPECT_EQ(post(client, model("a")).status, 200) << "the cosignature at the start counts";
}

// Whoever asks again and again is told so each time, and nothing of it stays in memory.
TEST_F(ClockHttp, KeepsNothingOfWhatItCannotOrder) {
  auto client = node_.client();
  const auto submission = model("a");
  node_.real().clock.jump(century);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(post(client, submission).status, 503);
  EXPECT_EQ(node_.node().replica().waiting(), 0U);
  node_.real().clock.jump(-century);
  EXPECT_EQ(post(client, submission).status, 200);
}

// The clock jumps while statements wait in the queue, behind a block that waits for the disk.
TEST_F(ClockHttp, AJumpWhileStatementsWaitEndsNothing) {
  auto client = node_.client();
  const auto async = [&](const Buffer& submission) {
    auto call = net::Call::post("/v1/statements", "application/cbor", platform::copy(submission), net::Repeat::allowed);
    call.headers.add("Prefer", "respond-async");
    return ask(client, call).status;
  };
  node_.files().set(GatedFiles::Gate::closed);
  ASSERT_EQ(async(model("first")), 202);
  node_.files().await_waiting(1);
  std::vector<Buffer> waiting;
  for (int i = 0; i < 20; ++i) {
    waiting.push_back(model("waiting " + std::to_string(i)));
    ASSERT_EQ(async(waiting.back()), 202);
  }
  node_.real().clock.jump(century);
  node_.files().set(GatedFiles::Gate::open);
  while (node_.node().replica().waiting() != 0) std::this_thread::yield();
  EXPECT_EQ(get(client, "/v1/models/" + platform::to_hex(world_.id("chips", "waiting 19"))).status, 404);
  node_.real().clock.jump(-century);
  for (const auto& submission : waiting) EXPECT_EQ(post(client, submission).status, 200) << "the node goes on";
}

}  // namespace
}  // namespace mikusari::node::testing
