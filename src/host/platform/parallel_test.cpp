// SPDX-License-Identifier: Apache-2.0
#include "platform/parallel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <utility>

namespace mikusari::platform {
namespace {

using Ranges = std::set<std::pair<std::size_t, std::size_t>>;

Ranges ranges(std::size_t threads, std::size_t n, std::size_t grain) {
  Workers workers(threads);
  Mutex mutex;
  Ranges out;
  workers.parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
    MutexLock lock(mutex);
    EXPECT_TRUE(out.emplace(begin, end).second);
  });
  return out;
}

TEST(Workers, PiecesDependOnSizeAndGrainAlone) {
  const Ranges expected = {{0, 3}, {3, 6}, {6, 9}, {9, 10}};
  for (const std::size_t threads : {0, 1, 2, 7}) EXPECT_EQ(ranges(threads, 10, 3), expected) << threads;
  EXPECT_EQ(ranges(4, 0, 3), Ranges{});
  EXPECT_EQ(ranges(4, 3, 3), (Ranges{{0, 3}}));
  EXPECT_EQ(ranges(4, 2, SIZE_MAX), (Ranges{{0, 2}}));
}

TEST(Workers, OneThreadRunsInlineAndInOrder) {
  Workers workers(1);
  EXPECT_EQ(workers.threads(), 1U);
  std::vector<std::size_t> begins;
  const auto caller = std::this_thread::get_id();
  workers.parallel_for(5, 2, [&](std::size_t begin, std::size_t) {
    EXPECT_EQ(std::this_thread::get_id(), caller);
    begins.push_back(begin);
  });
  EXPECT_EQ(begins, (std::vector<std::size_t>{0, 2, 4}));
}

TEST(Workers, UsesItsThreadsAtTheSameTime) {
  Workers workers(3);
  Mutex mutex;
  Condition changed;
  std::size_t arrived = 0;
  // Passes only when three pieces are being run at once.
  workers.parallel_for(3, 1, [&](std::size_t, std::size_t) {
    MutexLock lock(mutex);
    ++arrived;
    changed.notify_all();
    while (arrived < 3) changed.wait(mutex);
  });
  EXPECT_EQ(arrived, 3U);
}

TEST(Workers, ReturnsOnlyWhenAllIsDone) {
  Workers workers(4);
  for (int round = 0; round < 200; ++round) {
    std::vector<int> done(100, 0);
    workers.parallel_for(done.size(), 1, [&](std::size_t begin, std::size_t) { done[begin] = 1; });
    EXPECT_EQ(done, std::vector<int>(100, 1));
  }
}

TEST(Workers, MayBeCalledFromWithinAPieceAndFromSeveralThreads) {
  Workers workers(3);
  std::atomic<int> sum = 0;
  const auto nested = [&] {
    workers.parallel_for(8, 1, [&](std::size_t, std::size_t) {
      workers.parallel_for(8, 1, [&](std::size_t begin, std::size_t) { sum += static_cast<int>(begin); });
    });
  };
  std::thread other(nested);
  nested();
  other.join();
  EXPECT_EQ(sum, 2 * 8 * 28);
}

TEST(Condition, TimesOutWhenNobodyNotifies) {
  Mutex mutex;
  Condition condition;
  MutexLock lock(mutex);
  Wake wake = Wake::notified;
  for (int tries = 0; wake == Wake::notified && tries < 100; ++tries) wake = condition.wait_for_ms(mutex, 1);
  EXPECT_EQ(wake, Wake::timed_out);
}

}  // namespace
}  // namespace mikusari::platform
