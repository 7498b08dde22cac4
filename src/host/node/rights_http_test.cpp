// SPDX-License-Identifier: Apache-2.0
// Reading rights, lanes and the operations' listener of a real node, over TLS.
#include <thread>

#include "api/routes.hpp"
#include "ledger/test_camera.hpp"
#include "node/node_test_support.hpp"
#include "statement/reading.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::CameraWorld;

class RightsHttp : public ::testing::Test {
 protected:
  RightsHttp() : node_(prepared(world_), {}, WorldNode::Reads::as_configured) {
    auto client = node_.client();
    node_.play_history(client);
  }
  static CameraWorld& prepared(CameraWorld& world) {
    world.camera("camera", {world.cell("cell")}, "city");
    return world;
  }
  std::string camera() const { return "/v1/devices/" + platform::to_hex(world_.id("cameras", "camera")); }

  Buffer request_of(ledger::TestKey& key, const std::optional<Digest>& channel) {
    mikusari::reading::Request what;
    what.ledger = world_.ledger();
    what.node = "checkpoint";
    what.time_ms = static_cast<std::uint64_t>(node_.real().clock.now_ms());
    what.nonce = platform::random<16>(node_.real().random);
    what.channel = channel;
    Buffer out(mikusari::reading::bytes_max);
    const auto bytes = mikusari::reading::sign(key.signer(), what, out);
    EXPECT_TRUE(bytes.has_value());
    out.resize(bytes->size());
    return out;
  }
  static Reply buy(net::Client& client, Buffer request) {
    return ask(client, net::Call::post("/v1/tokens", mikusari::reading::content_type, std::move(request)));
  }
  std::string token(net::Client& client, std::string_view key) {
    const auto channel = client.channel_binding();
    EXPECT_TRUE(channel.has_value());
    const auto bought = buy(client, request_of(world_.key(key), Digest::copy(*channel)));
    EXPECT_EQ(bought.status, 200) << bought.text();
    return bought.member("token");
  }
  static Reply get_as(net::Client& client, const std::string& token, const std::string& target) {
    auto call = net::Call::get(target);
    call.headers.add("Authorization", "Bearer " + token);
    return ask(client, call);
  }

  CameraWorld world_;
  WorldNode node_;
};

TEST_F(RightsHttp, OneSignedRequestBuysATokenForThisConnectionsKey) {
  auto client = node_.client();
  EXPECT_EQ(get(client, camera()).status, 404);
  const auto mine = token(client, "city");
  const auto answer = get_as(client, mine, camera());
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Cache-Control"), "private");
  auto other = node_.client();
  EXPECT_EQ(get_as(other, mine, camera()).status, 200) << "a token is good over any connection";
  EXPECT_EQ(get_as(other, token(other, "clinic"), camera()).status, 404);
}

TEST_F(RightsHttp, ARequestIsOfNoUseOverAnotherConnection) {
  auto client = node_.client(), thief = node_.client();
  const auto channel = client.channel_binding();
  ASSERT_TRUE(channel.has_value());
  const auto request = request_of(world_.key("city"), Digest::copy(*channel));
  EXPECT_EQ(buy(thief, request).status, 403);
  EXPECT_EQ(buy(thief, request_of(world_.key("city"), std::nullopt)).status, 403);
  EXPECT_EQ(buy(client, request).status, 200);
  EXPECT_EQ(buy(client, request).status, 409);
}

TEST_F(RightsHttp, MetricsAndHealthHaveAListenerOfTheirOwn) {
  auto client = node_.client();
  EXPECT_EQ(get(client, "/metrics").status, 404);
  ASSERT_TRUE(node_.node().operations_port().has_value());
  const std::string url = "http://127.0.0.1:" + std::to_string(*node_.node().operations_port());
  auto operations = net::Client::connect(url, {}, node_.real().clock);
  ASSERT_TRUE(operations.has_value()) << operations.error().message();
  EXPECT_EQ(get(*operations, "/livez").status, 200);
  EXPECT_EQ(get(*operations, "/readyz").status, 200);
  const auto metrics = get(*operations, "/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.text().find("mikusari_not_for_reader_total 1\n"), std::string::npos);
  EXPECT_NE(metrics.text().find("mikusari_clock_ahead_seconds "), std::string::npos);
  EXPECT_EQ(get(*operations, camera()).status, 404);
  EXPECT_EQ(get(*operations, "/v1/checkpoint").status, 404);
}

TEST_F(RightsHttp, Attack8HealthIsAnsweredWhileManyAskForPassports) {
  constexpr std::size_t askers = 64;
  std::vector<net::Client> clients;
  for (std::size_t i = 0; i < askers; ++i) clients.push_back(node_.client());
  const auto mine = token(clients.front(), "city");
  std::atomic<bool> over{false};
  std::atomic<std::size_t> answered{0};
  std::vector<std::thread> threads;
  for (auto& each : clients) {
    threads.emplace_back([&] {
      while (!over) {
        const auto status = get_as(each, mine, camera() + "/passport").status;
        EXPECT_TRUE(status == 200 || status == 429) << status;
        ++answered;
      }
    });
  }
  auto client = node_.client();
  while (answered < askers) std::this_thread::yield();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(get(client, "/livez").status, 200);
  const auto submission =
      world_.submission(world_.key("chips"), std::vector{CameraWorld::model("meanwhile", thing::Class::chip)});
  EXPECT_EQ(post(client, submission).status, 200);
  over = true;
  for (auto& thread : threads) thread.join();
}

// All of the long reads' threads stand still: nothing else does.
TEST_F(RightsHttp, LongReadsHoldUpNothingElse) {
  struct Stuck {
    platform::Mutex mutex;
    platform::Condition changed;
    bool let_go MIKUSARI_GUARDED_BY(mutex) = false;
    std::atomic<std::size_t> waiting{0};
  } stuck;
  net::ServerOptions options;
  options.lanes.resize(api::lane_count);
  options.lane_of = api::lane_of;
  const auto server = net::Server::start(
      options,
      [&](net::Request&& request, net::Responder&& responder) {
        if (request.target.raw.ends_with("/passport")) {
          ++stuck.waiting;
          platform::MutexLock lock(stuck.mutex);
          while (!stuck.let_go) stuck.changed.wait(stuck.mutex);
        }
        responder.answer(net::Response::text(200, request.target.raw));
      },
      node_.real().clock);
  ASSERT_TRUE(server.has_value());
  const std::string url = "http://127.0.0.1:" + std::to_string((*server)->port());
  std::thread asker([&] {
    auto client = net::Client::connect(url, {}, node_.real().clock);
    EXPECT_EQ(get(*client, "/v1/devices/ab/passport").status, 200);
  });
  while (stuck.waiting == 0) std::this_thread::yield();
  auto client = net::Client::connect(url, {}, node_.real().clock);
  for (const auto* target : {"/livez", "/v1/devices/ab", "/v1/statements/ab"})
    EXPECT_EQ(get(*client, target).status, 200) << target;
  EXPECT_EQ(ask(*client, net::Call::post("/v1/statements", "a/b", {})).status, 200);
  EXPECT_EQ(stuck.waiting, 1u);
  {
    platform::MutexLock lock(stuck.mutex);
    stuck.let_go = true;
    stuck.changed.notify_all();
  }
  asker.join();
}

}  // namespace
}  // namespace mikusari::node::testing
