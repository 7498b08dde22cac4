// SPDX-License-Identifier: Apache-2.0
#include "replica/body_tree.hpp"

#include <gtest/gtest.h>

#include "ledger/testing.hpp"

namespace mikusari::replica {
namespace {

TEST(BodyTree, GivesThePathOfEveryBodyUnderTheBodiesRoot) {
  ledger::TestWorld world;
  for (const std::size_t count : {1U, 2U, 3U, 7U, 8U, 9U, 100U}) {
    std::vector<platform::Buffer> bodies;
    for (std::size_t i = 0; i < count; ++i) bodies.push_back(platform::Buffer(1 + i % 5, std::byte{1}));
    const auto bytes = world.submission(world.key("chips"), part::Register::kind, bodies);
    const auto submission = statement::parse(bytes);
    ASSERT_TRUE(submission.has_value());
    const BodyTree tree(*submission);
    ASSERT_EQ(tree.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_TRUE(equal(tree.body(i).body, bodies[i]));
      const auto root = merkle::root_from_inclusion(i, count, tree.leaf(i), tree.path(i));
      EXPECT_EQ(root, submission->statement.payload.bodies_root) << i << " of " << count;
    }
  }
}

}  // namespace
}  // namespace mikusari::replica
