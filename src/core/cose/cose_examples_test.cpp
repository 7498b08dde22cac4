// SPDX-License-Identifier: Apache-2.0
// The COSE_Sign1 cases of github.com/cose-wg/Examples: sign1-tests, and the *-sig-* files of ecdsa-examples and
// eddsa-examples. The verdict on each is fixed here: the suite's own, but for algorithms that we do not have.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cose/key.hpp"
#include "cose/sign1.hpp"
#include "crypto/test_vectors.hpp"

namespace mikusari::cose {
namespace {

enum class Verdict { holds, refused, not_supported };

struct Case {
  const char* file;
  Verdict verdict;
};

constexpr Case cases[] = {
    {"sign1-tests/sign-pass-01.json", Verdict::holds},    // empty protected map, unprotected algorithm
    {"sign1-tests/sign-pass-02.json", Verdict::holds},    // external data
    {"sign1-tests/sign-pass-03.json", Verdict::holds},    // no tag
    {"sign1-tests/sign-fail-01.json", Verdict::refused},  // wrong tag
    {"sign1-tests/sign-fail-02.json", Verdict::refused},  // changed payload
    {"sign1-tests/sign-fail-03.json", Verdict::refused},  // algorithm -999
    {"sign1-tests/sign-fail-04.json", Verdict::refused},  // algorithm "unknown"
    {"sign1-tests/sign-fail-06.json", Verdict::refused},  // added protected attribute
    {"sign1-tests/sign-fail-07.json", Verdict::refused},  // removed protected attribute
    {"ecdsa-examples/ecdsa-sig-01.json", Verdict::holds},
    {"ecdsa-examples/ecdsa-sig-02.json", Verdict::not_supported},  // P-384
    {"ecdsa-examples/ecdsa-sig-03.json", Verdict::not_supported},  // P-521
    {"ecdsa-examples/ecdsa-sig-04.json", Verdict::not_supported},  // P-256 with SHA-512
    {"eddsa-examples/eddsa-sig-01.json", Verdict::holds},
    {"eddsa-examples/eddsa-sig-02.json", Verdict::not_supported},  // Ed448
};

std::vector<std::byte> base64url(std::string text) {
  for (char& c : text) c = c == '-' ? '+' : c == '_' ? '/' : c;
  while (text.size() % 4 != 0) text += '=';
  return test::from_base64(text);
}

std::vector<std::byte> coordinate(const boost::json::object& key, const char* name) {
  if (const auto* hex = key.if_contains(std::string(name) + "_hex"))
    return test::from_hex(std::string(hex->as_string()));
  return base64url(std::string(key.at(name).as_string()));
}

std::optional<crypto::PublicKey> key_of(const boost::json::object& key) {
  const std::string curve(key.at("crv").as_string());
  if (curve == "Ed25519") return crypto::PublicKey(crypto::Algorithm::ed25519, coordinate(key, "x"));
  if (curve != "P-256") return std::nullopt;
  auto point = coordinate(key, "x");
  const auto y = coordinate(key, "y");
  point.insert(point.end(), y.begin(), y.end());
  return crypto::PublicKey(crypto::Algorithm::esp256, point);
}

class CoseExamples : public testing::TestWithParam<Case> {};

TEST_P(CoseExamples, GiveTheExpectedVerdict) {
  const auto path = test::vectors() / "cose-wg-examples" / GetParam().file;
  const auto text = test::file_text(path);
  if (!text) GTEST_SKIP() << "no file " << path;
  const auto file = boost::json::parse(*text).as_object();
  const auto& input = file.at("input").as_object().at("sign0").as_object();
  const auto message = test::from_hex(std::string(file.at("output").as_object().at("cbor").as_string()));
  std::vector<std::byte> aad;
  if (const auto* external = input.if_contains("external")) aad = test::from_hex(std::string(external->as_string()));

  const auto key = key_of(input.at("key").as_object());
  const auto parsed = parse_sign1(message, Tag::optional);
  if (GetParam().verdict == Verdict::not_supported) {
    ASSERT_TRUE(parsed) << parsed.error().message();
    std::byte scratch[1024];
    // A key of another curve cannot even be said here; whatever key is offered, the algorithm is refused. (Ed448 shares
    // the number -8 with Ed25519: there the P-256 key does not fit.)
    const auto any = key.value_or(crypto::PublicKey(crypto::Algorithm::esp256, std::vector<std::byte>(64)));
    const auto refused = verify(*parsed, any, aad, std::nullopt, scratch);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::invalid) << refused.error().message();
    return;
  }
  ASSERT_TRUE(key);
  std::byte scratch[1024];
  const auto verified =
      parsed ? verify(*parsed, *key, aad, std::nullopt, scratch) : Result<Verified>(std::unexpected(parsed.error()));
  EXPECT_EQ(verified.has_value(), GetParam().verdict == Verdict::holds) << (verified ? "" : verified.error().message());
  if (!verified) return;
  EXPECT_EQ(as_text(verified->payload), std::string_view(file.at("input").as_object().at("plaintext").as_string()));
}

INSTANTIATE_TEST_SUITE_P(All, CoseExamples, testing::ValuesIn(cases), [](const auto& parameter) {
  std::string name = parameter.param.file;
  name = name.substr(name.find('/') + 1, name.find('.') - name.find('/') - 1);
  for (char& c : name) c = c == '-' ? '_' : c;
  return name;
});

}  // namespace
}  // namespace mikusari::cose
