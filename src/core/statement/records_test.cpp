// SPDX-License-Identifier: Apache-2.0
// Heads, names, genesis, kinds and paths.
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "statement/kinds.hpp"
#include "statement/path.hpp"

namespace mikusari {
namespace {

TEST(Head, MovesOnByOneEventAndLeavesTheRestAsItWas) {
  device::Record record;
  record.state = device::State::active;
  record.owner = "city";
  record.seq = 4;
  const std::vector<Id> children{crypto::sha256(as_bytes("a")), crypto::sha256(as_bytes("b"))};
  record.children = {std::span(children)};
  std::byte before[2048], after[2048], wanted[2048];
  const auto bytes = cbor::encode(record, before);
  const Digest leaf = crypto::sha256(as_bytes("leaf"));
  const auto moved = advance_head(*bytes, 99, leaf, after);
  ASSERT_TRUE(moved.has_value());
  const std::byte two{2};
  record.events_head = crypto::sha256({ByteView(&two, 1), record.events_head, leaf});
  record.seq = 5;
  record.changed = 99;
  EXPECT_TRUE(equal(*moved, *cbor::encode(record, wanted)));
  EXPECT_EQ(read_head(*moved)->seq, 5u);
  EXPECT_EQ(read_head(*moved)->events_head, next_events_head({}, leaf));
}

TEST(Head, IsNotFoundInOtherBytes) {
  std::byte out[64];
  EXPECT_FALSE(advance_head({}, 1, {}, out).has_value());
  const std::byte empty_map{0xa0};
  EXPECT_FALSE(advance_head(ByteView(&empty_map, 1), 1, {}, out).has_value());
  std::byte bytes[512];
  const auto record = cbor::encode(member::Record{}, bytes);
  EXPECT_EQ(advance_head(*record, 1, {}, std::span(out).first(8)).error().code(), Code::exhausted);
}

TEST(Name, IsLowerCaseLettersDigitsDotsAndDashes) {
  for (const auto* good : {"a", "0", "chips-2.example", "a-", "x.y"}) EXPECT_TRUE(is_name(good)) << good;
  EXPECT_TRUE(is_name(std::string(64, 'a')));
  for (const auto* bad : {"", ".a", "-a", "A", "a b", "a/b", "a_b", "\xc3\xa9", "a\n"})
    EXPECT_FALSE(is_name(bad)) << bad;
  EXPECT_FALSE(is_name(std::string(65, 'a')));
}

class GenesisCheck : public ::testing::Test {
 protected:
  GenesisCheck() {
    for (int i = 0; i < 6; ++i) {
      keys_.push_back(crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519,
                                                           crypto::sha256(as_bytes("key " + std::to_string(i))))
                          ->public_key());
    }
    members_ = {{"chips", {}, 1, key(0)}, {"city", {}, 0, key(1)}};
    signers_ = {{"node-1", key(2), 1}, {"node-2", key(3), 2}};
    genesis_.checkpoint_threshold = 3;
    genesis_.recovery_threshold = 1;
  }
  // One key, as a list of whatever bound its place has.
  struct OneKey {
    const crypto::PublicKey* at;
    template <std::size_t Max>
    operator cbor::List<crypto::PublicKey, Max>() const {
      return std::span(at, 1);
    }
  };
  OneKey key(std::size_t i) const { return {&keys_[i]}; }
  bool good() {
    genesis_.members = {std::span<const GenesisMember>(members_)};
    genesis_.checkpoint_signers = {std::span<const CheckpointSigner>(signers_)};
    genesis_.recovery_keys = {std::span<const crypto::PublicKey>(&keys_[4], recovery_)};
    return check(genesis_).has_value();
  }

  std::vector<crypto::PublicKey> keys_;
  std::vector<GenesisMember> members_;
  std::vector<CheckpointSigner> signers_;
  std::size_t recovery_ = 1;
  Genesis genesis_;
};

TEST_F(GenesisCheck, TakesAGoodOne) { EXPECT_TRUE(good()); }

TEST_F(GenesisCheck, RefusesMembersThatCannotBe) {
  const auto kept = members_;
  const auto spoiled = [&](auto spoil) {
    members_ = kept;
    spoil();
    return !good();
  };
  EXPECT_TRUE(spoiled([&] { members_.clear(); }));
  EXPECT_TRUE(spoiled([&] { members_[1].name = "chips"; }));
  EXPECT_TRUE(spoiled([&] { members_[0].name = "Chips"; }));
  EXPECT_TRUE(spoiled([&] { members_[0].weight = 0; }));
  EXPECT_TRUE(spoiled([&] { members_[0].weight = weight_max + 1; }));
  EXPECT_TRUE(spoiled([&] { members_[0].keys = {}; }));
  EXPECT_TRUE(spoiled([&] { members_[0].keys = members_[1].keys; }));
}

TEST_F(GenesisCheck, RefusesSignersThatCannotBe) {
  const auto kept = signers_;
  const auto spoiled = [&](auto spoil) {
    signers_ = kept;
    spoil();
    return !good();
  };
  EXPECT_TRUE(spoiled([&] { signers_[1].name = "node-1"; }));
  EXPECT_TRUE(spoiled([&] { signers_[1].name = "node 2"; }));
  EXPECT_TRUE(spoiled([&] { signers_[1].weight = 0; }));
  EXPECT_TRUE(spoiled([&] { signers_[1].weight = weight_max + 1; }));
  EXPECT_TRUE(spoiled([&] { signers_[1].keys = {}; }));
  EXPECT_TRUE(spoiled([&] { signers_[1].keys = signers_[0].keys; }));
  signers_ = kept;
  genesis_.checkpoint_threshold = 4;
  EXPECT_FALSE(good());
  genesis_.checkpoint_threshold = 0;
  EXPECT_FALSE(good());
}

TEST_F(GenesisCheck, RefusesTheRestThatCannotBe) {
  genesis_.version = 2;
  EXPECT_FALSE(good());
  genesis_.version = 1;
  genesis_.recovery_threshold = 2;
  EXPECT_FALSE(good());
  genesis_.recovery_threshold = 0;
  EXPECT_FALSE(good());
  recovery_ = 0;
  EXPECT_TRUE(good());
  genesis_.rotation_veto_ms = rotation_veto_ms_max + 1;
  EXPECT_FALSE(good());
}

TEST_F(GenesisCheck, RefusesKeysThatAreNone) {
  keys_[4] = crypto::PublicKey(crypto::Algorithm::ed25519, Bytes<32>{});
  EXPECT_FALSE(good());
  keys_[4] = crypto::PublicKey(crypto::Algorithm::esp256, Bytes<64>{});
  EXPECT_FALSE(good());
}

TEST(Kinds, HaveAscendingNumbersAndOneNameEach) {
  std::set<std::string_view> names;
  std::uint16_t last = 0;
  statement::for_each_kind([&]<class Body>() {
    EXPECT_GT(Body::kind.number, last);
    last = Body::kind.number;
    EXPECT_TRUE(names.insert(Body::kind.name).second) << Body::kind.name;
    EXPECT_NE(Body::kind.name.find('.'), std::string_view::npos);
    EXPECT_GE(Body::kind.bodies_max, 1);
    EXPECT_LE(Body::kind.bodies_max, limits::bodies_max);
    // `on` means one record.
    EXPECT_TRUE(Body::kind.on == statement::On::unused || Body::kind.bodies_max == 1) << Body::kind.name;
    EXPECT_EQ(statement::find_kind(Body::kind.number), &Body::kind);
  });
  EXPECT_EQ(statement::find_kind(0), nullptr);
  EXPECT_EQ(statement::find_kind(0xffff), nullptr);
}

// The default body of every kind reads back, and refuses a field that it does not have.
TEST(Kinds, BodiesReadBackAndTakeNoFurtherField) {
  statement::for_each_kind([&]<class Body>() {
    std::byte buffer[1024], again[1024], longer[1024];
    Body body{};
    cbor::for_each_field<Body>([&](const auto& field) {
      if constexpr (std::is_enum_v<std::remove_cvref_t<decltype(body.*field.member)>>) {
        body.*field.member = names_of(body.*field.member)[0].value;
      } else if constexpr (std::is_same_v<std::remove_cvref_t<decltype(body.*field.member)>, Subject>) {
        (body.*field.member).type = SubjectType::member;
      }
    });
    const auto bytes = cbor::encode(body, buffer);
    ASSERT_TRUE(bytes.has_value());
    const auto decoded = cbor::decode<Body>(*bytes);
    ASSERT_TRUE(decoded.has_value()) << Body::kind.name << ": " << decoded.error().message();
    EXPECT_TRUE(equal(*bytes, *cbor::encode(*decoded, again)));
    // The same map with one entry more.
    std::memcpy(longer, bytes->data(), bytes->size());
    longer[0] = static_cast<std::byte>(std::to_integer<unsigned>(longer[0]) + 1);
    longer[bytes->size()] = std::byte{0x17};
    longer[bytes->size() + 1] = std::byte{0};
    EXPECT_FALSE(cbor::decode<Body>(std::span(longer).first(bytes->size() + 2)).has_value()) << Body::kind.name;
  });
}

TEST(Paths, AreTheHashOfWordSlashAndId) {
  const Id id = crypto::sha256(as_bytes("thing"));
  EXPECT_EQ(path::device(id), crypto::sha256({as_bytes("device/"), id}));
  EXPECT_EQ(path::member("chips"), crypto::sha256(as_bytes("member/chips")));
  EXPECT_EQ(path::list("chips", list::Kind::devices), crypto::sha256(as_bytes("list/chips/devices")));
  EXPECT_EQ(path::parameters(), crypto::sha256(as_bytes("ledger/parameters")));
  const std::set<Digest> all{path::device(id),       path::part(id),    path::key(id),
                             path::model(id),        path::replay(id),  path::policy(),
                             path::firmware(id, id), path::member("x"), path::parameters()};
  EXPECT_EQ(all.size(), 9u);
}

TEST(ModelId, BindsVendorAndName) {
  EXPECT_NE(model::model_id("ab", "c"), model::model_id("a", "bc"));
  EXPECT_EQ(model::model_id("a", "b"), crypto::sha256(as_bytes(std::string_view("mikusari-model\0a\0b", 18))));
}

}  // namespace
}  // namespace mikusari
