// SPDX-License-Identifier: Apache-2.0
// Kills a real node at random moments under load, again and again, and asks the next one for every body that the last
// had acknowledged. Usage: kill_test ROUNDS [SEED]. Prints the seed.
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <thread>

#include "replica/audit.hpp"
#include "support/makers.hpp"

namespace mikusari::test {
namespace {

using platform::Buffer;

constexpr std::size_t connections = 3;

// What one connection sent and was told.
struct Sent {
  std::vector<net::Call> calls;
  std::vector<Digest> identities;
  std::vector<Digest> acknowledged;
};

Sent prepare(Makers& world, Maker& maker, std::size_t count) {
  Sent out;
  for (std::size_t i = 0; i < count; ++i) {
    auto statement = world.statement(maker, world.parts(maker, 1 + i % 3));
    out.identities.push_back(statement::parse(statement)->identity);
    out.calls.push_back(net::Call::post("/v1/statements", "application/cbor", std::move(statement)));
  }
  return out;
}

// Sends until the node is gone.
void send(net::Client& client, Sent& sent) {
  constexpr std::size_t at_once = 16;
  for (std::size_t i = 0; i < sent.calls.size(); i += at_once) {
    const auto chunk = std::span(sent.calls).subspan(i, std::min(at_once, sent.calls.size() - i));
    const auto results = client.send_many(chunk);
    for (std::size_t k = 0; k < results.size(); ++k) {
      if (results[k] && results[k]->status == 200) sent.acknowledged.push_back(sent.identities[i + k]);
    }
    if (!results.back()) return;
  }
}

Result<std::size_t> confirm(const Makers& world, const ChildNode& node, const std::vector<Sent>& all) {
  TRY(auto client, world.connect(node));
  std::size_t confirmed = 0;
  for (const auto& sent : all) {
    for (const auto& identity : sent.acknowledged) {
      TRY(const auto answer, client.request(net::Call::get("/v1/statements/" + platform::to_hex(identity))));
      if (answer.status != 200) {
        return std::unexpected(
            Error(Code::corrupt, "an acknowledged statement is lost").with_context(platform::to_hex(identity)));
      }
      ++confirmed;
    }
  }
  return confirmed;
}

Result<std::size_t> one_round(Makers& world, std::int64_t life_us) {
  std::vector<Sent> all;
  for (auto& maker : world.makers) all.push_back(prepare(world, maker, 400));
  {
    TRY(auto node, ChildNode::start(world.node_directory()));
    std::vector<net::Client> clients;
    for (std::size_t i = 0; i < all.size(); ++i) {
      TRY(auto client, world.connect(node));
      clients.push_back(std::move(client));
    }
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < all.size(); ++i) threads.emplace_back([&, i] { send(clients[i], all[i]); });
    // The moment of death is the input of this test: it is drawn, not awaited.
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable never;
    never.wait_for(lock, std::chrono::microseconds(life_us), [] { return false; });
    node.kill();
    for (auto& thread : threads) thread.join();
  }
  TRY(auto next, ChildNode::start(world.node_directory()));
  TRY(const auto confirmed, confirm(world, next, all));
  TRY(next.stop());
  return confirmed;
}

Result<void> run(std::size_t rounds, std::uint64_t seed, const std::string& directory) {
  Makers world(directory, connections, 16);
  TRY(world.found());
  {
    TRY(auto node, ChildNode::start(world.node_directory()));
    TRY(world.register_models(node));
    TRY(node.stop());
  }
  std::mt19937_64 random(seed);
  std::size_t confirmed = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    TRY(const std::size_t more, one_round(world, static_cast<std::int64_t>(random() % 60'000)));
    confirmed += more;
  }
  platform::PosixFiles files;
  platform::Workers workers(2);
  replica::AuditOptions options{world.node_directory() + "/store", {}, world.node_directory() + "/signer/memory", {}};
  TRY(options.genesis, platform::read_whole(files, world.node_directory() + "/genesis.cbor", 1 << 20));
  TRY(const auto report, replica::audit(files, workers, options));
  std::printf("%zu kills, %zu acknowledged statements, none lost; the audit verified %llu statements in %llu blocks\n",
              rounds, confirmed, static_cast<unsigned long long>(report.statements),
              static_cast<unsigned long long>(report.newest.height));
  if (confirmed == 0)
    return fail(Code::internal, "no statement was acknowledged before a kill: the test proved nothing");
  return {};
}

}  // namespace
}  // namespace mikusari::test

int main(int argc, char** argv) {
  const std::size_t rounds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 10;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device{}();
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  char directory[] = "/tmp/mikusari-kill-XXXXXX";
  if (mkdtemp(directory) == nullptr) return std::perror("mkdtemp"), 1;
  const auto done = mikusari::test::run(rounds, seed, directory);
  if (!done)
    return std::fprintf(stderr, "%s (the store is left in %s)\n", done.error().message().c_str(), directory), 1;
  std::filesystem::remove_all(directory);
  return 0;
}
