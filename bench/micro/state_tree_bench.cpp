// SPDX-License-Identifier: Apache-2.0
// The state tree and the log's hashes, against bare hashing of tree nodes (NodeHash), which is their ceiling.
// The argument is the number of leaves that are there before.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "crypto/hash.hpp"
#include "platform/posix/file.hpp"
#include "replica/log_store.hpp"
#include "replica/state_tree.hpp"

namespace mikusari::replica {
namespace {

constexpr std::size_t batch_changes = 100'000;

Digest digest_of(std::uint64_t n) { return crypto::sha256(std::as_bytes(std::span(&n, 1))); }

// Row i is of key digest_of(i).
class NumberedRows final : public Rows {
 public:
  Result<Digest> key(const Leaf& leaf) const override { return digest_of(leaf.place().position); }
};

// A tree of `count` keys, which the benchmarks that follow change on; made once for each size and number of threads.
struct Ledger {
  Ledger(std::size_t count, std::size_t threads) : workers(threads) {
    while (next < count) publish(apply(inserts(std::min(batch_changes, count - next))));
  }

  std::vector<Change> inserts(std::size_t count) {
    std::vector<Change> out;
    for (std::size_t i = 0; i < count; ++i, ++next) out.push_back({digest_of(next), digest_of(~next), {next, 100}, {}});
    std::ranges::sort(out, {}, &Change::key);
    return out;
  }
  std::vector<Change> updates(std::size_t count) {
    std::vector<Change> out;
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t row = random() % next;
      out.push_back({digest_of(row), digest_of(random()), {row, 100}, {row, 100}});
    }
    std::ranges::sort(out, {}, &Change::key);
    const auto twice = std::ranges::unique(out, {}, &Change::key);
    out.erase(twice.begin(), twice.end());
    return out;
  }
  Staged apply(const std::vector<Change>& changes) { return tree.apply(tree.published(), changes).value(); }
  void publish(Staged staged) { tree.publish(std::move(staged)); }

  NumberedRows rows;
  platform::Workers workers;
  StateTree tree{rows, workers};
  std::uint64_t next = 0;
  std::mt19937_64 random{1};
};

Ledger& ledger_of(std::size_t count, std::size_t threads) {
  static std::unique_ptr<Ledger> ledger;  // one at a time: they are large
  static std::pair<std::size_t, std::size_t> made;
  if (!ledger || made != std::pair(count, threads)) {
    ledger.reset();
    ledger = std::make_unique<Ledger>(count, threads);
    made = {count, threads};
  }
  return *ledger;
}

void report(benchmark::State& state, const Ledger& ledger, std::size_t items) {
  state.SetItemsProcessed(static_cast<std::int64_t>(items));
  const auto count = static_cast<double>(ledger.tree.published().count());
  state.counters["bytes_a_leaf"] = static_cast<double>(ledger.tree.memory().used_bytes) / count;
  state.counters["reserved_bytes_a_leaf"] = static_cast<double>(ledger.tree.memory().reserved_bytes) / count;
}

enum class Kind { inserts, updates };

// Updates are applied and published; new keys are applied and discarded, so that the tree stays as large as the name
// says.
template <Kind kind>
void apply_batches(benchmark::State& state) {
  Ledger& ledger = ledger_of(static_cast<std::size_t>(state.range(1)), static_cast<std::size_t>(state.range(0)));
  const std::size_t size = std::min<std::size_t>(batch_changes, static_cast<std::size_t>(state.range(1)) / 10);
  std::size_t items = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::vector<Change> changes = kind == Kind::inserts ? ledger.inserts(size) : ledger.updates(size);
    state.ResumeTiming();
    Staged staged = ledger.apply(changes);
    if (kind == Kind::updates) {
      ledger.publish(std::move(staged));
    } else {
      ledger.tree.discard(std::move(staged));
      ledger.next -= size;
    }
    items += changes.size();
  }
  report(state, ledger, items);
}

void StateTreeInsert(benchmark::State& state) { apply_batches<Kind::inserts>(state); }
void StateTreeUpdate(benchmark::State& state) { apply_batches<Kind::updates>(state); }

void StateTreeProve(benchmark::State& state) {
  Ledger& ledger = ledger_of(static_cast<std::size_t>(state.range(1)), static_cast<std::size_t>(state.range(0)));
  const Snapshot snapshot = ledger.tree.read();
  std::vector<Digest> keys;
  for (std::size_t i = 0; i < 10'000; ++i)
    keys.push_back(digest_of(ledger.random() % (2 * ledger.next)));  // half absent
  std::size_t at = 0;
  std::size_t siblings = 0;
  for (auto _ : state) {
    const Result<StateProof> proof = snapshot.prove(keys[at++ % keys.size()]);
    siblings += proof->path.siblings().size();
  }
  report(state, ledger, at);
  state.counters["siblings"] = static_cast<double>(siblings) / static_cast<double>(at);
}

void StateTreeFind(benchmark::State& state) {
  Ledger& ledger = ledger_of(static_cast<std::size_t>(state.range(1)), static_cast<std::size_t>(state.range(0)));
  const Snapshot snapshot = ledger.tree.read();
  std::vector<Digest> keys;
  for (std::size_t i = 0; i < 100'000; ++i) keys.push_back(digest_of(ledger.random() % (2 * ledger.next)));
  std::size_t at = 0;
  for (auto _ : state) benchmark::DoNotOptimize(snapshot.candidate(keys[at++ % keys.size()]));
  report(state, ledger, at);
}

void NodeHash(benchmark::State& state) {
  std::vector<Digest> nodes(1000, digest_of(1));
  for (auto _ : state) crypto::sha256_nodes(std::byte{1}, nodes, nodes, nodes);
  state.SetItemsProcessed(state.iterations() * 1000);
}

struct Log {
  explicit Log(std::size_t count) {
    store->reset().value();
    append(count);
  }
  ~Log() { std::filesystem::remove_all(directory); }
  void append(std::size_t count) {
    std::vector<Digest> leaves(count);
    for (Digest& leaf : leaves) leaf = digest_of(next++);
    store->append(leaves).value();
  }
  const std::string directory =
      (std::filesystem::temp_directory_path() / ("mikusari_log_bench." + std::to_string(::getpid()))).string();
  platform::PosixFiles files;
  std::unique_ptr<LogStore> store = LogStore::open(files, directory).value();
  std::uint64_t next = 0;
};

void LogAppend(benchmark::State& state) {
  Log log(static_cast<std::size_t>(state.range(0)));
  const std::vector<Digest> leaves(4097, digest_of(1));  // a full batch of bodies and the block's record
  for (auto _ : state) log.store->append(leaves).value();
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(leaves.size()));
}

void LogInclusion(benchmark::State& state) {
  Log log(static_cast<std::size_t>(state.range(0)));
  std::mt19937_64 random(1);
  const std::uint64_t size = log.store->size();
  for (auto _ : state) benchmark::DoNotOptimize(log.store->inclusion(random() % size, size));
  state.SetItemsProcessed(state.iterations());
}

void tree_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"threads", "leaves"})->Unit(benchmark::kMillisecond)->UseRealTime();
  for (const std::int64_t leaves : {10'000, 1'000'000, 4'000'000}) {
    for (const std::int64_t threads : {1, 2}) benchmark->Args({threads, leaves});
  }
}
void reader_sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"threads", "leaves"});
  for (const std::int64_t leaves : {10'000, 1'000'000, 4'000'000}) benchmark->Args({2, leaves});
}

BENCHMARK(NodeHash);
BENCHMARK(StateTreeInsert)->Apply(tree_sizes);
BENCHMARK(StateTreeUpdate)->Apply(tree_sizes);
BENCHMARK(StateTreeProve)->Apply(reader_sizes);
BENCHMARK(StateTreeFind)->Apply(reader_sizes);
BENCHMARK(LogAppend)->Arg(10'000)->Arg(1'000'000);
BENCHMARK(LogInclusion)->Arg(10'000)->Arg(1'000'000);

}  // namespace
}  // namespace mikusari::replica
