// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proof/test_ledger.hpp"

namespace mikusari::proof {
namespace {

using crypto::Algorithm;
using test::encoded;
using test::Octets;
using test::TestLedger;

// Three signers, of whom the first has both algorithms; two of three weights are enough.
class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() {
    ledger.add_checkpoint_signer("log.acme", 1, {Algorithm::ed25519, Algorithm::esp256}, 10);
    ledger.add_checkpoint_signer("log.bob", 1, {Algorithm::ed25519}, 20);
    ledger.add_checkpoint_signer("log.carol", 1, {Algorithm::esp256}, 90);
    ledger.seal();
    ledger.seal();
    use_policy(2);
    time = ledger.time_ms() / 1000;
  }

  void use_policy(std::uint64_t threshold) {
    policy_bytes = ledger.policy(threshold);
    policy = test::need(parse_policy(policy_bytes));
  }
  Cosignature by(std::size_t signer, std::size_t key = 0) {
    return ledger.cosign(ledger.checkpoint_keys[signer], key, ledger.log.size());
  }
  Cosignature seen_by(std::size_t witness) { return ledger.cosign(ledger.witnesses[witness], 0, ledger.log.size()); }
  Result<VerifiedCheckpoint> verdict(std::vector<Cosignature> signatures) {
    Checkpoint checkpoint = ledger.checkpoint();
    checkpoint.signatures = std::span<const Cosignature>(signatures);
    const Octets bytes = encoded(checkpoint);
    return verify(test::need(cbor::decode<Checkpoint>(bytes)), policy);
  }
  static void expect(const Result<VerifiedCheckpoint>& verdict, Code code) {
    ASSERT_FALSE(verdict);
    EXPECT_EQ(verdict.error().code(), code) << verdict.error().message();
  }

  TestLedger ledger;
  Octets policy_bytes;
  Policy policy;
  std::uint64_t time = 0;
};

TEST_F(CheckpointTest, SignsTheTextOfTlogCosignature) {
  std::byte buffer[cosigned_bytes_max];
  const auto text = test::need(cosigned_bytes(Digest{}, 20852163, Digest{}, 1679315147, buffer));
  EXPECT_EQ(as_text(text),
            "cosignature/v1\ntime "
            "1679315147\nmikusari/0000000000000000000000000000000000000000000000000000000000000000\n20852163\n"
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
  std::byte small[100];
  EXPECT_EQ(cosigned_bytes(Digest{}, 1, Digest{}, 1, small).error().code(), Code::exhausted);
}

// The verifier key of the example in C2SP signed-note, with that specification's own key id for type 0x01 as a check of
// the method; ours differ from it in the type.
TEST_F(CheckpointTest, KeyIdIsThatOfSignedNote) {
  const auto material = test::unhex("e9327ae46b9ba8401a9191649109c4783a16ee9e9d8f4e49600d62cd3aafb534");
  const Digest noted = crypto::sha256({as_bytes("name\n"), ByteView(test::unhex("04")), ByteView(material)});
  EXPECT_TRUE(equal(key_id("name", crypto::PublicKey(Algorithm::ed25519, material)), noted.view().first(4)));
  const Octets point(64, std::byte{7});
  const Digest own =
      crypto::sha256({as_bytes("name\n"), ByteView(test::unhex("ff")), as_bytes("mikusari-p256-cosignature-v1"),
                      ByteView(test::unhex("04")), ByteView(point)});
  EXPECT_TRUE(equal(key_id("name", crypto::PublicKey(Algorithm::esp256, point)), own.view().first(4)));
}

TEST_F(CheckpointTest, HoldsWithEnoughWeight) {
  const auto both = verdict({by(0), by(1)});
  ASSERT_TRUE(both) << both.error().message();
  EXPECT_EQ(both->weight, 2U);
  EXPECT_EQ(both->size, ledger.log.size());
  EXPECT_EQ(both->root, ledger.log.root(ledger.log.size()));
  EXPECT_TRUE(verdict({by(1), by(2)}));
  EXPECT_EQ(verdict({by(0), by(1), by(2)})->weight, 3U);
}

TEST_F(CheckpointTest, IsRefusedBelowTheThreshold) {
  expect(verdict({}), Code::unauthenticated);
  expect(verdict({by(0)}), Code::unauthenticated);
}

TEST_F(CheckpointTest, CountsASignerOnce) {
  expect(verdict({by(0), by(0)}), Code::unauthenticated);
  expect(verdict({by(0, 0), by(0, 1)}), Code::unauthenticated);  // both algorithms of one signer
  EXPECT_EQ(verdict({by(0, 0), by(0, 1), by(1)})->weight, 2U);
  EXPECT_TRUE(verdict({by(0, 1), by(1)}));
}

TEST_F(CheckpointTest, IgnoresUnknownSigners) {
  TestLedger other;
  other.add_checkpoint_signer("stranger.example", 1, {Algorithm::ed25519});
  const auto unknown = ledger.cosign(other.checkpoint_keys[0], 0, ledger.log.size());
  expect(verdict({by(0), unknown}), Code::unauthenticated);
  EXPECT_EQ(verdict({unknown, by(0), by(1)})->weight, 2U);
}

TEST_F(CheckpointTest, IsRefusedWhollyForABadSignatureOfAKnownKey) {
  auto bad = by(2);
  bad.signature.data[5] ^= std::byte{1};
  expect(verdict({by(0), by(1), bad}), Code::unauthenticated);
  auto moved = by(1);
  moved.key_id = by(0).key_id;
  expect(verdict({by(0), by(2), moved}), Code::unauthenticated);
  auto late = by(1);
  ++late.time;
  expect(verdict({by(0), by(2), late}), Code::unauthenticated);
}

TEST_F(CheckpointTest, OfAnotherLedgerIsForbidden) {
  Checkpoint checkpoint = ledger.checkpoint();
  checkpoint.ledger = test::named("another");
  const auto refused = verify(checkpoint, policy);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

TEST_F(CheckpointTest, TimeIsTheWeightedMedianOfItsSigners) {
  EXPECT_EQ(verdict({by(0), by(1), by(2)})->time, time + 20);
  EXPECT_EQ(verdict({by(1), by(2)})->time, time + 20);  // the lower of two
  EXPECT_EQ(verdict({by(2), by(0)})->time, time + 10);
  auto far = by(1);
  far.time = std::uint64_t{1} << 63U;
  expect(verdict({by(0), by(2), far}), Code::invalid);
}

TEST_F(CheckpointTest, MedianFollowsTheWeights) {
  TestLedger weighted;
  weighted.add_checkpoint_signer("log.a", 1, {Algorithm::ed25519}, 1);
  weighted.add_checkpoint_signer("log.b", 1, {Algorithm::ed25519}, 2);
  weighted.add_checkpoint_signer("log.c", 5, {Algorithm::ed25519}, 3);
  weighted.seal();
  const Octets bytes = weighted.policy(5);
  EXPECT_EQ(test::need(verify(weighted.checkpoint(), test::need(parse_policy(bytes)))).time,
            weighted.time_ms() / 1000 + 3);
}

// Three witnesses, of whom two must have cosigned beside the signers.
class WitnessedCheckpoint : public CheckpointTest {
 protected:
  WitnessedCheckpoint() {
    for (const std::string name : {"witness.dora", "witness.eve", "witness.finn"}) ledger.add_witness(name);
    ledger.witness_threshold = 2;
    use_policy(2);
  }
};

TEST_F(WitnessedCheckpoint, HoldsWithEnoughOfBoth) {
  const auto both = verdict({by(0), seen_by(0), by(1), seen_by(2)});
  ASSERT_TRUE(both) << both.error().message();
  EXPECT_EQ(both->weight, 2U);
  EXPECT_EQ(both->witnesses, 2U);
  EXPECT_EQ(verdict({by(0), by(1), by(2), seen_by(0), seen_by(1), seen_by(2)})->witnesses, 3U);
}

TEST_F(WitnessedCheckpoint, IsRefusedWithTooFewWitnesses) {
  expect(verdict({by(0), by(1), by(2)}), Code::unauthenticated);
  expect(verdict({by(0), by(1), by(2), seen_by(1)}), Code::unauthenticated);
}

TEST_F(WitnessedCheckpoint, CountsAWitnessOnce) {
  expect(verdict({by(0), by(1), seen_by(0), seen_by(0)}), Code::unauthenticated);
  ledger.clock = 60;
  const auto later = seen_by(0);
  ledger.clock = 0;
  expect(verdict({by(0), by(1), seen_by(0), later}), Code::unauthenticated);
}

TEST_F(WitnessedCheckpoint, TakesNoWitnessForASigner) {
  expect(verdict({by(0), seen_by(0), seen_by(1), seen_by(2)}), Code::unauthenticated);
}

TEST_F(WitnessedCheckpoint, TakesNoSignerForAWitness) {
  expect(verdict({by(0), by(1), by(2), by(0, 1), seen_by(0)}), Code::unauthenticated);
}

TEST_F(WitnessedCheckpoint, IsRefusedWhollyForABadSignatureOfAWitness) {
  auto bad = seen_by(2);
  bad.signature.data[5] ^= std::byte{1};
  expect(verdict({by(0), by(1), seen_by(0), seen_by(1), bad}), Code::unauthenticated);
}

TEST_F(WitnessedCheckpoint, KeepsTheTimeOfItsSigners) {
  ledger.clock = 1000;
  const std::vector<Cosignature> late{seen_by(0), seen_by(1), seen_by(2)};
  ledger.clock = 0;
  EXPECT_EQ(verdict({by(0), by(1), late[0], late[1], late[2]})->time, time + 10);
}

TEST_F(CheckpointTest, OfANewerFormIsNewer) {
  Octets bytes = encoded(ledger.checkpoint());
  bytes[2] = std::byte{3};  // a map of five, key 1, form
  EXPECT_EQ(cbor::decode<Checkpoint>(bytes).error().code(), Code::newer);
  const Octets more = test::with_field(encoded(ledger.checkpoint()), 64);  // an addition changes no verdict
  EXPECT_TRUE(verify(test::need(cbor::decode<Checkpoint>(more)), policy));
  EXPECT_EQ(cbor::decode<Checkpoint>(test::with_field(more, 128)).error().code(), Code::newer);
}

TEST_F(CheckpointTest, FailsWithAnyByteChanged) {
  const Octets strict = ledger.policy(3);
  const auto all = test::need(parse_policy(strict));
  Checkpoint checkpoint = ledger.checkpoint();
  const std::vector<Cosignature> signatures{by(0), by(1), by(2)};
  checkpoint.signatures = std::span<const Cosignature>(signatures);
  const Octets good = encoded(checkpoint);
  ASSERT_TRUE(verify(test::need(cbor::decode<Checkpoint>(good)), all));
  for (std::size_t i = 0; i < good.size(); ++i) {
    const Octets bad = test::flipped(good, i);
    const auto read = cbor::decode<Checkpoint>(bad);
    EXPECT_FALSE(read && verify(*read, all)) << "byte " << i;
  }
}

TEST_F(CheckpointTest, IsSmall) {
  Checkpoint checkpoint = ledger.checkpoint();
  const std::vector<Cosignature> one{by(0)};
  checkpoint.signatures = std::span<const Cosignature>(one);
  EXPECT_LE(encoded(checkpoint).size(), 167U);
}

}  // namespace
}  // namespace mikusari::proof
