// SPDX-License-Identifier: Apache-2.0
#include "cli/named.hpp"

#include <deque>

#include "cli/birth.hpp"
#include "cli/test_home.hpp"

namespace mikusari::cli {
namespace {

Id id(std::string_view seed) { return crypto::sha256(as_bytes(seed)); }

// Who stands behind a word, by the words that a person may write.
class NamedTest : public test::Homes {
 protected:
  NamedTest() {
    open("mine");
    well("mine", {"key", "create", "own"});
    const auto told = Book::update(session(), [&](Book& book) -> Result<void> {
      book.contacts["sato"] = {id("sato"), {}};
      book.contacts["city"] = {id("another city"), {}};
      TRY(book.remember(OwnParty{"home-000001", id("home"), {}, {}, {}, "", true}));
      TRY(book.remember(OwnThing{"front", What::device, id("front")}));
      TRY(book.remember(OwnThing{"sensor", What::model, id("sensor")}));
      return book.remember(OwnThing{"", What::part, id("nameless")});
    });
    EXPECT_TRUE(told) << told.error().message();
    write_lot("s1", {id("one"), id("two"), id("three")});
  }
  Session& session() {
    Arguments arguments;
    arguments.add("--home", path("mine"));
    return sessions_.emplace_back(arguments, std::map<std::string, std::string>(), out_, err_);
  }
  void write_lot(const std::string& lot, const std::vector<Id>& ids) {
    std::string rows;
    for (const auto& each : ids) rows += platform::to_hex(each) + "\n";
    std::filesystem::create_directories(path("mine") + "/outbox");
    write(lot_ids_path(session(), lot), as_bytes(rows));
  }
  std::string party(const std::string& text) { return shown(party_named(session(), ledger, text)); }
  std::string thing(What what, const std::string& text) { return shown(thing_named(session(), what, text)); }
  static std::string shown(const Result<Id>& found) {
    return found ? platform::to_hex(*found) : std::string(name(found.error().code()));
  }
  static std::string hex(const Id& what) { return platform::to_hex(what); }

 private:
  std::ostringstream out_, err_;
  std::deque<Session> sessions_;
};

TEST_F(NamedTest, PartiesAreContactsOwnOnesMembersOrHandles) {
  EXPECT_EQ(party("sato"), hex(id("sato")));
  EXPECT_EQ(party("home-000001"), hex(id("home")));
  EXPECT_EQ(party("acme"), hex(member("acme")));
  EXPECT_EQ(party(hex(id("anybody"))), hex(id("anybody")));
  EXPECT_EQ(party("Sato Hanako"), "not_found");
  EXPECT_EQ(party(hex(id("x")).substr(1)), hex(member(hex(id("x")).substr(1))));
}

TEST_F(NamedTest, AMemberCanBeNamedInSpiteOfAContactOfItsName) {
  EXPECT_EQ(party("city"), hex(id("another city")));
  EXPECT_EQ(party("member:city"), hex(member("city")));
  EXPECT_EQ(party("member:No Name"), "invalid");
}

TEST_F(NamedTest, ThingsAreLabelsLotsDigitsOrIds) {
  EXPECT_EQ(thing(What::device, "front"), hex(id("front")));
  EXPECT_EQ(thing(What::part, "s1#1"), hex(id("one")));
  EXPECT_EQ(thing(What::part, "s1#3"), hex(id("three")));
  EXPECT_EQ(thing(What::part, hex(id("nameless")).substr(0, 8)), hex(id("nameless")));
  EXPECT_EQ(thing(What::part, hex(id("two")).substr(0, 10)), hex(id("two")));
  EXPECT_EQ(thing(What::part, hex(id("unknown"))), hex(id("unknown")));
}

TEST_F(NamedTest, ThingsThatAreNotThereAreNotGuessed) {
  EXPECT_EQ(thing(What::device, "fronts"), "not_found");
  EXPECT_EQ(thing(What::part, "s1#0"), "not_found");
  EXPECT_EQ(thing(What::part, "s1#4"), "not_found");
  EXPECT_EQ(thing(What::part, "s2#1"), "not_found");
  EXPECT_EQ(thing(What::part, "s1#x"), "not_found");
  EXPECT_EQ(thing(What::part, hex(id("nameless")).substr(0, 3)), "not_found");
  EXPECT_EQ(thing(What::part, hex(id("unknown")).substr(0, 20)), "not_found");
}

TEST_F(NamedTest, AModelIsNotTakenForADevice) {
  EXPECT_EQ(thing(What::device, "sensor"), "conflict");
  EXPECT_EQ(thing(What::model, "sensor"), hex(id("sensor")));
  EXPECT_EQ(thing(What::device, hex(id("nameless")).substr(0, 8)), "conflict");
}

TEST_F(NamedTest, DigitsThatFitTwoAreRefused) {
  auto twin = id("one");
  twin.data[31] ^= std::byte{1};
  write_lot("s2", {twin});
  EXPECT_EQ(thing(What::part, hex(twin).substr(0, 16)), "conflict");
  EXPECT_EQ(thing(What::part, hex(twin)), hex(twin));
}

TEST_F(NamedTest, TheHintIsTheNearestName) {
  const auto wrong = party_named(session(), ledger, "Sato");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message().find("did you mean \"sato\""), std::string::npos) << wrong.error().message();
}

TEST_F(NamedTest, PlacesFollowFromTheirNamesAndAreRemembered) {
  const auto line = place_named(session(), ledger, "line-3");
  ASSERT_TRUE(line) << line.error().message();
  EXPECT_EQ(*place_named(session(), ledger, "line-3"), *line);
  EXPECT_NE(*place_named(session(), ledger, "line-4"), *line);
  EXPECT_EQ(thing(What::place, "line-3"), hex(*line));
  EXPECT_EQ(place_named(session(), ledger, "front").error().code(), Code::conflict);
}

TEST_F(NamedTest, WhatIsShownHasItsNameBeside) {
  auto& shows = session();
  call_what_is_known(shows, ledger);
  EXPECT_EQ(shows.with_names(member("acme")), "acme (" + hex(member("acme")) + ")");
  EXPECT_EQ(shows.with_names("party:" + hex(id("sato")) + ", part " + hex(id("front")) + " " + hex(id("other"))),
            "party:sato (" + hex(id("sato")) + "), part front (" + hex(id("front")) + ") " + hex(id("other")));
}

TEST(Birth, NonceFollowsFromSecretLedgerKindAndLabel) {
  const Bytes<32> one = id("secret"), other = id("other secret");
  const auto nonce = birth_nonce(one, id("ledger"), "part.register", "a");
  EXPECT_EQ(birth_nonce(one, id("ledger"), "part.register", "a"), nonce);
  EXPECT_NE(birth_nonce(other, id("ledger"), "part.register", "a"), nonce);
  EXPECT_NE(birth_nonce(one, id("another ledger"), "part.register", "a"), nonce);
  EXPECT_NE(birth_nonce(one, id("ledger"), "device.assemble", "a"), nonce);
  EXPECT_NE(birth_nonce(one, id("ledger"), "part.register", "b"), nonce);
  // No kind and label run into each other.
  EXPECT_NE(birth_nonce(one, id("ledger"), "part.register", "ab"),
            birth_nonce(one, id("ledger"), "part.registera", "b"));
  EXPECT_NE(blinding_salt(one, id("ledger"), id("part")), blinding_salt(one, id("ledger"), id("other part")));
  EXPECT_NE(blinding_salt(one, id("ledger"), id("part")), blinding_salt(other, id("ledger"), id("part")));
}

}  // namespace
}  // namespace mikusari::cli
