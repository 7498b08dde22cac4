// SPDX-License-Identifier: Apache-2.0
// Project Wycheproof's verdicts; built once for each implementation.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "crypto/ecdsa_der.hpp"
#include "crypto/signature.hpp"
#include "crypto/test_vectors.hpp"

namespace mikusari::crypto {
namespace {

std::string text_of(const boost::json::value& object, const char* field) {
  return std::string(object.at(field).as_string());
}

// Asks `accepts(group, message, signature)` for every case; returns how many cases there were.
template <class Accepts>
std::size_t judge(const std::string& suite, Accepts accepts) {
  std::size_t count = 0;
  const boost::json::value parsed = boost::json::parse(suite);
  for (const auto& group : parsed.at("testGroups").as_array()) {
    for (const auto& each : group.at("tests").as_array()) {
      ++count;
      const std::string result = text_of(each, "result");
      const bool accepted = accepts(group, test::from_hex(text_of(each, "msg")), test::from_hex(text_of(each, "sig")));
      if (result == "acceptable") continue;
      EXPECT_EQ(accepted, result == "valid") << "tcId " << each.at("tcId") << ": " << text_of(each, "comment");
    }
  }
  EXPECT_EQ(count, parsed.at("numberOfTests").to_number<std::size_t>());
  return count;
}

PublicKey p256_key(const boost::json::value& group) {
  const auto point = test::from_hex(text_of(group.at("publicKey"), "uncompressed"));
  return PublicKey(Algorithm::esp256, ByteView(point).subspan(1));
}

TEST(Wycheproof, AgreesOnP256WithRawSignatures) {
  const auto suite = test::file_text(test::vectors() / "wycheproof/ecdsa_secp256r1_sha256_p1363_test.json");
  if (!suite) GTEST_SKIP() << "no vectors in " << test::vectors();
  const std::size_t count = judge(*suite, [](const auto& group, ByteView message, ByteView signature) {
    return signature.size() == 64 && verify(p256_key(group), message, Signature::copy(signature)).has_value();
  });
  EXPECT_GT(count, 100U);
}

TEST(Wycheproof, AgreesOnP256WithDerSignatures) {
  const auto suite = test::file_text(test::vectors() / "wycheproof/ecdsa_secp256r1_sha256_test.json");
  if (!suite) GTEST_SKIP() << "no vectors in " << test::vectors();
  const std::size_t count = judge(*suite, [](const auto& group, ByteView message, ByteView der) {
    const auto signature = from_der(der);
    return signature && verify(p256_key(group), message, *signature).has_value();
  });
  EXPECT_GT(count, 100U);
}

TEST(Wycheproof, AgreesOnEd25519) {
  if (!offers(Algorithm::ed25519)) GTEST_SKIP() << "this build has no Ed25519";
  const auto suite = test::file_text(test::vectors() / "wycheproof/ed25519_test.json");
  if (!suite) GTEST_SKIP() << "no vectors in " << test::vectors();
  const std::size_t count = judge(*suite, [](const auto& group, ByteView message, ByteView signature) {
    const PublicKey key(Algorithm::ed25519, test::from_hex(text_of(group.at("publicKey"), "pk")));
    return signature.size() == 64 && verify(key, message, Signature::copy(signature)).has_value();
  });
  EXPECT_GT(count, 100U);
}

}  // namespace
}  // namespace mikusari::crypto
