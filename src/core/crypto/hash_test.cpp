// SPDX-License-Identifier: Apache-2.0
// The contract of hash.hpp; built once for each implementation.
#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

std::string hash_hex(std::string_view text) { return test::to_hex(sha256(as_bytes(text))); }

TEST(Sha256, GivesTheAnswersOfFips180) {
  EXPECT_EQ(hash_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(
      hash_hex("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqr"
               "stnopqrstu"),
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  EXPECT_EQ(hash_hex(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

// NIST CAVP SHA256ShortMsg, Len = 8 and Len = 512.
TEST(Sha256, GivesTheAnswersOfCavp) {
  EXPECT_EQ(test::to_hex(sha256(test::from_hex("d3"))),
            "28969cdfa74a12c82f3bad960b0b000aca2ac329deea5c2328ebc6f2ba9802c1");
  EXPECT_EQ(test::to_hex(sha256(test::from_hex("5a86b737eaea8ee976a0a24da63e7ed7eefad18a101c1211e2b3650c5187c2a8"
                                               "a650547208251f6d4237e661c7bf4c77f335390394c37fa1a9f9be836ac28509"))),
            "42e61e174fbb3897d6dd6cef3dd2802fe67b331953b06114a65c772859dfc1aa");
}

TEST(Sha256, HashesPartsAsOneMessage) {
  EXPECT_EQ(sha256({as_bytes("ab"), ByteView(), as_bytes("c")}), sha256(as_bytes("abc")));
  EXPECT_EQ(sha256({}), sha256(ByteView()));
}

TEST(Sha256, HashesPiecesAsOneMessageAndStartsAfresh) {
  std::mt19937 random(7);
  std::vector<std::byte> message(1000);
  for (std::byte& byte : message) byte = static_cast<std::byte>(random());
  Sha256 hash;
  for (int round = 0; round < 50; ++round) {
    ByteView rest(message);
    while (!rest.empty()) {
      const std::size_t piece = std::min<std::size_t>(random() % 150, rest.size());
      hash.update(rest.first(piece));
      rest = rest.subspan(piece);
    }
    ASSERT_EQ(hash.finish(), sha256(message));
  }
  EXPECT_EQ(hash.finish(), sha256(ByteView()));
}

TEST(Sha256, HashesNodesAsPrefixLeftRight) {
  std::vector<Digest> left, right;
  for (char c = 'a'; c < 'a' + 19; ++c) {
    left.push_back(sha256(as_bytes(std::string(1, c))));
    right.push_back(sha256(as_bytes(std::string(2, c))));
  }
  std::vector<Digest> expected;
  constexpr std::byte prefix{1};
  for (std::size_t i = 0; i < left.size(); ++i) {
    expected.push_back(sha256({ByteView(&prefix, 1), left[i], right[i]}));
  }
  std::vector<Digest> out(left.size());
  sha256_nodes(prefix, left, right, out);
  EXPECT_EQ(out, expected);
  sha256_nodes(prefix, left, right, left);
  EXPECT_EQ(left, expected);
  sha256_nodes(prefix, {}, {}, {});
}

}  // namespace
}  // namespace mikusari::crypto
