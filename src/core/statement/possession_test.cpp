// SPDX-License-Identifier: Apache-2.0
#include "statement/possession.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cose/sign1.hpp"
#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "encoding/test_support.hpp"

namespace mikusari::statement {
namespace {

const Digest a = crypto::sha256(as_bytes("a")), b = crypto::sha256(as_bytes("b"));

crypto::PublicKey key_of(crypto::Algorithm algorithm) {
  return crypto::SoftwareSigner::from_private(algorithm, a)->public_key();
}

using Message = test::Octets;

template <class F>
Message message(F&& write) {
  std::byte buffer[small_message_bytes_max];
  const auto bytes = write(MutableByteView(buffer));
  EXPECT_TRUE(bytes.has_value());
  return Message(bytes->begin(), bytes->end());
}
Message possession(const Possession& what, crypto::Algorithm algorithm = crypto::Algorithm::esp256) {
  return message([&](MutableByteView out) { return possession_bytes(key_of(algorithm), what, out); });
}

// What a key signs for one thing is of no use for another: a proof for a wallet key serves no release key, a proof
// that the old owner's device gave serves no later owner.
TEST(Possession, ProvesOneRegistrationAndNoOther) {
  const Possession good{a, b, subject_of_part(a), key::Purpose::wallet, 2, a};
  std::set<Message> all{possession(good), possession(good, crypto::Algorithm::ed25519)};
  const auto with = [&](auto change) {
    Possession other = good;
    change(other);
    return possession(other);
  };
  const std::vector<Message> others{with([](auto& p) { p.ledger = b; }),
                                    with([](auto& p) { p.registrar = a; }),
                                    with([](auto& p) { p.subject = subject_of_device(a); }),
                                    with([](auto& p) { p.subject = subject_of_party(a); }),
                                    with([](auto& p) { p.subject.id = b; }),
                                    with([](auto& p) { p.purpose = key::Purpose::release; }),
                                    with([](auto& p) { p.purpose = key::Purpose::standby; }),
                                    with([](auto& p) { p.tenure = 3; }),
                                    with([](auto& p) { p.commitment = b; }),
                                    with([](auto& p) { p.commitment.reset(); })};
  all.insert(others.begin(), others.end());
  EXPECT_EQ(all.size(), others.size() + 2);
}

TEST(SmallMessages, AreAllDifferent) {
  const auto key = key_of(crypto::Algorithm::esp256);
  const auto mount = [&](const Digest& ledger, const Digest& who, const Id& unit, const Id& part, std::uint64_t n) {
    return message([&](MutableByteView out) { return mount_bytes(key, ledger, who, unit, part, n, out); });
  };
  std::vector<Message> all{possession({a, b, subject_of_part(a), key::Purpose::wallet, 0, std::nullopt}),
                           mount(a, b, a, b, 1),
                           mount(b, b, a, b, 1),
                           mount(a, a, a, b, 1),
                           mount(a, b, b, a, 1),
                           mount(a, b, a, a, 1),
                           mount(a, b, a, b, 2)};
  for (const auto role : names_of(ApprovalRole{})) {
    for (const Digest& identity : {a, b})
      all.push_back(message([&](MutableByteView out) { return approval_bytes(key, identity, role.value, out); }));
  }
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
}

TEST(SmallMessages, FitTheirBufferAtTheirLargest) {
  const auto key = key_of(crypto::Algorithm::esp256);
  std::byte buffer[small_message_bytes_max];
  const auto largest = ~std::uint64_t{0};
  EXPECT_TRUE(
      possession_bytes(key, {a, b, subject_of_part(a), key::Purpose::recovery, largest, a}, buffer).has_value());
  EXPECT_TRUE(mount_bytes(key, a, b, a, b, largest, buffer).has_value());
  EXPECT_TRUE(approval_bytes(key, a, ApprovalRole::quorum, buffer).has_value());
  EXPECT_EQ(approval_bytes(key, a, ApprovalRole::quorum, std::span(buffer).first(20)).error().code(), Code::exhausted);
}

// The payload as docs/formats/statement.md has it, checked by other means than the writer.
TEST(Possession, HasThePayloadThatItsPageSays) {
  const auto bytes = possession({a, b, subject_of_device(b), key::Purpose::attestation, 7, std::nullopt});
  const std::string wanted =
      "87"
      "5820" +
      test::to_hex(a) + "5820" + test::to_hex(b) +
      "03"
      "5820" +
      test::to_hex(b) +
      "04"
      "07"
      "f6";
  const std::string hex = test::to_hex(bytes);
  EXPECT_TRUE(hex.ends_with(wanted)) << hex;
}

TEST(ApprovalRole, IsTheOneThatTheKindsSignersHave) {
  EXPECT_FALSE(role_of(Signers::one));
  EXPECT_EQ(role_of(Signers::release_keys), ApprovalRole::release);
  EXPECT_EQ(role_of(Signers::witnesses), ApprovalRole::witness);
  EXPECT_EQ(role_of(Signers::own_keys), ApprovalRole::own);
  EXPECT_EQ(role_of(Signers::recovery), ApprovalRole::recovery);
  EXPECT_EQ(role_of(Signers::registrar), ApprovalRole::registrar);
  EXPECT_EQ(role_of(Signers::quorum), ApprovalRole::quorum);
}

}  // namespace
}  // namespace mikusari::statement
