// SPDX-License-Identifier: Apache-2.0
// The load generator: drives a real node over its socket with durable commits, and prints one JSON line a result, each
// beside its ceiling in the same run.
//
//   mikusari_load [--statements N] [--things N] [--connections N]
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "load/ceilings.hpp"
#include "load/passport.hpp"
#include "net/client.hpp"
#include "platform/posix/clock.hpp"
#include "proof/state.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"
#include "support/child_node.hpp"
#include "support/makers.hpp"

namespace mikusari::bench {
namespace {

using test::ChildNode;
using test::Makers;
using test::post;

struct Options {
  std::uint64_t statements = 20'000;
  std::uint64_t things = 200'000;
  std::uint64_t connections = 4;
  std::uint64_t pipeline = 64;
};

double percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

struct Load {
  double seconds = 0, node_cpu_s = 0;
  std::uint64_t bodies = 0;
};

// Every connection sends its statements, many under way at once; all must be acknowledged.
Result<Load> drive(Makers& world, const ChildNode& node, std::vector<std::vector<net::Call>> calls,
                   std::uint64_t bodies) {
  std::vector<net::Client> clients;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    TRY(auto client, world.connect(node));
    clients.push_back(std::move(client));
  }
  std::atomic<std::uint64_t> refused = 0;
  const double cpu = node.cpu_s();
  const auto begin = world.clock().steady_ms();
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    threads.emplace_back([&, i] {
      for (const auto& result : clients[i].send_many(calls[i])) {
        if (!result || result->status != 200) {
          if (refused++ == 0)
            std::fprintf(stderr, "%s\n",
                         result ? std::string(as_text(result->body.view())).c_str() : result.error().message().c_str());
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  if (refused != 0) return fail(Code::internal, "the node refused statements of the load");
  return Load{static_cast<double>(world.clock().steady_ms() - begin) / 1000.0, node.cpu_s() - cpu, bodies};
}

void print(const char* what, const Load& load, const char* ceiling, double ceiling_per_s) {
  const double per_s = static_cast<double>(load.bodies) / load.seconds;
  const double per_cpu_s = static_cast<double>(load.bodies) / std::max(0.001, load.node_cpu_s);
  std::printf(
      "{\"what\":\"%s\",\"bodies\":%llu,\"per_s\":%.0f,\"per_node_cpu_s\":%.0f,\"ceiling\":\"%s\",\"ceiling_per_s\":%."
      "0f,\"of_ceiling\":%.2f}\n",
      what, static_cast<unsigned long long>(load.bodies), per_s, per_cpu_s, ceiling, ceiling_per_s,
      per_cpu_s / ceiling_per_s);
  std::fflush(stdout);
}

Result<void> measure_single(Makers& world, const ChildNode& node, const Options& options, const Ceilings& ceilings) {
  std::vector<std::vector<net::Call>> calls(world.makers.size());
  for (std::uint64_t i = 0; i < options.statements; ++i) {
    auto& maker = world.makers[i % world.makers.size()];
    calls[i % calls.size()].push_back(post(world.statement(maker, world.parts(maker, 1))));
  }
  TRY(const auto load, drive(world, node, std::move(calls), options.statements));
  print("a signature for each body", load, "P-256 verifications of one thread", ceilings.verifications_per_s);
  return {};
}

Result<void> measure_batches(Makers& world, const ChildNode& node, const Options& options, const Ceilings& ceilings) {
  constexpr std::size_t batch = 4096;
  std::vector<std::vector<net::Call>> calls(world.makers.size());
  std::uint64_t bodies = 0, bytes = 0;
  for (std::size_t i = 0; bodies < options.things; ++i, bodies += batch) {
    auto& maker = world.makers[i % world.makers.size()];
    calls[i % calls.size()].push_back(post(world.statement(maker, world.parts(maker, batch))));
    bytes += calls[i % calls.size()].back().body.size();
  }
  TRY(const auto load, drive(world, node, std::move(calls), bodies));
  const double bytes_a_body = static_cast<double>(bytes) / static_cast<double>(bodies);
  print("batches of 4,096 bodies", load, "the same submissions appended as frames",
        ceilings.frame_bytes_per_s / bytes_a_body);
  return {};
}

// One statement after the other: what a single user waits for.
Result<void> measure_latency(Makers& world, const ChildNode& node, const Ceilings& ceilings) {
  TRY(auto client, world.connect(node));
  auto& maker = world.makers.front();
  std::vector<double> acknowledged, receipts;
  for (int i = 0; i < 200; ++i) {
    auto statement = world.statement(maker, world.parts(maker, 1));
    const auto identity = statement::parse(statement)->identity;
    const auto begin = std::chrono::steady_clock::now();
    TRY(const auto answer, client.request(post(std::move(statement))));
    const auto middle = std::chrono::steady_clock::now();
    TRY(const auto receipt,
        client.request(net::Call::get("/v1/statements/" + platform::to_hex(identity) + "/receipts/0")));
    const auto end = std::chrono::steady_clock::now();
    if (answer.status != 200 || receipt.status != 200) return fail(Code::internal, "a statement had no receipt");
    acknowledged.push_back(std::chrono::duration<double, std::milli>(middle - begin).count());
    receipts.push_back(std::chrono::duration<double, std::milli>(end - middle).count());
  }
  std::printf(
      "{\"what\":\"one statement at a "
      "time\",\"acknowledged_p50_ms\":%.2f,\"acknowledged_p99_ms\":%.2f,\"receipt_p50_ms\":%.2f,\"receipt_p99_ms\":%."
      "2f,"
      "\"ceiling\":\"one fdatasync\",\"ceiling_ms\":%.2f}\n",
      percentile(acknowledged, 0.5), percentile(acknowledged, 0.99), percentile(receipts, 0.5),
      percentile(receipts, 0.99), 1000.0 / ceilings.syncs_per_s);
  return {};
}

Result<void> measure_proofs(Makers& world, const ChildNode& node, const Ceilings& ceilings) {
  TRY(auto client, world.connect(node));
  double bytes = 0, seconds = 0, path = 0, record = 0;
  constexpr int count = 300;
  for (int i = 0; i < count; ++i) {
    const Id& id = world.ids[static_cast<std::size_t>(i) * world.ids.size() / count];
    TRY(const auto answer, client.request(net::Call::get("/v1/parts/" + platform::to_hex(id))));
    if (answer.status != 200) return fail(Code::internal, "a part has no answer");
    const ByteView body = answer.body.view();
    bytes += static_cast<double>(body.size());
    const auto begin = std::chrono::steady_clock::now();
    TRY(const auto decoded, cbor::decode<proof::StateAnswer>(body));
    TRY(proof::verify(decoded, path::part(id), world.policy));
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    record += static_cast<double>(decoded.item.value->size());
    path += static_cast<double>(decoded.item.siblings.size() + decoded.item.bitmap.size());
  }
  std::printf(
      "{\"what\":\"state "
      "proof\",\"things\":%zu,\"answer_bytes\":%.0f,\"record_bytes\":%.0f,\"map_path_bytes\":%.0f,\"verify_us\":%.1f,"
      "\"ceiling\":\"two "
      "signature verifications\",\"ceiling_us\":%.1f}\n",
      world.ids.size(), bytes / count, record / count, path / count, seconds / count * 1e6,
      2e6 / ceilings.verifications_per_s);
  return {};
}

std::uint64_t bytes_in(const std::string& directory) {
  std::uint64_t out = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) out += entry.file_size();
  }
  return out;
}

Result<void> measure(const Options& options, const std::string& directory) {
  TRY(const auto ceilings, measure_ceilings(directory));
  std::printf(
      "{\"what\":\"ceilings\",\"p256_verifications_per_s\":%.0f,\"p256_signatures_per_s\":%.0f,\"fdatasync_per_s\":%."
      "0f,\"frames_mb_per_s\":%.0f}\n",
      ceilings.verifications_per_s, ceilings.signatures_per_s, ceilings.syncs_per_s, ceilings.frame_bytes_per_s / 1e6);
  Makers world(directory, options.connections, options.pipeline);
  TRY(world.found());
  const std::string node_directory = directory + "/node";
  TRY(auto node, ChildNode::start(node_directory));
  const double empty_memory = static_cast<double>(node.memory_bytes());
  TRY(world.register_models(node));
  TRY(measure_single(world, node, options, ceilings));
  TRY(measure_latency(world, node, ceilings));
  TRY(measure_batches(world, node, options, ceilings));
  TRY(measure_proofs(world, node, ceilings));
  TRY(measure_passport(world, node, ceilings));
  const double things = static_cast<double>(world.ids.size());
  const double memory = static_cast<double>(node.memory_bytes()) - empty_memory;
  TRY(node.stop());
  const double chain = static_cast<double>(bytes_in(node_directory + "/store/chain")),
               log = static_cast<double>(bytes_in(node_directory + "/store/log"));
  TRY(auto again, ChildNode::start(node_directory));
  std::printf(
      "{\"what\":\"store\",\"things\":%.0f,\"chain_bytes_a_thing\":%.0f,\"log_bytes_a_thing\":%.0f,\"memory_bytes_a_"
      "thing\":%.0f,\"memory_after_restart_bytes_a_thing\":%.0f,\"start_s\":%.2f}\n",
      things, chain / things, log / things, memory / things,
      (static_cast<double>(again.memory_bytes()) - empty_memory) / things, again.ready_after_s());
  return again.stop();
}

}  // namespace
}  // namespace mikusari::bench

int main(int argc, char** argv) {
  mikusari::bench::Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::uint64_t value = std::strtoull(argv[i + 1], nullptr, 10);
    if (value == 0) return std::fprintf(stderr, "%s wants a number above 0\n", argv[i]), 2;
    if (name == "--statements")
      options.statements = value;
    else if (name == "--things")
      options.things = value;
    else if (name == "--connections")
      options.connections = value;
    else
      return std::fprintf(stderr, "mikusari_load [--statements N] [--things N] [--connections N]\n"), 2;
  }
  char directory[] = "/tmp/mikusari-load-XXXXXX";
  if (mkdtemp(directory) == nullptr) return std::perror("mkdtemp"), 1;
  const auto done = mikusari::bench::measure(options, directory);
  std::filesystem::remove_all(directory);
  if (!done) return std::fprintf(stderr, "%s\n", done.error().message().c_str()), 1;
  return 0;
}
