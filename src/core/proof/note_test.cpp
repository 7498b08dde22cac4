// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "proof/test_ledger.hpp"

namespace mikusari::proof {
namespace {

using crypto::Algorithm;
using test::Octets;

class NoteTest : public testing::Test {
 protected:
  NoteTest() {
    ledger.add_checkpoint_signer("log.acme", 1, {Algorithm::ed25519});
    ledger.add_checkpoint_signer("log.bob", 1, {Algorithm::esp256});
    ledger.seal();
    policy_bytes = ledger.policy(2);
    policy = test::need(parse_policy(policy_bytes));
    char buffer[2048];
    note = test::need(to_text(ledger.checkpoint(), policy, buffer));
  }

  Result<VerifiedCheckpoint> verdict(std::string_view text) {
    Cosignature signatures[4];
    TRY(const auto checkpoint, from_text(text, policy, signatures));
    return verify(checkpoint, policy);
  }
  // With the part that stands there replaced by another.
  std::string with(std::string_view there, std::string_view instead) const {
    std::string out = note;
    const auto at = out.find(there);
    EXPECT_NE(at, std::string::npos);
    return out.replace(at, there.size(), instead);
  }
  std::string refusal(std::string_view text) {
    const auto verified = verdict(text);
    return verified ? "accepted" : verified.error().text();
  }

  test::TestLedger ledger;
  Octets policy_bytes;
  Policy policy;
  std::string note;
};

TEST_F(NoteTest, IsReadBackAndHolds) {
  const auto verified = verdict(note);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->size, 1U);
  EXPECT_EQ(verified->weight, 2U);
  const std::string origin = "mikusari/" + test::to_hex(ledger.id) + "\n1\n";
  EXPECT_TRUE(note.starts_with(origin)) << note;
  EXPECT_NE(note.find("\n\n\u2014 log.acme "), std::string::npos);
}

TEST_F(NoteTest, FailsWithAnyByteChanged) {
  for (std::size_t i = 0; i < note.size(); ++i) {
    for (const unsigned mask : {0x01U, 0x20U, 0x80U}) {
      const Octets bad = test::flipped(as_bytes(note), i, mask);
      EXPECT_FALSE(verdict(as_text(bad))) << "byte " << i << " mask " << mask;
    }
  }
}

TEST_F(NoteTest, FailsWhenCutAnywhere) {
  for (std::size_t i = 0; i < note.size(); ++i) EXPECT_FALSE(verdict(std::string_view(note).substr(0, i))) << i;
}

TEST_F(NoteTest, LinesOfUnknownKeysArePassedOver) {
  EXPECT_EQ(refusal(note + "\u2014 stranger.example AAAAAAAAAAAA\n"), "accepted");
  EXPECT_EQ(refusal(note + "\u2014 log.acme AAAAAAAAAAAA\n"), "accepted");  // the name is known, the key id is not
  EXPECT_EQ(refusal(with("log.acme", "log.anna")), "the checkpoint is signed by less weight than the policy demands");
}

TEST_F(NoteTest, HasAtMost80SignatureLines) {
  std::string full = note;
  for (int i = 0; i < 78; ++i) full += "\u2014 stranger.example AAAAAAAAAAAA\n";
  EXPECT_EQ(refusal(full), "accepted");
  EXPECT_EQ(refusal(full + "\u2014 stranger.example AAAAAAAAAAAA\n"), "the note has more than 80 signature lines");
}

// Two witnesses, one with the name of a signer: names may meet, keys do not.
TEST_F(NoteTest, CarriesWitnessesEachOnOneLine) {
  ledger.add_witness("log.acme");
  ledger.witnesses.back().signers[0] = test::signer_from("another key");
  ledger.witnesses.back().keys[0] = ledger.witnesses.back().signers[0].public_key();
  ledger.add_witness("witness.dora");
  ledger.witness_threshold = 2;
  policy_bytes = ledger.policy(2);
  policy = test::need(parse_policy(policy_bytes));
  char buffer[2048];
  note = test::need(to_text(ledger.checkpoint(), policy, buffer));
  EXPECT_EQ(std::count(note.begin(), note.end(), '\n'), 3 + 1 + 4) << note;
  const auto verified = verdict(note);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->witnesses, 2U);
  const auto last = note.rfind("\u2014 ");
  EXPECT_EQ(refusal(note.substr(0, last)), "the checkpoint is cosigned by fewer witnesses than the policy demands");
}

TEST_F(NoteTest, RefusesWhatIsNoCheckpoint) {
  EXPECT_EQ(refusal(with("mikusari/", "example.com/")), "the note's origin is no ledger of this kind");
  EXPECT_EQ(refusal(with("\n1\n", "\n01\n")), "the note's size is not a decimal number");
  EXPECT_EQ(refusal(with("=\n\n", "=\nextension\n\n")), "the note has more than three lines of text");
  EXPECT_EQ(refusal(note + "\n"), "a signature line does not begin with a dash");
  EXPECT_EQ(refusal(with("\n1\n", "\n1\t\n")), "the note has control characters");
  EXPECT_EQ(refusal(std::string_view(note).substr(0, note.find("\u2014"))), "the note has no signature");
  EXPECT_EQ(refusal(""), "the note ends within a line");
  std::string upper = note;
  for (std::size_t i = 9; i < 73; ++i) upper[i] = static_cast<char>(std::toupper(upper[i]));
  EXPECT_EQ(refusal(upper), "the note's origin is not in lower case");
}

TEST_F(NoteTest, RefusesAKnownKeysSignatureOfAWrongLength) {
  const auto end = note.find('\n', note.find("\u2014 log.acme"));
  EXPECT_EQ(refusal(note.substr(0, end - 4) + note.substr(end)), "a known key's signature has a wrong length");
}

TEST_F(NoteTest, RefusesMoreSignaturesThanTheCallerTakes) {
  Cosignature one[1];
  const auto read = from_text(note, policy, one);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), Code::exhausted);
  char small[100];
  EXPECT_EQ(to_text(ledger.checkpoint(), policy, small).error().code(), Code::exhausted);
}

}  // namespace
}  // namespace mikusari::proof
