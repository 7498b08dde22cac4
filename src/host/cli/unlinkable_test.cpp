// SPDX-License-Identifier: Apache-2.0
// What homes say gives nobody who reads the ledger a means to tell whose handles, places and serial numbers they are.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cli/exit.hpp"
#include "cli/test_home.hpp"
#include "cose/key.hpp"
#include "statement/custody.hpp"
#include "statement/part.hpp"
#include "statement/party.hpp"
#include "statement/submission.hpp"

namespace mikusari::cli {
namespace {

// acme is a member and registrar; sato and tanaka are persons with three handles each.
class Unlinkable : public test::Homes {
 protected:
  Unlinkable() {
    for (const auto* home : {"acme", "sato", "tanaka"}) {
      open(home);
      well(home, {"key", "create", "own"});
    }
    well("acme", {"settings", "--key", "own", "--member", "acme"});
    well("acme", {"contact", "card", "--offline", "--out", path("acme.card")});
    for (const auto* home : {"sato", "tanaka"}) {
      well(home, {"contact", "add", "registrar", path("acme.card")});
      well(home, {"party", "request", "home", "--registrar", "registrar", "--count", "3", "--out",
                  path(std::string(home) + ".request")});
    }
  }
  // What stands in the file, whose bytes live in `bytes_`.
  template <class Body>
  std::vector<Body> said(const std::string& file) {
    bytes_ = read(path(file));
    std::vector<Body> out;
    const auto submission = statement::parse(bytes_);
    for (const auto& salted : submission->bodies) out.push_back(*cbor::decode<Body>(salted.body));
    return out;
  }
  Digest place_of(const std::string& home, const std::string& key, const std::string& place) {
    const std::string thing(64, 'c');
    well(home, {"custody", "ship", thing, "--to", std::string(64, 'd'), "--place", place, "--key", key, "--offline",
                "--out", path("ship")});
    return said<custody::Ship>("ship").front().at->place;
  }

  platform::Buffer bytes_;
};

TEST_F(Unlinkable, OpeningsStandInTheOrderOfTheirHandlesWhoeverAskedForThem) {
  const auto opened = well(
      "acme", {"party", "open", path("sato.request"), path("tanaka.request"), "--offline", "--out", path("opening")});
  EXPECT_EQ(opened.member("requests"), "2");
  std::vector<Handle> handles;
  for (const auto& each : said<party::Open>("opening"))
    handles.push_back(names::party(ledger, member("acme"), cose::thumbprint(each.key), each.nonce));
  EXPECT_EQ(handles.size(), 6U);
  EXPECT_TRUE(std::ranges::is_sorted(handles));
}

TEST_F(Unlinkable, ItIsToldThatOneRequestAloneIsSeenToBeOnePersons) {
  const auto alone = well("acme", {"party", "open", path("sato.request"), "--offline", "--out", path("opening")});
  EXPECT_EQ(alone.member("requests"), "1");
  const std::vector<std::string> words = {"party",         "open",   "--offline", "--out",
                                          path("opening"), "--home", path("acme")};
  auto one = words, both = words;
  one.insert(one.begin() + 2, path("sato.request"));
  both.insert(both.begin() + 2, {path("sato.request"), path("tanaka.request")});
  EXPECT_NE(test::run(one).out.find("one person's"), std::string::npos);
  EXPECT_EQ(test::run(both).out.find("one person's"), std::string::npos);
}

TEST_F(Unlinkable, KeyThatSignsAlreadyBecomesNoPartys) {
  well("acme", {"contact", "add", "registrar", path("acme.card")});
  const std::vector<std::string> words = {"party",     "request", "own",          "--registrar",
                                          "registrar", "--out",   path("request")};
  EXPECT_EQ(in("acme", words).code, exit_code(Code::conflict));
  // One that was only made, and one whose request is repeated, may.
  well("sato", words);
  well("sato", {"settings", "--key", "own"});
  well("sato", words);
}

TEST_F(Unlinkable, PlaceHasAnotherIdUnderEachHandle) {
  const auto first = place_of("sato", "home-000000", "house");
  EXPECT_EQ(place_of("sato", "home-000000", "house"), first);
  EXPECT_NE(place_of("sato", "home-000001", "house"), first);
  EXPECT_NE(place_of("sato", "home-000000", "hut"), first);
  EXPECT_NE(place_of("tanaka", "home-000000", "house"), first);
  const std::string spelled(64, 'e');
  EXPECT_EQ(platform::to_hex(place_of("sato", "home-000001", spelled)), spelled);
  // A member's is the one that its card gives to who certifies it.
  const auto line = place_of("acme", "own", "line-3");
  EXPECT_EQ(place_of("acme", "own", "line-3"), line);
  EXPECT_NE(well("acme", {"thing", "list"}).out.find(platform::to_hex(line)), std::string::npos);
}

TEST_F(Unlinkable, CommitmentToAFileIsFoundByNobodyWhoTriesSerialNumbers) {
  write(path("serial"), platform::copy(as_bytes("SN-0042")));
  const auto make = [&](const std::string& label, const std::string& commitment) {
    const auto made = well("acme", {"part", "register", "--model", std::string(64, 'a'), "--label", label,
                                    "--commitment", commitment, "--offline", "--out", path("part")});
    return std::pair{said<part::Register>("part").front().commitment.value(), made.text("commitment_salt")};
  };
  const auto [one, salt] = make("one", path("serial"));
  EXPECT_NE(one, crypto::sha256(as_bytes("SN-0042")));
  EXPECT_EQ(one, crypto::sha256({as_bytes("mikusari/private/1"), *platform::from_hex(salt), as_bytes("SN-0042")}));
  EXPECT_NE(make("two", path("serial")).first, one);
  const std::string digest(64, 'b');
  EXPECT_EQ(platform::to_hex(make("three", digest).first), digest);
}

}  // namespace
}  // namespace mikusari::cli
