// SPDX-License-Identifier: Apache-2.0
// Commands that need no node: contacts, requests, openings, approvals, recovery keys. What one home writes another
// reads, and what somebody has changed on the way is refused.
#include <gtest/gtest.h>

#include <set>

#include "cli/exit.hpp"
#include "cli/request.hpp"
#include "cli/shares.hpp"
#include "cli/test_home.hpp"
#include "cose/key.hpp"
#include "platform/simulated/random.hpp"
#include "statement/proposal.hpp"

namespace mikusari::cli {
namespace {

constexpr int invalid = exit_code(Code::invalid), unauthenticated = exit_code(Code::unauthenticated),
              forbidden = exit_code(Code::forbidden), not_found = exit_code(Code::not_found),
              conflict = exit_code(Code::conflict), newer = exit_code(Code::newer);

// acme is a member and registrar; sato is a person.
class Papers : public test::Homes {
 protected:
  Papers() {
    for (const auto* home : {"acme", "sato", "else"}) {
      open(home);
      well(home, {"key", "create", "own"});
    }
    well("acme", {"settings", "--key", "own", "--member", "acme"});
    well("acme", {"contact", "card", "--offline", "--out", path("acme.card")});
    well("sato", {"contact", "add", "registrar", path("acme.card")});
  }
  std::vector<std::string> request(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"party", "request", "home", "--registrar", "registrar", "--out", path("request")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::vector<std::string> opening(std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"party", "open", path("request"), "--offline", "--out", path("opening")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  void flip(const std::string& file, std::size_t at) {
    auto bytes = read(file);
    bytes[at] ^= std::byte{1};
    write(file, bytes);
  }
};

TEST_F(Papers, ACardCarriesAHandleFromHomeToHome) {
  EXPECT_EQ(well("sato", {"contact", "list"}).member("contacts"),
            "[{\"name\":\"registrar\",\"handle\":\"" + platform::to_hex(member("acme")) + "\"}]");
  well("sato", {"contact", "card", "registrar", "--out", path("again.card")});
  well("else", {"contact", "add", "acme-again", path("again.card")});
  EXPECT_EQ(well("else", {"contact", "add", "other-name", "acme-again"}).text("handle"),
            platform::to_hex(member("acme")));
  well("else", {"contact", "remove", "acme-again"});
  EXPECT_EQ(in("else", {"contact", "remove", "acme-again"}).code, not_found);
}

TEST_F(Papers, AContactIsNotChangedByAnotherCard) {
  well("else", {"contact", "card", "--offline", "--member", "city", "--key", "own", "--out", path("city.card")});
  EXPECT_EQ(in("sato", {"contact", "add", "registrar", path("city.card")}).code, conflict);
  EXPECT_EQ(in("sato", {"contact", "add", "a b", path("city.card")}).code, invalid);
  well("sato", {"contact", "add", "registrar", path("acme.card")});
  well("sato", {"contact", "add", "the-city", path("city.card")});
}

TEST_F(Papers, WhatIsNoCardOfThisLedgerIsRefused) {
  EXPECT_EQ(in("sato", {"contact", "add", "x", path("sato/policy.cbor")}).code, invalid);
  EXPECT_EQ(in("sato", {"contact", "add", "x", path("sato/settings-none")}).code, not_found);
  const auto card = read(path("acme.card"));
  auto decoded = *cbor::decode<proof::Policy>(policy);
  decoded.ledger = crypto::sha256(as_bytes("another ledger"));
  write(path("else/policy.cbor"), platform::encode(decoded));
  EXPECT_EQ(in("else", {"contact", "add", "x", path("acme.card")}).code, forbidden);
}

TEST_F(Papers, ARequestIsOpenedByTheRegistrarItIsFor) {
  const auto asked = well("sato", request({"--count", "3", "--who", "Sato Hanako"}));
  const auto opened = well("acme", opening({"--label", "sato"}));
  EXPECT_EQ(opened.member("handles"), asked.member("handles"));
  const auto bytes = read(path("opening"));
  const auto submission = statement::parse(bytes);
  ASSERT_TRUE(submission.has_value());
  EXPECT_EQ(submission->statement.payload.kind, party::Open::kind.number);
  EXPECT_EQ(submission->statement.header.claims.iss, "party:" + platform::to_hex(member("acme")));
  EXPECT_EQ(submission->bodies.size(), 3U);
  std::set<Digest> commitments;
  for (const auto& body : submission->bodies) {
    const auto open = cbor::decode<party::Open>(body.body);
    ASSERT_TRUE(open.has_value());
    EXPECT_TRUE(check_opening(ledger, member("acme"), submission->statement.header.kid, *open));
    commitments.insert(open->commitment.value());
  }
  EXPECT_EQ(commitments.size(), 3U) << "handles of one person must not be joined by their commitments";
  EXPECT_EQ(std::string(as_text(bytes)).find("Sato"), std::string::npos);
  EXPECT_NE(well("acme", {"party", "list"}).out.find("Sato Hanako"), std::string::npos);
}

TEST_F(Papers, ARepeatedRequestMakesTheSameParties) {
  const auto once = well("sato", request({"--count", "2"}));
  const auto twice = well("sato", request({"--count", "2"}));
  EXPECT_EQ(once.member("handles"), twice.member("handles"));
  const auto other = well("sato", {"party", "request", "hut", "--registrar", "registrar", "--out", path("hut")});
  EXPECT_EQ(other.member("handles").find(once.text("handle")), std::string::npos);
}

TEST_F(Papers, ARequestForAnotherIsRefused) {
  well("else", {"contact", "card", "--offline", "--member", "city", "--key", "own", "--out", path("city.card")});
  well("sato", {"contact", "add", "the-city", path("city.card")});
  well("sato", {"party", "request", "there", "--registrar", "the-city", "--out", path("request")});
  EXPECT_EQ(in("acme", opening()).code, conflict);
  // Also when the registrar is right, and will sign with another key.
  well("acme", {"key", "create", "second"});
  well("sato", request());
  EXPECT_EQ(in("acme", opening({"--key", "second"})).code, conflict);
  EXPECT_EQ(in("acme", opening()).code, exit_done);
}

TEST_F(Papers, ARequestThatWasChangedIsRefused) {
  well("sato", request({"--who", "Sato Hanako"}));
  const auto good = read(path("request"));
  std::size_t refused = 0;
  for (std::size_t i = 0; i < good.size(); i += 3) {
    write(path("request"), good);
    flip(path("request"), i);
    const auto said = in("acme", opening());
    EXPECT_NE(said.code, exit_done) << i;
    refused += said.code == unauthenticated ? 1 : 0;
  }
  EXPECT_GT(refused, 10U);
}

TEST_F(Papers, AStandbyKeyGivesItsPossessionToo) {
  well("sato", {"key", "create", "reserve", "--purpose", "standby"});
  EXPECT_EQ(in("sato", request({"--recovery", "standby"})).code, invalid);
  EXPECT_EQ(in("sato", request({"--standby", "reserve"})).code, invalid);
  EXPECT_EQ(in("sato", request({"--recovery", "standby", "--standby", "reserve", "--count", "2"})).code, invalid);
  well("sato", request({"--recovery", "standby", "--standby", "reserve"}));
  well("acme", opening());
  const auto bytes = read(path("opening"));
  const auto body = cbor::decode<party::Open>((*statement::parse(bytes)->bodies.begin()).body);
  ASSERT_TRUE(body->standby && body->standby_possession);
  const Handle handle = names::party(ledger, member("acme"), cose::thumbprint(body->key), body->nonce);
  std::byte buffer[statement::small_message_bytes_max];
  const auto message =
      statement::possession_bytes(*body->standby,
                                  {ledger, statement::parse(bytes)->statement.header.kid, subject_of_party(handle),
                                   key::Purpose::standby, 0, party::asked(*body)},
                                  buffer);
  EXPECT_TRUE(crypto::verify(*body->standby, *message, *body->standby_possession));
}

TEST_F(Papers, APartySignsOfflineUnderItsOwnHandle) {
  const auto asked = well("sato", request());
  const std::string camera(64, 'c');
  well("sato", {"thing", "name", "camera", camera, "--type", "device"});
  well("sato", {"ownership", "offer", "camera", "--to", "registrar", "--on", "4", "--key", "home", "--offline", "--out",
                path("offer")});
  const auto bytes = read(path("offer"));
  const auto submission = statement::parse(bytes);
  EXPECT_EQ(submission->statement.header.claims.iss, "party:" + asked.text("handle"));
  const auto body = cbor::decode<ownership::Offer>((*submission->bodies.begin()).body);
  EXPECT_EQ(platform::to_hex(body->thing), camera);
  EXPECT_EQ(body->to, member("acme"));
  EXPECT_EQ(body->on, 4U);
  // Without a counter to name, and without --out, nothing is signed.
  EXPECT_EQ(in("sato",
               {"ownership", "offer", "camera", "--to", "registrar", "--key", "home", "--offline", "--out", path("x")})
                .code,
            exit_code(Code::unavailable));
  EXPECT_EQ(in("sato", {"ownership", "cancel", "camera", "--key", "home", "--offline"}).code, invalid);
  // The next one has the next counter.
  well("sato", {"ownership", "cancel", "camera", "--key", "home", "--offline", "--out", path("cancel")});
  const auto next = read(path("cancel"));
  EXPECT_EQ(statement::parse(next)->statement.payload.n, submission->statement.payload.n + 1);
}

TEST_F(Papers, AMemberRequestBecomesAProposal) {
  well("else", {"key", "create", "release", "--purpose", "release"});
  well("else", {"contact", "add", "opener", path("acme.card")});
  well("else", {"member", "request", "--name", "city2", "--roles", "maker,registrar", "--opener", "opener",
                "--with-key", "own", "--with-key", "release", "--k", "1", "--out", path("join")});
  well("acme", {"proposal", "open", "admit", path("join"), "--weight", "3", "--reason", "they ask", "--label", "city2",
                "--offline", "--out", path("proposal")});
  const auto bytes = read(path("proposal"));
  const auto body = cbor::decode<proposal::Open>((*statement::parse(bytes)->bodies.begin()).body);
  ASSERT_TRUE(body.has_value());
  EXPECT_EQ(body->content.matter, proposal::Matter::admit);
  EXPECT_EQ(body->content.member->name, "city2");
  EXPECT_EQ(body->content.member->weight, 3U);
  EXPECT_EQ(body->reason, "they ask");
  std::vector<key::Purpose> purposes;
  for (const auto key : body->content.member->keys) {
    purposes.push_back(key.purpose);
    std::byte buffer[statement::small_message_bytes_max];
    const auto message = statement::possession_bytes(
        key.key,
        {ledger, statement::parse(bytes)->statement.header.kid, subject_of_party(member("city2")), key.purpose, 0, {}},
        buffer);
    EXPECT_TRUE(crypto::verify(key.key, *message, key.possession));
  }
  EXPECT_EQ(purposes, (std::vector{key::Purpose::wallet, key::Purpose::release}));
  // Another opener cannot use it.
  well("acme", {"key", "create", "second"});
  EXPECT_EQ(
      in("acme", {"proposal", "open", "admit", path("join"), "--key", "second", "--offline", "--out", path("x")}).code,
      conflict);
  EXPECT_EQ(in("acme", {"proposal", "open", "admit", "--offline", "--out", path("x")}).code, invalid);
  EXPECT_EQ(in("acme", {"proposal", "open", "parameters", "about", "--offline", "--out", path("x")}).code, invalid);
}

TEST_F(Papers, ApprovingTwiceSaysThatItIsThereAlready) {
  well("sato", request());
  well("sato", {"party", "move", "--to", "registrar", "--key", "home", "--offline", "--out", path("move")});
  EXPECT_EQ(well("acme", {"statement", "approve", path("move")}).member("there_already"), "false");
  const auto once = read(path("move"));
  EXPECT_EQ(well("acme", {"statement", "approve", path("move")}).member("there_already"), "true");
  EXPECT_EQ(read(path("move")), once);
  const auto shown = plain("acme", {"statement", "show", path("move")});
  EXPECT_NE(shown.out.find("(registrar)"), std::string::npos) << shown.out;
  EXPECT_NE(shown.out.find("acme ("), std::string::npos) << shown.out;
  // A kind that takes none says so.
  well("sato", {"ownership", "cancel", std::string(64, 'a'), "--key", "home", "--offline", "--out", path("cancel")});
  EXPECT_EQ(in("acme", {"statement", "approve", path("cancel")}).code, invalid);
}

TEST_F(Papers, AWithheldBodyIsShownAsWithheld) {
  well("sato", request({"--count", "2"}));
  well("acme", opening());
  const auto bytes = read(path("opening"));
  platform::Buffer buffer(bytes.size());
  write(path("withheld"), *statement::withhold(*statement::parse(bytes), 1, buffer));
  const auto shown = well("else", {"statement", "show", path("withheld")});
  EXPECT_EQ(shown.member("withheld"), "1");
  EXPECT_EQ(shown.text("identity"), well("else", {"statement", "show", path("opening")}).text("identity"));
  EXPECT_NE(plain("else", {"statement", "show", path("withheld")}).out.find("text withheld"), std::string::npos);
}

TEST_F(Papers, WhatIsNewerHasItsOwnExitCodeAndSaysToUpdate) {
  auto card = read(path("acme.card"));
  ASSERT_EQ(card[2], std::byte{2}) << "the number of the form";
  card[2] = std::byte{3};
  write(path("newer.card"), card);
  const auto said = plain("sato", {"contact", "add", "x", path("newer.card")});
  EXPECT_EQ(said.code, newer);
  EXPECT_NE(said.err.find("update this one"), std::string::npos) << said.err;
}

class RecoveryPapers : public Papers {
 protected:
  // Shares of the key that the ledger's policy names.
  void write_shares() {
    platform::SimulatedRandom random(7);
    const crypto::Secret<32> secret(crypto::sha256(as_bytes("recovery")));
    const auto shares = split_secret(secret, crypto::Algorithm::ed25519, 2, 3, random);
    for (const auto& share : *shares)
      write(path("share" + std::to_string(share.x)), as_bytes(std::string_view(share_text(share))));
    write_plan(2);
  }
  void write_plan(std::uint64_t epoch) {
    const auto old = *cbor::decode<proof::Policy>(policy);
    incarnation::Begin plan{epoch, old.signers, old.threshold, 10, crypto::sha256(as_bytes("root")), 12};
    write(path("plan"), platform::encode(plan));
  }
};

TEST_F(RecoveryPapers, SharesGiveTheKeyBackThatSignsTheIncarnation) {
  write_shares();
  well("else", {"recovery", "join", path("share3"), path("share1"), "--name", "back"});
  const auto signed_by_it = well("else", {"recovery", "sign", path("plan"), "--key", "back", "--out", path("step")});
  EXPECT_EQ(signed_by_it.member("complete"), "true");
  // Any home follows it, once.
  EXPECT_EQ(well("sato", {"policy", "step", path("step")}).member("epoch"), "2");
  EXPECT_NE(read(path("sato/policy.cbor")), policy);
  EXPECT_EQ(in("sato", {"policy", "step", path("step")}).code, conflict);
  const auto after = read(path("sato/policy.cbor"));
  EXPECT_EQ(proof::parse_policy(after)->epoch, 2U);
}

TEST_F(RecoveryPapers, TooFewOrWrongSharesGiveNothing) {
  write_shares();
  EXPECT_EQ(in("else", {"recovery", "join", path("share1"), "--name", "back"}).code, invalid);
  EXPECT_EQ(in("else", {"recovery", "join", path("share1"), path("share1"), "--name", "back"}).code, invalid);
  auto line = std::string(as_text(read(path("share2"))));
  line[60] = line[60] == '0' ? '1' : '0';
  write(path("share2"), as_bytes(line));
  EXPECT_EQ(in("else", {"recovery", "join", path("share1"), path("share2"), "--name", "back"}).code, invalid);
  EXPECT_EQ(in("else", {"recovery", "join", path("share1"), path("acme.card"), "--name", "back"}).code, invalid);
  EXPECT_EQ(well("else", {"key", "list"}).out.find("back"), std::string::npos);
}

TEST_F(RecoveryPapers, AKeyIsSplitIntoFilesAndJoinedElsewhere) {
  std::filesystem::create_directories(path("safe"));
  const auto made = well("else", {"recovery", "make", "root", "--out", path("root.pub")});
  const auto split = well(
      "else", {"recovery", "split", "root", "--shares", "5", "--threshold", "3", "--out", path("safe"), "--remove"});
  EXPECT_EQ(split.text("kid"), made.text("kid"));
  EXPECT_EQ(well("else", {"key", "list"}).out.find("root"), std::string::npos);
  const auto joined = well("sato", {"recovery", "join", path("safe/root.share-5"), path("safe/root.share-2"),
                                    path("safe/root.share-4"), "--name", "root"});
  EXPECT_EQ(joined.text("kid"), made.text("kid"));
  EXPECT_EQ(in("sato", {"recovery", "split", "root", "--shares", "3", "--threshold", "4", "--out", path("safe")}).code,
            invalid);
}

TEST_F(RecoveryPapers, AnotherKeyOrEpochIsNoStep) {
  write_shares();
  well("else", {"recovery", "join", path("share2"), path("share1"), "--name", "back"});
  EXPECT_EQ(well("else", {"recovery", "sign", path("plan"), "--key", "own", "--out", path("step")}).member("complete"),
            "false");
  EXPECT_EQ(in("sato", {"policy", "step", path("step")}).code, unauthenticated);
  write_plan(3);
  EXPECT_EQ(in("else", {"recovery", "sign", path("plan"), "--key", "back", "--out", path("step")}).code, conflict);
  write(path("plan"), as_bytes("no plan"));
  EXPECT_EQ(in("else", {"recovery", "sign", path("plan"), "--key", "back", "--out", path("step")}).code, invalid);
  EXPECT_EQ(read(path("sato/policy.cbor")), policy);
}

}  // namespace
}  // namespace mikusari::cli
