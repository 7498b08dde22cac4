// SPDX-License-Identifier: Apache-2.0
#include "base/result.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace mikusari {
namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(Code::invalid, "odd", 3);
  return value / 2;
}

Result<int> quarter(int value) {
  TRY(const int once, half(value));
  TRY(const int twice, half(once));
  return twice;
}

Result<void> even(int value) {
  TRY(half(value));
  return {};
}

Result<std::unique_ptr<int>> boxed(int value) {
  TRY(auto box, [&]() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(value); }());
  return box;
}

TEST(Result, TryBindsTheValueOrReturnsTheError) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().code(), Code::invalid);
  EXPECT_STREQ(quarter(6).error().text(), "odd");
  EXPECT_EQ(quarter(6).error().offset(), 3U);
  EXPECT_TRUE(even(2).has_value());
  EXPECT_FALSE(even(1).has_value());
}

TEST(Result, TryMovesWhatCannotBeCopied) { EXPECT_EQ(*boxed(5).value(), 5); }

TEST(Error, PutsContextBeforeItsText) {
  EXPECT_EQ(Error(Code::corrupt, "bad frame").message(), "bad frame");
  EXPECT_EQ(Error(Code::corrupt, "bad frame", 9).message(), "bad frame (at byte 9)");
  const Error error = Error(Code::corrupt, "bad frame", 9).with_context("chain.7").with_context("opening the store");
  EXPECT_EQ(error.message(), "opening the store: chain.7: bad frame (at byte 9)");
  EXPECT_EQ(error.code(), Code::corrupt);
}

TEST(Error, EveryCodeHasItsOwnName) {
  std::vector<std::string_view> names;
  for (int code = 1; code <= 10; ++code) names.push_back(name(static_cast<Code>(code)));
  EXPECT_EQ(names, (std::vector<std::string_view>{"invalid", "unauthenticated", "forbidden", "not_found", "conflict",
                                                  "corrupt", "exhausted", "unavailable", "internal", "newer"}));
}

// The numbers are in the C API and in exit codes: a new one goes to the end.
TEST(Error, NewerIsTheLastCode) {
  EXPECT_EQ(static_cast<int>(Code::newer), 10);
  EXPECT_EQ(name(static_cast<Code>(11)), "internal") << "a number that no code has is a bug of its maker";
}

TEST(AssertDeathTest, StopsWithTheExpression) {
  const int one = 1;
  EXPECT_DEATH(ASSERT(one == 2), "assertion failed: one == 2");
}

}  // namespace
}  // namespace mikusari
