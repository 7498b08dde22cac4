// SPDX-License-Identifier: Apache-2.0
#include "statement/names.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/hash.hpp"
#include "statement/ledger.hpp"
#include "statement/path.hpp"

namespace mikusari {
namespace {

Digest hash(std::string_view text) { return crypto::sha256(as_bytes(text)); }

const Id a = hash("a"), b = hash("b"), c = hash("c");

TEST(Names, AreTheHashOfTagAndParts) {
  EXPECT_EQ(names::id(a, b), crypto::sha256({as_bytes("mikusari/id/1"), a, b}));
  EXPECT_EQ(names::member(a, "chips"), crypto::sha256({as_bytes("mikusari/member/1"), a, as_bytes("chips")}));
  EXPECT_EQ(names::party(a, b, c, a), crypto::sha256({as_bytes("mikusari/party/1"), a, b, c, a}));
  const Bytes<16> salt{};
  EXPECT_EQ(names::blinded(salt, a), crypto::sha256({as_bytes("mikusari/blind/1"), salt, a}));
}

// Nobody gets another's id by choosing his own party, nonce or name.
TEST(Names, DifferWhereAnyPartDoes) {
  const std::vector<Digest> all{names::id(a, b),           names::id(b, a),
                                names::id(a, a),           names::id(b, b),
                                names::member(a, "chips"), names::member(b, "chips"),
                                names::member(a, "chip"),  names::member(a, as_text(b.view())),
                                names::party(a, b, c, a),  names::party(b, b, c, a),
                                names::party(a, c, c, a),  names::party(a, b, a, a),
                                names::party(a, b, c, b),  names::blinded(b, a),
                                names::blinded(a, b),      names::blinded({}, a)};
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
}

TEST(Name, IsLowerCaseLettersDigitsDotsAndDashes) {
  for (const auto* good : {"a", "0", "chips-2.example", "a-", "x.y"}) EXPECT_TRUE(is_name(good)) << good;
  EXPECT_TRUE(is_name(std::string(limits::name_bytes_max, 'a')));
  for (const auto* bad : {"", ".a", "-a", "A", "a b", "a/b", "a_b", "\xc3\xa9", "a\n"})
    EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_FALSE(is_name(std::string(limits::name_bytes_max + 1, 'a')));
  EXPECT_FALSE(is_name(std::string_view("a\0b", 3)));
}

TEST(Paths, AreTheHashOfWordSlashAndWhatNamesTheRecord) {
  const Bytes<8> seven{
      {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}, std::byte{2}}};
  const std::uint64_t number = 0x0102;
  const Bytes<8> gate{
      {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{7}}};
  EXPECT_EQ(path::party(a), crypto::sha256({as_bytes("party/"), a}));
  EXPECT_EQ(path::key(a), crypto::sha256({as_bytes("key/"), a}));
  EXPECT_EQ(path::model(a), crypto::sha256({as_bytes("model/"), a}));
  EXPECT_EQ(path::part(a), crypto::sha256({as_bytes("part/"), a}));
  EXPECT_EQ(path::device(a), crypto::sha256({as_bytes("device/"), a}));
  EXPECT_EQ(path::firmware(a, number), crypto::sha256({as_bytes("firmware/"), a, seven}));
  EXPECT_EQ(path::image(a, b), crypto::sha256({as_bytes("image/"), a, b}));
  EXPECT_EQ(path::certification(a, number, b), crypto::sha256({as_bytes("certification/"), a, seven, b}));
  EXPECT_EQ(path::role(a, Role::gate, b), crypto::sha256({as_bytes("role/"), a, gate, b}));
  EXPECT_EQ(path::proposal(a), crypto::sha256({as_bytes("proposal/"), a}));
  EXPECT_EQ(path::withheld(a, number), crypto::sha256({as_bytes("withheld/"), a, seven}));
  EXPECT_EQ(path::replay(a), crypto::sha256({as_bytes("replay/"), a}));
  EXPECT_EQ(path::quota(a), crypto::sha256({as_bytes("quota/"), a}));
  EXPECT_EQ(path::list(a, list::Kind::devices), crypto::sha256({as_bytes("list/"), a, as_bytes("/devices")}));
  EXPECT_EQ(path::policy(), hash("policy/"));
  EXPECT_EQ(path::ledger(), hash("ledger/state"));
}

TEST(Paths, AreAllDifferent) {
  std::vector<Digest> all{path::policy(), path::ledger()};
  for (const Id& id : {a, b, c}) {
    all.insert(all.end(), {path::party(id), path::key(id), path::model(id), path::part(id), path::device(id),
                           path::proposal(id), path::replay(id), path::quota(id)});
    for (const auto kind : names_of(list::Kind{})) all.push_back(path::list(id, kind.value));
    for (const std::uint64_t number : {0ULL, 1ULL, 256ULL, 1ULL << 32, ~0ULL}) {
      all.push_back(path::firmware(id, number));
      all.push_back(path::withheld(id, number));
      for (const Id& other : {a, b, c}) all.push_back(path::certification(id, number, other));
    }
    for (const Id& other : {a, b, c}) {
      all.push_back(path::image(id, other));
      for (const auto role : names_of(Role{})) all.push_back(path::role(id, role.value, other));
    }
  }
  EXPECT_EQ(std::set(all.begin(), all.end()).size(), all.size());
}

TEST(ListEntry, HasTheLeafHashOfItsEncoding) {
  const list::Entry entry{{}, a, 7, list::Change::gained};
  std::byte buffer[64];
  const std::byte zero{0};
  EXPECT_EQ(list::leaf_hash(entry), crypto::sha256({ByteView(&zero, 1), cbor::encode(entry, buffer).value()}));
  std::set<Digest> all{list::leaf_hash(entry)};
  all.insert(list::leaf_hash({{}, b, 7, list::Change::gained}));
  all.insert(list::leaf_hash({{}, a, 8, list::Change::gained}));
  all.insert(list::leaf_hash({{}, a, 7, list::Change::ended}));
  EXPECT_EQ(all.size(), 4U);
  EXPECT_NO_FATAL_FAILURE(list::leaf_hash({{}, a, ~std::uint64_t{0}, list::Change::ended})) << "the largest fits";
}

}  // namespace
}  // namespace mikusari
