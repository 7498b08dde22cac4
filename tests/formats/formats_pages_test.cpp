// SPDX-License-Identifier: Apache-2.0
// docs/formats/{statement,bodies,records,names,versions,frame,genesis}.md: rules and worked examples are regenerated
// and compared. With MIKUSARI_WRITE_EXAMPLES set they are written anew.
#include <gtest/gtest.h>

#include "json/schema.hpp"
#include "proof/test_documents.hpp"
#include "replica/testing.hpp"
#include "statement/kinds.hpp"
#include "statement/names.hpp"
#include "statement/test_values.hpp"

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
  using enum statement::Signers;
  switch (who) {
    case one: return "the signer";
    case release_keys: return "k of the model's release keys";
    case witnesses: return "the signer and two witnesses";
    case own_keys: return "as many keys of its party as the party demands";
    case recovery: return "k of the ledger's recovery keys";
    case registrar: return "the signer and the new registrar";
    case quorum: return "the parties that the owner named for this";
  }
  return {};
}

std::string tree(statement::Gains gains) {
  using enum statement::Gains;
  switch (gains) {
    case nothing: return "none";
    case history: return "history";
    case life: return "life";
  }
  return {};
}

std::string purpose(statement::Purpose what) {
  using enum statement::Purpose;
  switch (what) {
    case ordinary: return "ordinary";
    case going_on: return "going on";
    case taking: return "taking";
    case exit: return "exit";
  }
  return {};
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 1, width), ' ');
  return text;
}

TEST(FormatsPages, BodiesAreWhatTheirKindsDeclare) {
  Page page("bodies.md");
  std::string rules, table;
  statement::for_each_kind([&]<class Body>() {
    const auto& kind = Body::kind;
    rules += json::cddl<Body>(rule_name(kind.name)) + "\n";
    table += hex_number(kind.number) + "  " + padded(std::string(kind.name), 20) +
             padded(std::to_string(kind.bodies_max), 6) + padded(tree(kind.gains), 9) +
             padded(purpose(kind.purpose), 10) + signers(kind.signers) + "\n";
  });
  page.example("text", 0, table);
  page.example("cddl", 0, rules);
}

TEST(FormatsPages, RecordsAreWhatTheLedgerStores) {
  Page page("records.md");
  std::string rules;
  for_each_record(
      [&]<class Record>(std::string_view name) { rules += json::cddl<Record>(std::string(name) + "-record") + "\n"; });
  page.example("cddl", 0, rules);
  page.example("cddl", 1, rule<list::Entry>("list-entry") + rule<Sides>("sides"));
  std::string table;
  for (const auto& each : statement::refusals())
    table += padded(std::to_string(static_cast<unsigned>(each.value)), 4) + std::string(each.name) + "\n";
  page.example("text", 0, table);
  std::string outcomes;
  for (const auto& each : names_of(statement::Outcome{}))
    outcomes += std::to_string(static_cast<unsigned>(each.value)) + "  " + std::string(each.name) + "\n";
  page.example("text", 1, outcomes);
}

// Each name with what it is made of, for a ledger whose id is 32 times 01.
TEST(FormatsPages, NamesAreTheExamples) {
  const auto filled = [](unsigned value) {
    Bytes<32> out;
    out.data.fill(static_cast<std::byte>(value));
    return out;
  };
  const Digest ledger = filled(1), nonce = filled(2), first_key = filled(3);
  const Handle acme = names::member(ledger, "acme");
  const Handle bob = names::party(ledger, acme, first_key, nonce);
  const Id model = names::id(acme, nonce);
  const auto salt = Bytes<16>::copy(filled(4).view().first(16));
  const auto line = [](std::string what, const Digest& value) {
    return padded(std::move(what), 36) + to_hex(value) + "\n";
  };
  Page("names.md")
      .example("text", 0,
               line("member \"acme\"", acme) + line("party, first key 03.., nonce 02..", bob) +
                   line("model of acme, nonce 02..", model) +
                   line("thing of the party, nonce 02..", names::id(bob, nonce)) +
                   line("that model blinded, salt 04..", names::blinded(salt, model)));
}

// A line of the page: what reading says, and what accepting says.
template <class T>
std::string judged(const std::string& what, const Octets& bytes) {
  const auto verdict = [&](cbor::Additions additions) {
    const auto value = cbor::decode<T>(bytes, additions);
    return value ? std::string("taken") : std::string(name(value.error().code()));
  };
  return padded(what, 36) + padded(verdict(cbor::Additions::skip), 10) + verdict(cbor::Additions::refuse) + "\n";
}

TEST(FormatsPages, VersionsAreJudgedAsTheExamplesSay) {
  const auto scrap = filled<part::Scrap>();
  const auto inspect = filled<part::Inspect>();
  const auto record = filled<list::Record>();
  std::string table = judged<part::Scrap>("part.scrap as it is", encoding_of(scrap));
  for (const std::uint64_t key : {3U, 63U, 64U, 127U, 128U})
    table += judged<part::Scrap>("with a field " + std::to_string(key), Entries(scrap).put(key, 0).bytes());
  table += judged<part::Scrap>("without its field 2", Entries(scrap).erase(2).bytes());
  for (const std::uint64_t finding : {1U, 5U}) {
    table += judged<part::Inspect>("part.inspect with finding " + std::to_string(finding),
                                   Entries(inspect).put(3, finding).bytes());
  }
  for (const std::uint64_t form : {1U, 2U, 3U}) {
    table +=
        judged<list::Record>("a list's record of form " + std::to_string(form), Entries(record).put(1, form).bytes());
  }
  for (const std::uint64_t key : {13U, 64U})
    table += judged<Genesis>("a genesis with a field " + std::to_string(key),
                             Entries(filled<Genesis>()).put(key, 0).bytes());
  Page("versions.md").example("text", 0, table);
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

TEST(FormatsPages, AStatementIsTheExample) {
  Page page("statement.md");
  page.expect_rule<statement::ProtectedHeader>("header");
  page.expect_rule<statement::Claims>("claims");
  page.expect_rule<statement::Payload>("payload");
  ledger::TestWorld world;
  const model::Register body{ledger::TestWorld::nonce("cell"), "cell", model::Class::battery, {}, 0};
  const auto submission = world.submission(world.key("chips"), std::vector{body});
  const auto there = page.hex(0, submission);
  const auto parsed = statement::parse(there);
  ASSERT_TRUE(parsed.has_value());
  EXPECT_TRUE(statement::verify(*parsed, world.key("chips").key()).has_value());
  page.example("text", 0, platform::to_hex(parsed->identity) + "\n");
  Octets buffer(submission.size());
  const auto withheld = statement::withhold(*parsed, 0, buffer);
  ASSERT_TRUE(withheld.has_value());
  const auto shown = page.hex(1, *withheld);
  const auto less = statement::parse(shown);
  ASSERT_TRUE(less.has_value());
  EXPECT_EQ(less->identity, parsed->identity);
  EXPECT_EQ(less->withheld, 1U);
  EXPECT_TRUE(statement::verify(*less, world.key("chips").key()).has_value());
}

TEST(FormatsPages, AFrameIsTheExample) {
  ledger::TestWorld world;
  world.accepted(world.key("chips"),
                 model::Register{ledger::TestWorld::nonce("cell"), "cell", model::Class::battery, {}, 0});
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
  Page page("frame.md");
  EXPECT_TRUE(replica::decode_frame(page.hex(0, frames[1])).has_value());
}

}  // namespace
}  // namespace mikusari::test
