// SPDX-License-Identifier: Apache-2.0
#include "statement/reading.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "cose/key.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"

namespace mikusari::reading {
namespace {

crypto::SoftwareSigner signer_of(std::string_view name, crypto::Algorithm algorithm = crypto::Algorithm::ed25519) {
  return *crypto::SoftwareSigner::from_private(algorithm, crypto::sha256(as_bytes(name)));
}

Request request_of() {
  Request out;
  out.ledger = crypto::sha256(as_bytes("ledger"));
  out.node = "node-1";
  out.time_ms = 1'800'000'000'000;
  out.nonce.data.fill(std::byte{7});
  out.channel = crypto::sha256(as_bytes("channel"));
  return out;
}

class ReadingTest : public ::testing::TestWithParam<crypto::Algorithm> {
 protected:
  std::byte buffer_[bytes_max];
};
INSTANTIATE_TEST_SUITE_P(Algorithms, ReadingTest,
                         ::testing::Values(crypto::Algorithm::ed25519, crypto::Algorithm::esp256));

TEST_P(ReadingTest, IsReadBackAsItWasSigned) {
  auto signer = signer_of("reader", GetParam());
  const auto bytes = sign(signer, request_of(), buffer_);
  ASSERT_TRUE(bytes.has_value());
  const auto parsed = parse(*bytes);
  ASSERT_TRUE(parsed.has_value()) << parsed.error().message();
  EXPECT_EQ(parsed->kid, cose::thumbprint(signer.public_key()));
  const auto verified = verify(*parsed, signer.public_key());
  ASSERT_TRUE(verified.has_value());
  EXPECT_EQ(verified->request.node, "node-1");
  EXPECT_EQ(verified->request.channel, request_of().channel);
}

TEST_P(ReadingTest, HoldsForNoOtherKeyAndNoOtherBytes) {
  auto signer = signer_of("reader", GetParam());
  const auto bytes = sign(signer, request_of(), buffer_);
  ASSERT_TRUE(bytes.has_value());
  EXPECT_EQ(verify(*parse(*bytes), signer_of("other", GetParam()).public_key()).error().code(), Code::unauthenticated);
  for (std::size_t i = 0; i < bytes->size(); ++i) {
    const std::byte kept = buffer_[i];
    buffer_[i] ^= std::byte{1};
    const auto parsed = parse(*bytes);
    if (parsed) {
      EXPECT_FALSE(verify(*parsed, signer.public_key())) << "byte " << i;
    }
    buffer_[i] = kept;
  }
}

TEST(Reading, TakesNothingElseThatAKeySigns) {
  auto signer = signer_of("reader");
  std::byte buffer[bytes_max];
  const auto bytes = sign(signer, request_of(), buffer);
  ASSERT_TRUE(bytes.has_value());
  // The same payload under another content type.
  std::string text(as_text(*bytes));
  const std::size_t at = text.find("mikusari-reading+cbor");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 16, "mikusari-r3ading");
  EXPECT_EQ(parse(as_bytes(text)).error().code(), Code::invalid);
}

TEST(Reading, SaysThatANewerFormIsNewer) {
  auto signer = signer_of("reader");
  std::byte buffer[bytes_max];
  const auto bytes = sign(signer, request_of(), buffer);
  ASSERT_TRUE(bytes.has_value());
  // Form 2 stands first in the payload, after the map of 6 and its key.
  const std::byte begin[] = {std::byte{0xa6}, std::byte{0x01}, std::byte{0x02}};
  const auto found = std::ranges::search(MutableByteView(buffer, bytes->size()), begin);
  ASSERT_FALSE(found.empty());
  found[2] = std::byte{0x03};
  EXPECT_EQ(parse(*bytes).error().code(), Code::newer);
}

TEST(Reading, IsBounded) {
  EXPECT_EQ(parse(std::vector<std::byte>(bytes_max + 1)).error().code(), Code::invalid);
  EXPECT_FALSE(parse({}));
}

}  // namespace
}  // namespace mikusari::reading
