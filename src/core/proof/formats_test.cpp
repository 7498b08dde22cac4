// SPDX-License-Identifier: Apache-2.0
// The pages of docs/formats that this room implements: their CDDL names every field, and each worked example is what
// the code makes and, read back from the page, verifies.
#include <gtest/gtest.h>

#include "proof/test_documents.hpp"
#include "proof/test_step.hpp"

namespace mikusari::proof {
namespace {

using test::encoded;
using test::ExampleLedger;
using test::Octets;
using test::Page;

class Formats : public testing::Test {
 protected:
  ExampleLedger example;
  const Policy& policy = example.policy;
};

TEST_F(Formats, Policy) {
  Page page("policy.md");
  page.expect_rule<Policy>("policy");
  page.expect_rule<CheckpointSigner>("signer");
  page.expect_rule<LogWitness>("witness");
  page.expect_rule<incarnation::Begin>("incarnation");
  const Octets bytes = page.hex(0, example.policy_bytes);
  const auto parsed = parse_policy(bytes);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->ledger, test::named("example ledger"));

  test::StepMaker maker(example.ledger);
  maker.body.lost_size = maker.body.size + 3;
  const Octets submission = page.hex(1, maker.make());
  const auto next = step(*parsed, test::need(statement::parse(submission)));
  ASSERT_TRUE(next) << next.error().message();
  EXPECT_EQ(next->policy.epoch, 2U);
}

TEST_F(Formats, Checkpoint) {
  Page page("checkpoint.md");
  page.expect_rule<Checkpoint>("checkpoint");
  page.expect_rule<Cosignature>("cosignature");
  page.expect_rule<Consistency>("consistency");
  const auto checkpoint = example.ledger.checkpoint();
  const Octets bytes = page.hex(0, encoded(checkpoint));
  EXPECT_TRUE(verify(test::need(cbor::decode<Checkpoint>(bytes)), policy));

  char buffer[1024];
  const std::string note = page.example("text", 0, std::string(test::need(to_text(checkpoint, policy, buffer))));
  Cosignature signatures[4];
  EXPECT_EQ(test::need(verify(test::need(from_text(note, policy, signatures)), policy)).size, 7U);

  const Octets proof = page.hex(1, example.ledger.consistency(5));
  EXPECT_TRUE(check_consistency(test::need(cbor::decode<Consistency>(proof)), example.ledger.log.root(5),
                                example.ledger.log.root(7)));
}

TEST_F(Formats, Receipt) {
  Page page("receipt.md");
  page.expect_rule<Receipt>("receipt");
  page.expect_rule<Event>("event");
  page.expect_rule<BodyLeaf>("body-leaf");
  auto assembly = example.ledger.committed.back();
  const Octets bytes = page.hex(0, example.ledger.receipt(assembly));
  const auto verified = verify(test::need(cbor::decode<Receipt>(bytes)), policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->event.statement.header.claims.sub, "device.assemble");
  EXPECT_TRUE(verified->event.body);

  assembly.withheld = true;
  const Octets without = page.hex(1, example.ledger.receipt(assembly));
  const auto withheld = verify(test::need(cbor::decode<Receipt>(without)), policy);
  ASSERT_TRUE(withheld) << withheld.error().message();
  EXPECT_FALSE(withheld->event.body);
}

TEST_F(Formats, StateAnswer) {
  Page page("state-answer.md");
  page.expect_rule<StateAnswer>("state-answer");
  page.expect_rule<Anchor>("anchor");
  page.expect_rule<BlockRecord>("block-record");
  page.expect_rule<Item>("item");
  page.expect_rule<OtherLeaf>("other-leaf");
  const Digest there = path::part(example.chip), absent = path::device(test::named("no such device"));
  const Octets presence = page.hex(0, example.ledger.answer(there));
  EXPECT_TRUE(test::need(verify(test::need(cbor::decode<StateAnswer>(presence)), there, policy)).value);
  const Octets absence = page.hex(1, example.ledger.answer(absent));
  EXPECT_FALSE(test::need(verify(test::need(cbor::decode<StateAnswer>(absence)), absent, policy)).value);
}

TEST_F(Formats, ListAnswer) {
  Page page("list-answer.md");
  page.expect_rule<ListPage>("list-page");
  page.expect_rule<Range>("range");
  page.expect_rule<list::Record>("list-record");
  page.expect_rule<list::Entry>("list-entry");
  const Octets bytes = page.hex(0, encoded(example.ledger.list_page(example.acme(), list::Kind::devices, 0, 1)));
  const auto read = test::need(cbor::decode<ListPage>(bytes));
  const auto verified = verify(read, example.acme(), list::Kind::devices, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->count, 1U);
  EXPECT_EQ((*verified->entries.begin()).what, example.sensor);
}

TEST_F(Formats, Passport) {
  Page page("passport.md");
  page.expect_rule<PassportPage>("passport-page");
  page.expect_rule<PassportThing>("thing");
  page.expect_rule<PassportRun>("run");
  page.expect_rule<PassportText>("text");
  page.expect_rule<ModelOpening>("opening");
  page.expect_rule<PassportStatement>("passport-statement");
  page.expect_rule<PassportEvent>("passport-event");
  const Octets bytes = page.hex(0, test::PassportMaker(example.ledger, example.sensor).make().encode());
  const auto verified = verify_passport(bytes, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_TRUE(verified->complete);
  EXPECT_EQ(verified->events, 2U);
}

}  // namespace
}  // namespace mikusari::proof
