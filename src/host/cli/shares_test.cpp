// SPDX-License-Identifier: Apache-2.0
#include "cli/shares.hpp"

#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "platform/bytes.hpp"
#include "platform/simulated/random.hpp"

namespace mikusari::cli {
namespace {

using crypto::Algorithm;

crypto::Secret<32> secret_from(std::string_view seed) { return crypto::Secret<32>(crypto::sha256(as_bytes(seed))); }
std::string hex(const crypto::Secret<32>& secret) { return platform::to_hex(secret.view()); }

std::vector<Share> split(std::string_view seed, std::size_t needed, std::size_t count, std::uint64_t random_seed = 1) {
  platform::SimulatedRandom random(random_seed);
  auto out = split_secret(secret_from(seed), Algorithm::ed25519, needed, count, random);
  EXPECT_TRUE(out.has_value());
  return *std::move(out);
}
Share again(const Share& share) { return *read_share(share_text(share)); }
std::vector<Share> pick(const std::vector<Share>& from, std::initializer_list<std::size_t> which) {
  std::vector<Share> out;
  for (const auto i : which) out.push_back(again(from[i]));
  return out;
}
std::string joined(const std::vector<Share>& shares) {
  const auto out = join_shares(shares);
  return out ? hex(*out) : std::string(name(out.error().code()));
}

TEST(Shares, AnySoManyGiveTheSecretBack) {
  for (std::size_t needed = 2; needed <= 5; ++needed) {
    const auto shares = split("secret", needed, 5);
    for (unsigned chosen = 0; chosen < 32; ++chosen) {
      std::vector<Share> some;
      for (std::size_t i = 0; i < 5; ++i) {
        if ((chosen >> i & 1U) != 0) some.push_back(again(shares[i]));
      }
      EXPECT_EQ(joined(some), some.size() >= needed ? hex(secret_from("secret")) : "invalid") << chosen;
    }
  }
}

TEST(Shares, TheirOrderDoesNotMatter) {
  const auto shares = split("secret", 3, 16);
  EXPECT_EQ(joined(pick(shares, {15, 0, 7})), hex(secret_from("secret")));
  EXPECT_EQ(joined(pick(shares, {7, 15, 0})), hex(secret_from("secret")));
}

// Made by another implementation, by tables of logarithms, of polynomials whose coefficients are 7i+3 and 11i+200.
TEST(Shares, OfAnotherImplementationAreJoined) {
  constexpr const char* lines[] = {
      "mikusari-share-1 Ed25519 0001020304050607 3 1 "
      "afbca99683b04d4a7704117e6b7875727f8c796653405d1a0714214ebb48454280c82eaa751777f2 616099f9",
      "mikusari-share-1 Ed25519 0001020304050607 3 5 "
      "970ba2e4264159d1ad916359801c805369977323f7304a5832f511ead32d07d497500a9b9388b9b3 6a56ad5a",
      "mikusari-share-1 Ed25519 0001020304050607 3 200 "
      "63d7b2dec57c9ac5cba2a2a5ff4b102ab24523ed548520ea46973577cd3aab910ce375bd6c2f75a8 4d027c49"};
  std::vector<Share> shares;
  for (const auto* line : lines) {
    auto share = read_share(line);
    ASSERT_TRUE(share.has_value()) << share.error().message();
    shares.push_back(*std::move(share));
  }
  EXPECT_EQ(joined(shares), "6465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f80818283");
}

TEST(Shares, OneTwiceIsRefused) {
  const auto shares = split("secret", 3, 3);
  EXPECT_EQ(joined(pick(shares, {0, 1, 1})), "invalid");
  EXPECT_EQ(joined(pick(shares, {0, 1, 2, 0})), "invalid");
  EXPECT_EQ(joined({}), "invalid");
}

TEST(Shares, OfTwoSplittingsAreRefused) {
  const auto one = split("secret", 2, 3, 1), other = split("secret", 2, 3, 2);
  std::vector<Share> mixed = pick(one, {0});
  mixed.push_back(again(other[1]));
  EXPECT_EQ(joined(mixed), "invalid");
  // Nor does it help to claim that they are of one.
  mixed[1].split = mixed[0].split;
  EXPECT_EQ(joined(mixed), "unauthenticated");
}

TEST(Shares, AForgedOneIsFoundOut) {
  const auto shares = split("secret", 2, 3);
  for (std::size_t byte = 0; byte < Share::data_bytes; ++byte) {
    auto some = pick(shares, {0, 2});
    some[1].data.mutable_reveal()[byte] ^= std::byte{1};
    some[1] = again(some[1]);  // with a check that fits
    EXPECT_EQ(joined(some), "unauthenticated") << byte;
  }
  auto some = pick(shares, {0, 2});
  some[1].x = 2;
  EXPECT_EQ(joined(some), "unauthenticated");
}

TEST(Shares, AMisreadLineIsRefused) {
  const std::string line = share_text(split("secret", 2, 2)[0]);
  ASSERT_TRUE(read_share(line + "\n").has_value());
  ASSERT_TRUE(read_share("  " + line + " \r\n").has_value());
  for (std::size_t i = 0; i < line.size(); ++i) {
    for (const char other : {'0', '1', 'f', ' ', 'x', '9'}) {
      if (line[i] == other) continue;
      auto changed = line;
      changed[i] = other;
      EXPECT_FALSE(read_share(changed).has_value()) << i << " " << other;
    }
    EXPECT_FALSE(read_share(line.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(read_share(line + " more").has_value());
  EXPECT_FALSE(read_share("").has_value());
}

TEST(Shares, FewerThanNeededDoNotDependOnTheSecret) {
  // The same coefficients and another secret: the share differs by the same bytes as the secret, whatever it is, so
  // that one share of two fits every secret.
  const auto one = split("one", 2, 2), other = split("other", 2, 2);
  const auto secret_one = secret_from("one"), secret_other = secret_from("other");
  for (std::size_t i = 0; i < 32; ++i) {
    EXPECT_EQ(one[0].data.reveal()[i] ^ other[0].data.reveal()[i], secret_one.view()[i] ^ secret_other.view()[i]);
  }
}

TEST(Shares, AreBoundedInNumber) {
  platform::SimulatedRandom random(1);
  const auto verdict = [&](std::size_t needed, std::size_t count) {
    return split_secret(secret_from("x"), Algorithm::ed25519, needed, count, random).has_value();
  };
  EXPECT_FALSE(verdict(0, 3));
  EXPECT_FALSE(verdict(1, 3));
  EXPECT_FALSE(verdict(4, 3));
  EXPECT_FALSE(verdict(2, 17));
  EXPECT_TRUE(verdict(16, 16));
}

TEST(Shares, SayTheirAlgorithm) {
  platform::SimulatedRandom random(1);
  const auto shares = split_secret(secret_from("x"), Algorithm::esp256, 2, 2, random).value();
  EXPECT_EQ(again(shares[0]).algorithm, Algorithm::esp256);
  auto some = pick(shares, {0, 1});
  some[1].algorithm = Algorithm::ed25519;
  EXPECT_EQ(joined(some), "invalid");
}

}  // namespace
}  // namespace mikusari::cli
