// SPDX-License-Identifier: Apache-2.0
#include "crypto/secret.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <sstream>
#include <type_traits>

namespace mikusari::crypto {
namespace {

using Secret4 = Secret<4>;
static_assert(!std::is_copy_constructible_v<Secret4> && !std::is_copy_assignable_v<Secret4>);

TEST(Secret, PrintsAsAWordAndNotAsItsBytes) {
  std::ostringstream out;
  out << Secret4(as_bytes("abcd"));
  EXPECT_EQ(out.str(), "[secret]");
}

TEST(Secret, WipesItselfWhenMovedFrom) {
  Secret4 first(as_bytes("abcd"));
  Secret4 second(std::move(first));
  EXPECT_TRUE(equal(second.view(), as_bytes("abcd")));
  EXPECT_TRUE(equal(first.view(), Bytes<4>{}));
  Secret4 third;
  third = std::move(second);
  EXPECT_TRUE(equal(third.view(), as_bytes("abcd")));
  EXPECT_TRUE(equal(second.view(), Bytes<4>{}));
}

TEST(Secret, WipesItsMemoryWhenDestroyed) {
  alignas(Secret4) std::byte memory[sizeof(Secret4)];
  Secret4* secret = new (memory) Secret4(as_bytes("abcd"));
  EXPECT_TRUE(equal(ByteView(memory).first(4), as_bytes("abcd")));
  std::destroy_at(secret);
  // The compiler may take a destroyed object's memory for undefined; through this pointer it must look at what is
  // there.
  const std::byte* volatile left_behind = memory;
  EXPECT_TRUE(equal(ByteView(left_behind, 4), Bytes<4>{}));
}

}  // namespace
}  // namespace mikusari::crypto
