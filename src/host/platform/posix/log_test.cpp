// SPDX-License-Identifier: Apache-2.0
#include "platform/posix/log.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "platform/posix/descriptor.hpp"
#include "platform/simulated/clock.hpp"

namespace mikusari::platform {
namespace {

TEST(DescriptorLog, KeepsLinesOfSeveralThreadsWhole) {
  std::array<int, 2> ends;
  ASSERT_EQ(::pipe(ends.data()), 0);
  const Descriptor reading(ends[0]);
  auto writing = std::make_unique<Descriptor>(ends[1]);
  const SimulatedClock clock;
  DescriptorLog log(clock, Level::info, ends[1]);
  std::string text;
  std::thread reader([&] {
    std::array<char, 4096> piece;
    for (ssize_t n = 0; (n = ::read(ends[0], piece.data(), piece.size())) > 0;) {
      text.append(piece.data(), static_cast<std::size_t>(n));
    }
  });
  const auto write = [&] {
    for (int i = 0; i < 50; ++i) log.info("e", {{"f", std::string(3000, 'x')}, {"g", std::string(3000, 'y')}});
  };
  std::thread other(write);
  write();
  other.join();
  writing.reset();
  reader.join();

  const std::string line = R"({"time":"2025-01-01T00:00:00.000Z","level":"info","event":"e","f":")" +
                           std::string(3000, 'x') + R"(","g":")" + std::string(3000, 'y') + "\"}\n";
  ASSERT_EQ(text.size(), 100 * line.size());
  for (std::size_t at = 0; at < text.size(); at += line.size()) EXPECT_EQ(text.compare(at, line.size(), line), 0);
  EXPECT_EQ(log.dropped_lines(), 0U);
}

TEST(DescriptorLog, CountsLinesThatAFullDiskRefuses) {
  const auto full = open_descriptor("/dev/full", O_WRONLY);
  ASSERT_TRUE(full);
  const SimulatedClock clock;
  DescriptorLog log(clock, Level::info, full->number());
  log.info("a");
  log.info("b");
  EXPECT_EQ(log.dropped_lines(), 2U);
}

}  // namespace
}  // namespace mikusari::platform
