// SPDX-License-Identifier: Apache-2.0
#include "api/reading_tokens.hpp"

#include <gtest/gtest.h>

#include "platform/bytes.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::api {
namespace {

Digest named(unsigned char value) {
  Digest out;
  out.data[0] = std::byte{value};
  return out;
}

struct TokensTest : ::testing::Test {
  std::string issue(ReadingTokens& tokens, unsigned char key, unsigned char patron, std::int64_t now_ms = 0) {
    ReadingTokens::Nonce nonce;
    nonce.data[0] = std::byte{++count_};
    nonce.data[1] = std::byte{static_cast<unsigned char>(count_ >> 8)};
    auto token = tokens.issue(named(key), named(patron), nonce, random_, now_ms);
    EXPECT_TRUE(token.has_value());
    return token.value_or("");
  }
  platform::SimulatedRandom random_{1};
  unsigned char count_ = 0;
};

TEST_F(TokensTest, StandForTheirKeyForAnHour) {
  ReadingTokens tokens(10);
  const auto token = issue(tokens, 1, 1, 1000);
  EXPECT_EQ(token.size(), 43u);
  EXPECT_EQ(tokens.find(token, 1000), named(1));
  EXPECT_EQ(tokens.find(token, 1000 + ReadingTokens::life_ms - 1), named(1));
  EXPECT_FALSE(tokens.find(token, 1000 + ReadingTokens::life_ms).has_value());
  EXPECT_NE(issue(tokens, 1, 1), token);
}

TEST_F(TokensTest, AreNotGuessed) {
  ReadingTokens tokens(10);
  auto token = issue(tokens, 1, 1);
  for (const auto& wrong : {std::string(), token.substr(1), token + "A", "!" + token.substr(1)})
    EXPECT_FALSE(tokens.find(wrong, 0).has_value());
  token[7] = token[7] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(tokens.find(token, 0).has_value());
}

TEST_F(TokensTest, AreBoughtOnceForARequest) {
  ReadingTokens tokens(10);
  EXPECT_TRUE(tokens.issue(named(1), named(1), {}, random_, 0).has_value());
  EXPECT_EQ(tokens.issue(named(1), named(1), {}, random_, 1).error().code(), Code::conflict);
  EXPECT_TRUE(tokens.issue(named(2), named(1), {}, random_, 1).has_value());
  EXPECT_TRUE(tokens.issue(named(1), named(1), {}, random_, ReadingTokens::life_ms).has_value());
}

TEST_F(TokensTest, EndWithTheirKey) {
  ReadingTokens tokens(10);
  const auto first = issue(tokens, 1, 1), second = issue(tokens, 1, 1), other = issue(tokens, 2, 1);
  tokens.end(named(1));
  EXPECT_FALSE(tokens.find(first, 0) || tokens.find(second, 0));
  EXPECT_TRUE(tokens.find(other, 0).has_value());
  EXPECT_EQ(tokens.size(), 1u);
}

TEST_F(TokensTest, AreFewForOneKey) {
  ReadingTokens tokens(100);
  std::vector<std::string> all;
  for (std::size_t i = 0; i <= ReadingTokens::of_key_max; ++i) all.push_back(issue(tokens, 1, 1));
  EXPECT_EQ(tokens.size(), ReadingTokens::of_key_max);
  EXPECT_FALSE(tokens.find(all.front(), 0).has_value());
  EXPECT_TRUE(tokens.find(all[1], 0).has_value());
}

TEST_F(TokensTest, OfAGreedyMemberPushOutNobodyElses) {
  ReadingTokens tokens(6);
  const auto modest = issue(tokens, 100, 2), another = issue(tokens, 101, 3);
  for (unsigned char key = 1; key < 50; ++key) issue(tokens, key, 1);
  EXPECT_EQ(tokens.size(), 6u);
  EXPECT_TRUE(tokens.find(modest, 0) && tokens.find(another, 0));
}

TEST_F(TokensTest, MakeRoomWhenTheyExpire) {
  ReadingTokens tokens(2);
  issue(tokens, 1, 1, 0);
  issue(tokens, 2, 1, 0);
  issue(tokens, 3, 1, ReadingTokens::life_ms);
  EXPECT_EQ(tokens.size(), 1u);
}

}  // namespace
}  // namespace mikusari::api
