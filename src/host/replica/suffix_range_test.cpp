// SPDX-License-Identifier: Apache-2.0
#include "replica/suffix_range.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"

namespace mikusari::replica {
namespace {

TEST(SuffixRange, HasTheSubtreesBehindEveryPlaceOfEveryTree) {
  std::vector<Digest> leaves;
  for (std::uint64_t size = 0; size <= 70; ++size) {
    SuffixRange suffix(size);
    EXPECT_TRUE(suffix.nodes().empty());
    while (suffix.begin() > 0) {
      suffix.prepend(leaves[static_cast<std::size_t>(suffix.begin() - 1)]);
      std::array<Digest, 126> expected;
      const auto behind =
          merkle::subtrees_behind(size, std::span(leaves).subspan(static_cast<std::size_t>(suffix.begin())), expected);
      ASSERT_TRUE(std::ranges::equal(suffix.nodes(), behind)) << suffix.begin() << " of " << size;
    }
    leaves.push_back(crypto::sha256(as_bytes(std::to_string(size))));
  }
}

}  // namespace
}  // namespace mikusari::replica
