// SPDX-License-Identifier: Apache-2.0
// The pages of docs/formats that this room implements: their CDDL names every field, and each worked example is what
// the code makes and, read back from the page, verifies.
#include <gtest/gtest.h>

#include "proof/test_documents.hpp"

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
  const Octets bytes = page.hex(0, example.policy_bytes);
  const auto parsed = parse_policy(bytes);
  ASSERT_TRUE(parsed) << parsed.error().message();
  EXPECT_EQ(parsed->ledger, test::named("example ledger"));
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
  EXPECT_EQ(test::need(verify(test::need(from_text(note, policy, signatures)), policy)).size, 4U);

  const Octets proof = page.hex(1, example.ledger.consistency(2));
  EXPECT_TRUE(check_consistency(test::need(cbor::decode<Consistency>(proof)), example.ledger.log.root(2),
                                example.ledger.log.root(4)));
}

TEST_F(Formats, Receipt) {
  Page page("receipt.md");
  page.expect_rule<Receipt>("receipt");
  page.expect_rule<Event>("event");
  page.expect_rule<BodyLeaf>("body-leaf");
  const Octets bytes = page.hex(0, example.ledger.receipt(example.ledger.committed[1]));
  const auto verified = verify(test::need(cbor::decode<Receipt>(bytes)), policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->event.statement.header.claims.sub, "device.assemble");
}

TEST_F(Formats, StateAnswer) {
  Page page("state-answer.md");
  page.expect_rule<StateAnswer>("state-answer");
  page.expect_rule<Anchor>("anchor");
  page.expect_rule<BlockRecord>("block-record");
  page.expect_rule<Item>("item");
  page.expect_rule<OtherLeaf>("other-leaf");
  const Digest there = path::part(ExampleLedger::chip), absent = path::device(test::named("no such device"));
  const Octets presence = page.hex(0, example.ledger.answer(there));
  EXPECT_TRUE(test::need(verify(test::need(cbor::decode<StateAnswer>(presence)), there, policy)).value);
  const Octets absence = page.hex(1, example.ledger.answer(absent));
  EXPECT_FALSE(test::need(verify(test::need(cbor::decode<StateAnswer>(absence)), absent, policy)).value);
}

TEST_F(Formats, ListAnswer) {
  Page page("list-answer.md");
  page.expect_rule<ListAnswer>("list-answer");
  page.expect_rule<list::Record>("list-record");
  merkle::CompactRange range;
  range.append(merkle::leaf_hash(ExampleLedger::sensor));
  list::Record record;
  record.count = 1;
  record.frontier = range.nodes();
  example.ledger.put(path::list("acme", list::Kind::devices), record);
  example.ledger.seal();
  const std::vector<Id> entries{ExampleLedger::sensor};
  const std::vector<Item> items{example.ledger.item(path::device(ExampleLedger::sensor))};
  const Octets bytes = page.hex(
      0, encoded(ListAnswer{example.ledger.anchor(), example.ledger.item(path::list("acme", list::Kind::devices)),
                            std::span<const Id>(entries), std::span<const Item>(items)}));
  EXPECT_EQ(test::need(verify_devices(test::need(cbor::decode<ListAnswer>(bytes)), "acme", policy)).entries.size(), 1U);
}

TEST_F(Formats, Passport) {
  Page page("passport.md");
  page.expect_rule<Passport>("passport");
  page.expect_rule<PassportThing>("thing");
  page.expect_rule<PassportEvent>("passport-event");
  const Octets bytes = page.hex(0, test::PassportMaker(example.ledger, ExampleLedger::sensor).make().encode());
  const auto verified = verify_passport(bytes, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->events, 2U);
}

}  // namespace
}  // namespace mikusari::proof
