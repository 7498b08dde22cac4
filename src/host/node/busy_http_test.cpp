// SPDX-License-Identifier: Apache-2.0
// A node that many ask for the largest passports at once, over TLS.
#include <algorithm>
#include <thread>

#include "ledger/test_camera.hpp"
#include "net/testing.hpp"
#include "node/node_test_support.hpp"

namespace mikusari::node::testing {
namespace {

using ledger::CameraWorld;
using net::testing::sanitized;

constexpr std::size_t askers = 64, cameras = 4;
constexpr std::size_t inspections = 4096;  // more than one page of a passport holds
constexpr std::size_t page_bytes_least = 750'000;

std::string passport_of(const CameraWorld& world, std::size_t camera) {
  const Id id = world.id("cameras", "camera " + std::to_string(camera % cameras));
  return "/v1/devices/" + platform::to_hex(id) + "/passport";
}

CameraWorld& with_long_lives(CameraWorld& world) {
  for (std::size_t i = 0; i < cameras; ++i) {
    const Id id = world.camera("camera " + std::to_string(i), {});
    const part::Inspect body{thing::Type::device, id, part::Finding::passed, {}, {}};
    for (const auto& fate : world.say_all(world.key("cameras"), std::vector<part::Inspect>(inspections, body)))
      EXPECT_TRUE(fate.accepted());
  }
  return world;
}

// attack 8: two connections that asked for a big passport let /livez wait for 13.5 s.
TEST(BusyNode, Attack8LivezWaitsForNobodyWhoAsksForTheLargestPassports) {
  CameraWorld world;
  WorldNode node(with_long_lives(world));
  auto client = node.client();
  node.play_history(client);
  const auto largest = get(client, passport_of(world, 0));
  ASSERT_GT(largest.body.size(), page_bytes_least);
  ASSERT_EQ(largest.header("Mikusari-Pages-More"), "true");

  std::vector<net::Client> clients;
  for (std::size_t i = 0; i < askers; ++i) clients.push_back(node.client());
  std::atomic<bool> over{false};
  std::atomic<std::size_t> answered{0}, pages{0};
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < clients.size(); ++i) {
    threads.emplace_back([&, i] {
      while (!over) {
        const auto status = get(clients[i], passport_of(world, i)).status;
        EXPECT_TRUE(status == 200 || status == 429 || status == 503) << status;
        pages += status == 200 ? 1 : 0;
        ++answered;
      }
    });
  }
  while (answered < clients.size()) std::this_thread::yield();
  const platform::PosixClock clock;
  std::vector<std::int64_t> waits;
  while (waits.size() < 200 || answered < 4 * askers) {
    const auto begin = clock.steady_ms();
    EXPECT_EQ(get(client, "/livez").status, 200);
    waits.push_back(clock.steady_ms() - begin);
  }
  const auto submission =
      world.submission(world.key("chips"), std::vector{CameraWorld::model("meanwhile", thing::Class::chip)});
  EXPECT_EQ(post(client, submission).status, 200);
  over = true;
  for (auto& thread : threads) thread.join();

  std::ranges::sort(waits);
  const auto p99_ms = waits[waits.size() * 99 / 100];
  std::printf("%zu askers, %zu pages, %zu times /livez: p50 %lld ms, p99 %lld ms\n", askers, pages.load(), waits.size(),
              static_cast<long long>(waits[waits.size() / 2]), static_cast<long long>(p99_ms));
  EXPECT_GT(pages, 0U);
  if (!sanitized) {
    EXPECT_LT(p99_ms, 50);
  }
}

}  // namespace
}  // namespace mikusari::node::testing
