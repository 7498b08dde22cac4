// SPDX-License-Identifier: Apache-2.0
// docs/formats/{statement,bodies,records,frame,genesis}.md: rules and worked examples are regenerated and compared.
// With MIKUSARI_WRITE_EXAMPLES set they are written anew.
#include <gtest/gtest.h>

#include "json/schema.hpp"
#include "proof/test_documents.hpp"
#include "replica/testing.hpp"
#include "statement/kinds.hpp"
#include "statement/replay.hpp"

namespace mikusari::test {
namespace {

template <class Record>
std::string rule(const char* name) {
  return json::cddl<Record>(name) + "\n";
}

std::string hex_number(std::uint16_t number) {
  const std::byte bytes[2] = {static_cast<std::byte>(number >> 8), static_cast<std::byte>(number)};
  return platform::to_hex(bytes);
}

std::string rule_name(std::string_view kind) {
  std::string out(kind);
  std::ranges::replace(out, '.', '-');
  std::ranges::replace(out, '_', '-');
  return out;
}

std::string signers(statement::Signers who) {
  switch (who) {
    case statement::Signers::one: return "the signer";
    case statement::Signers::release_keys: return "k of the model's release keys";
    case statement::Signers::witnesses: return "the signer and two witnesses";
    case statement::Signers::members: return "members of more than half of the weight";
  }
  return {};
}

TEST(FormatsPages, BodiesAreWhatTheirKindsDeclare) {
  Page page("bodies.md");
  std::string rules, table;
  statement::for_each_kind([&]<class Body>() {
    rules += json::cddl<Body>(rule_name(Body::kind.name)) + "\n";
    table += hex_number(Body::kind.number) + "  " + std::string(Body::kind.name) +
             std::string(22 - Body::kind.name.size(), ' ') + std::to_string(Body::kind.bodies_max) +
             std::string(6 - std::to_string(Body::kind.bodies_max).size(), ' ') + signers(Body::kind.signers) + "\n";
  });
  page.example("text", 0, table);
  page.example("cddl", 0, rules);
}

TEST(FormatsPages, RecordsAreWhatTheLedgerStores) {
  Page page("records.md");
  page.example("cddl", 0,
               rule<member::Record>("member-record") + rule<key::Record>("key-record") +
                   rule<model::Record>("model-record") + rule<part::Record>("part-record") +
                   rule<device::Record>("device-record") + rule<firmware::Record>("firmware-record") +
                   rule<list::Record>("list-record") + rule<ReplayRecord>("replay-record") +
                   rule<Parameters>("parameters-record"));
  std::string table;
  for (const auto& each : statement::refusals()) {
    const auto number = std::to_string(static_cast<unsigned>(each.value));
    table += number + std::string(4 - number.size(), ' ') + std::string(each.name) + "\n";
  }
  page.example("text", 0, table);
}

TEST(FormatsPages, GenesisIsWhatFoundsALedger) {
  Page page("genesis.md");
  page.example("cddl", 0, rule<Genesis>("genesis"));
  const ledger::TestWorld world;
  const auto there = page.hex(0, world.genesis());
  const auto genesis = cbor::decode<Genesis>(there);
  ASSERT_TRUE(genesis.has_value());
  EXPECT_TRUE(check(*genesis).has_value());
  page.example("text", 0, platform::to_hex(crypto::sha256(there)) + "\n");
}

TEST(FormatsPages, AStatementAndItsFrameAreTheExamples) {
  ledger::TestWorld world;
  world.accepted(world.key("chips"), model::Register{"cell", model::Class::battery, {}, 0});
  const auto& submission = world.history().front().submissions.front();
  Page statement_page("statement.md");
  const auto there = statement_page.hex(0, submission);
  const auto parsed = statement::parse(there);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_TRUE(statement::verify(*parsed, world.key("chips").key()).has_value());
  statement_page.example("text", 0, platform::to_hex(parsed->identity) + "\n");

  replica::TestReplica node(world);
  ASSERT_TRUE(node.open().has_value());
  node.play(world);
  node.replica.reset();
  std::vector<platform::Buffer> frames;
  ASSERT_TRUE(
      storage::scan({node.disk, "store/chain", world.ledger()}, [&](const storage::Frame& frame) -> Result<void> {
        frames.push_back(platform::copy(frame.payload));
        return {};
      }).has_value());
  ASSERT_EQ(frames.size(), 2U);
  Page frame_page("frame.md");
  EXPECT_TRUE(replica::decode_frame(frame_page.hex(0, frames[1])).has_value());
}

}  // namespace
}  // namespace mikusari::test
