// SPDX-License-Identifier: Apache-2.0
#include "cli/book.hpp"

#include <deque>
#include <sstream>

#include "cli/exit.hpp"
#include "cli/test_home.hpp"

namespace mikusari::cli {
namespace {

class BookTest : public test::Homes {
 protected:
  BookTest() { open("mine"); }
  // A session in the home, with these options.
  Session& session(std::vector<std::pair<std::string, std::string>> options = {}) {
    Arguments arguments;
    arguments.add("--home", path("mine"));
    for (const auto& [name, value] : options) arguments.add(name, value);
    return sessions_.emplace_back(arguments, std::map<std::string, std::string>(), out_, err_);
  }
  static Id id(std::string_view seed) { return crypto::sha256(as_bytes(seed)); }
  Result<void> put_contact(Session& in, const std::string& name, const Handle& handle) {
    return Book::update(in, [&](Book& book) -> Result<void> {
      book.contacts[name] = {handle, {}};
      return {};
    });
  }

 private:
  std::ostringstream out_, err_;
  std::deque<Session> sessions_;
};

TEST_F(BookTest, KeepsEverythingItIsTold) {
  well("mine", {"key", "create", "own"});
  const auto told = Book::update(session(), [&](Book& book) -> Result<void> {
    book.contacts["sato"] = {id("sato"), id("kid")};
    TRY(book.remember(OwnThing{"front", What::device, id("front")}));
    TRY(book.remember(OwnThing{"", What::part, id("nameless")}));
    return book.remember(OwnParty{"home", id("home"), id("registrar"), id("key"), id("salt"), "Sato Hanako", true});
  });
  ASSERT_TRUE(told) << told.error().message();
  const auto book = Book::read(session());
  ASSERT_TRUE(book) << book.error().message();
  EXPECT_EQ(book->contacts.at("sato").handle, id("sato"));
  EXPECT_EQ(book->contacts.at("sato").kid, id("kid"));
  EXPECT_EQ(book->thing("front")->id, id("front"));
  EXPECT_EQ(book->thing(id("nameless"))->what, What::part);
  EXPECT_EQ(book->thing(""), nullptr);
  EXPECT_EQ(book->party("home")->who, "Sato Hanako");
  EXPECT_EQ(book->party(id("home"))->salt, id("salt"));
  EXPECT_EQ(book->party_of_key(id("key"))->label, "home");
  EXPECT_TRUE(book->party("home")->ours);
  EXPECT_NE(book->secret, Bytes<32>{});
}

TEST_F(BookTest, IsEmptyBeforeItIsWritten) {
  const auto book = Book::read(session());
  ASSERT_TRUE(book) << book.error().message();
  EXPECT_TRUE(book->contacts.empty());
  const auto update = put_contact(session(), "sato", id("sato"));
  ASSERT_FALSE(update);
  EXPECT_EQ(update.error().code(), Code::not_found);
}

TEST_F(BookTest, KeepsItsSecretForEver) {
  well("mine", {"key", "create", "own"});
  ASSERT_TRUE(put_contact(session(), "a", id("a")));
  const auto before = Book::read(session())->secret;
  ASSERT_TRUE(put_contact(session(), "b", id("b")));
  EXPECT_EQ(Book::read(session())->secret, before);
}

TEST_F(BookTest, OfAnEncryptedHomeShowsNothingAndOpensWithItsPassphraseOnly) {
  write(path("right"), as_bytes("correct horse\n"));
  write(path("wrong"), as_bytes("battery staple\n"));
  const std::pair<std::string, std::string> right{"--passphrase-file", path("right")},
      wrong{"--passphrase-file", path("wrong")};
  well("mine", {"key", "create", "own", "--passphrase-file", path("right")});
  ASSERT_TRUE(put_contact(session({right}), "satohanako", id("sato")));
  const auto stored = read(path("mine") + "/book/entries");
  EXPECT_EQ(std::string(as_text(stored)).find("satohanako"), std::string::npos);
  EXPECT_EQ(Book::read(session({right}))->contacts.size(), 1U);
  for (const auto& options : {std::vector{wrong}, std::vector<std::pair<std::string, std::string>>()}) {
    const auto refused = Book::read(session(options));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::unauthenticated);
  }
}

TEST_F(BookTest, ThatWasChangedOrIsAnotherHomesIsRefused) {
  well("mine", {"key", "create", "own"});
  ASSERT_TRUE(put_contact(session(), "sato", id("sato")));
  const std::string file = path("mine") + "/book/entries";
  const auto good = read(file);
  for (std::size_t i = 0; i < good.size(); i += 7) {
    auto bad = good;
    bad[i] ^= std::byte{0x20};
    write(file, bad);
    const auto refused = Book::read(session());
    ASSERT_FALSE(refused) << i;
    EXPECT_EQ(refused.error().code(), Code::corrupt) << i;
  }
  write(file, {});
  EXPECT_EQ(Book::read(session()).error().code(), Code::corrupt);
}

TEST_F(BookTest, DoesNotGiveOneLabelToTwo) {
  Book book;
  ASSERT_TRUE(book.remember(OwnThing{"front", What::device, id("one")}));
  ASSERT_TRUE(book.remember(OwnThing{"front", What::device, id("one")}));
  EXPECT_EQ(book.remember(OwnThing{"front", What::device, id("two")}).error().code(), Code::conflict);
  EXPECT_EQ(book.things.size(), 1U);
  // A thing may change its label, and does not lose it by being met again.
  ASSERT_TRUE(book.remember(OwnThing{"back", What::device, id("one")}));
  ASSERT_TRUE(book.remember(OwnThing{"", What::device, id("one")}));
  EXPECT_EQ(book.things.front().label, "back");
  OwnParty party{"home", id("one"), {}, {}, {}, "", true};
  ASSERT_TRUE(book.remember(party));
  party.handle = id("two");
  EXPECT_EQ(book.remember(party).error().code(), Code::conflict);
}

TEST_F(BookTest, WritesNothingWhenTheChangeFails) {
  well("mine", {"key", "create", "own"});
  ASSERT_TRUE(put_contact(session(), "sato", id("sato")));
  const auto before = read(path("mine") + "/book/entries");
  EXPECT_FALSE(Book::update(session(), [&](Book& book) -> Result<void> {
    book.contacts.clear();
    return fail(Code::conflict, "no");
  }));
  EXPECT_EQ(read(path("mine") + "/book/entries"), before);
}

TEST(Label, IsAWordAndNoId) {
  for (const auto* good : {"a", "front-door", "chips/sensor", "カメラ", "first.000001", "A_b"})
    EXPECT_TRUE(check_label(good)) << good;
  const std::string id(64, 'a'), longest(64, 'x'), longer(65, 'x');
  EXPECT_TRUE(check_label(longest));
  for (const std::string& bad :
       {std::string(), std::string("-x"), std::string("a b"), std::string("a\nb"), std::string("a#1"),
        std::string("a@b"), id, longer, std::string("\xff\xfe"), std::string("a\x7f"), std::string("\xc2\x9b")}) {
    const auto refused = check_label(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code(), Code::invalid) << bad;
  }
}

TEST(Commitment, DependsOnSaltAndText) {
  const Bytes<32> one{}, other = crypto::sha256(as_bytes("x"));
  EXPECT_NE(commitment_to(one, "sato"), commitment_to(other, "sato"));
  EXPECT_NE(commitment_to(one, "sato"), commitment_to(one, "satо"));
}

}  // namespace
}  // namespace mikusari::cli
