// SPDX-License-Identifier: Apache-2.0
// The same stream of statements gives the same roots, whatever the compiler, its optimisation and the number of
// threads. The roots stand in testdata/, so that every build of the project is compared with every other.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "replica/testing.hpp"

namespace mikusari::replica {
namespace {

std::string roots_of(std::size_t threads) {
  ledger::CameraWorld world;
  live(world);
  std::vector<part::Register> many;
  for (int i = 0; i < 3000; ++i) many.push_back(world.cell_registration("part " + std::to_string(i)));
  world.say_all(world.key("chips"), many);
  TestReplica node(world, 7, threads);
  EXPECT_TRUE(node.open().has_value());
  std::string out;
  for (const auto& ordered : world.history()) {
    EXPECT_TRUE(node.order(ordered).has_value());
    const auto& tip = node.replica->read().tip();
    out += std::to_string(tip.record.height) + " " + platform::to_hex(tip.record.map_root) + " " +
           platform::to_hex(tip.log_root) + "\n";
  }
  return out;
}

TEST(Determinism, GivesTheRecordedRootsWithOneThreadAndWithMany) {
  const std::string one = roots_of(1);
  EXPECT_EQ(one, roots_of(2));
  EXPECT_EQ(one, roots_of(5));
  const char* source = std::getenv("MIKUSARI_SOURCE");
  ASSERT_NE(source, nullptr) << "run by ctest";
  const std::string path = std::string(source) + "/testdata/determinism.txt";
  if (std::getenv("MIKUSARI_RECORD") != nullptr) std::ofstream(path) << one;
  std::ifstream file(path);
  const std::string recorded((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(one, recorded)
      << "a change of the rules or formats changes the roots: record them with MIKUSARI_RECORD=1 and say why";
}

}  // namespace
}  // namespace mikusari::replica
