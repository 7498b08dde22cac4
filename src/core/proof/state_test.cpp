// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "proof/test_camera.hpp"

namespace mikusari::proof {
namespace {

using test::CameraScene;
using test::encoded;
using test::Octets;

class StateAnswerTest : public testing::Test {
 protected:
  StateAnswerTest() : policy_bytes(scene.ledger.policy(1)), policy(test::need(parse_policy(policy_bytes))) {}

  Result<VerifiedState> verdict(ByteView bytes, const Digest& key) const {
    TRY(const auto answer, cbor::decode<StateAnswer>(bytes));
    return verify(answer, key, policy);
  }
  std::string refusal(const StateAnswer& answer, const Digest& key) const {
    const auto verified = verdict(encoded(answer), key);
    return verified ? "accepted" : verified.error().text();
  }

  CameraScene scene;
  Octets policy_bytes;
  Policy policy;
};

constexpr auto not_there = "the record is not what the ledger's state has there";
constexpr auto not_absent = "the ledger's state does not show this absence";

TEST_F(StateAnswerTest, ShowsWhatIsThere) {
  for (const auto& key : {path::device(scene.camera), path::part(scene.chip), path::party(scene.bob)}) {
    const Octets bytes = scene.ledger.answer(key);
    const auto verified = verdict(bytes, key);
    ASSERT_TRUE(verified) << verified.error().message();
    ASSERT_TRUE(verified->value);
    EXPECT_TRUE(equal(*verified->value, *scene.ledger.state.find(key)));
    EXPECT_EQ(verified->anchor.record.height, scene.ledger.height);
  }
}

TEST_F(StateAnswerTest, ShowsWhatIsAbsent) {
  bool met_empty = false, met_other = false;
  for (int i = 0; i < 64; ++i) {
    const Digest key = test::named("nothing " + std::to_string(i));
    const auto bytes = scene.ledger.answer(key);
    const auto verified = verdict(bytes, key);
    ASSERT_TRUE(verified) << verified.error().message();
    EXPECT_FALSE(verified->value);
    const bool other = test::need(cbor::decode<StateAnswer>(bytes)).item.other.has_value();
    met_other = met_other || other;
    met_empty = met_empty || !other;
  }
  EXPECT_TRUE(met_empty && met_other);
}

TEST_F(StateAnswerTest, FailsWithAnyByteChanged) {
  for (const auto& key : {path::device(scene.camera), test::named("nothing")}) {
    const Octets good = scene.ledger.answer(key);
    ASSERT_TRUE(verdict(good, key));
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const unsigned mask : {0x01U, 0x80U})
        EXPECT_FALSE(verdict(test::flipped(good, i, mask), key)) << "byte " << i;
    }
  }
}

TEST_F(StateAnswerTest, FailsWhenCutAnywhere) {
  const Digest key = path::device(scene.camera);
  const Octets good = scene.ledger.answer(key);
  for (std::size_t i = 0; i < good.size(); ++i) EXPECT_FALSE(verdict(ByteView(good).first(i), key)) << i;
}

TEST_F(StateAnswerTest, AboutOneThingSaysNothingOfAnother) {
  const Octets answer = scene.ledger.answer(path::device(scene.camera));
  EXPECT_FALSE(verdict(answer, path::device(scene.second)));
}

TEST_F(StateAnswerTest, CannotHideWhatIsThere) {
  const Digest key = path::device(scene.camera);
  auto answer = test::need(cbor::decode<StateAnswer>(scene.ledger.keep(scene.ledger.answer(key))));
  auto hidden = answer;
  hidden.item.value.reset();
  EXPECT_EQ(refusal(hidden, key), not_absent);
  hidden.item.other = OtherLeaf{key, crypto::sha256(*answer.item.value)};
  EXPECT_EQ(refusal(hidden, key), "the other leaf is the key's own: it is present");
  // The absence of something else does not pass for it.
  hidden.item = scene.ledger.item(test::named("nothing"));
  EXPECT_NE(refusal(hidden, key), "accepted");
}

TEST_F(StateAnswerTest, CannotInventWhatIsAbsent) {
  const Digest key = path::device(test::named("invented"));
  auto answer = test::need(cbor::decode<StateAnswer>(scene.ledger.keep(scene.ledger.answer(key))));
  const Octets record = *scene.ledger.state.find(path::device(scene.camera));
  answer.item.value = ByteView(record);
  answer.item.other.reset();
  EXPECT_EQ(refusal(answer, key), not_there);
}

TEST_F(StateAnswerTest, IsNotTakenUnderAnOlderRecord) {
  const Digest key = path::device(scene.camera);
  const Octets old_record = scene.ledger.record;
  const std::size_t old_size = scene.ledger.log.size();
  const auto old_item = test::need(cbor::decode<StateAnswer>(scene.ledger.keep(scene.ledger.answer(key)))).item;
  scene.edit_device(scene.camera, [](device::Record& record) { record.state = device::State::retired; });
  scene.ledger.seal();
  // The old record, well proven to be in the log, is not its last entry any more.
  StateAnswer stale{{}, scene.ledger.anchor(), old_item};
  const auto path = scene.ledger.log.path(old_size - 1, scene.ledger.log.size());
  stale.anchor.record = old_record;
  stale.anchor.log_path = std::span<const Digest>(path);
  EXPECT_EQ(refusal(stale, key), "the block record is not the last entry of the checkpoint's log");
  // The newest record does not show the old state.
  EXPECT_EQ(refusal({{}, scene.ledger.anchor(), old_item}, key), not_there);
}

TEST_F(StateAnswerTest, UnderAnotherLedgersPolicyIsForbidden) {
  CameraScene other("another ledger");
  const Digest key = path::party(scene.bob);
  const Octets bytes = scene.ledger.answer(key);
  const Octets other_policy = other.ledger.policy(1);
  const auto refused =
      verify(test::need(cbor::decode<StateAnswer>(bytes)), key, test::need(parse_policy(other_policy)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::forbidden);
}

// What is not the record itself grows with the logarithm of the ledger: 32 bytes a level of the map and of the log.
TEST_F(StateAnswerTest, CarriesLittleBesideTheRecord) {
  const Digest key = path::device(scene.camera);
  const Octets bytes = scene.ledger.answer(key);
  const auto answer = test::need(cbor::decode<StateAnswer>(bytes));
  const std::size_t levels = answer.item.siblings.size() / 32 + answer.anchor.log_path.size();
  EXPECT_LE(bytes.size() - answer.item.value->size() - 34 * levels, 400U);
}

TEST_F(StateAnswerTest, OfANewerProgramIsNewer) {
  const Digest key = path::device(scene.camera);
  const Octets good = scene.ledger.answer(key);
  EXPECT_TRUE(verdict(test::with_field(good, 64), key));
  EXPECT_EQ(verdict(test::with_field(good, 128), key).error().code(), Code::newer);
  EXPECT_EQ(verdict(test::with_field(good, 63), key).error().code(), Code::invalid);
  Octets newer = good;
  newer[2] = std::byte{3};  // a map of three, key 1, form
  EXPECT_EQ(verdict(newer, key).error().code(), Code::newer);
}

// The newest leaf of the log, as a newer ledger writes it.
TEST_F(StateAnswerTest, UnderANewerBlockRecordIsNewer) {
  const Digest key = path::device(scene.camera);
  auto& ledger = scene.ledger;
  const Octets last = ledger.record;
  const auto answer_under = [&](const Octets& record) {
    ledger.record = record;
    ledger.log.append(merkle::leaf_hash(record));
    return ledger.answer(key);
  };
  const auto next = [&] {
    auto record = test::need(cbor::decode<BlockRecord>(last));
    record.first_leaf = ledger.log.size();
    record.committed = 0;
    return record;
  };
  EXPECT_TRUE(verdict(answer_under(encoded(next())), key));
  EXPECT_TRUE(verdict(answer_under(test::with_field(encoded(next()), 64)), key));
  EXPECT_EQ(verdict(answer_under(test::with_field(encoded(next()), 128)), key).error().code(), Code::newer);
  Octets newer = encoded(next());
  newer[2] = std::byte{3};
  EXPECT_EQ(verdict(answer_under(newer), key).error().code(), Code::newer);
  auto body = next();
  body.type = LeafType::body;
  EXPECT_EQ(verdict(answer_under(encoded(body)), key).error().code(), Code::invalid);
}

}  // namespace
}  // namespace mikusari::proof
