// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"
#include "proof/policy.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class IncarnationRules : public ::testing::Test {
 protected:
  IncarnationRules() {
    key_ = world_.new_key("next signer", {}).key();
    signer_ = {"next", {std::span<const crypto::PublicKey>(&key_, 1)}, 1};
    body_.epoch = policy().epoch + 1;
    body_.signers = {std::span<const CheckpointSigner>(&signer_, 1)};
    body_.threshold = 1;
    body_.size = 7;
    body_.root = TestWorld::nonce("root");
  }
  proof::Policy policy() { return world_.find<proof::Policy>(path::policy()).value(); }
  BodyFate begin(const incarnation::Begin& body) { return world_.say(one_, body, {.approvers = {&two_}}); }

  CameraWorld world_;
  TestKey& one_ = world_.key("recovery-1");
  TestKey& two_ = world_.key("recovery-2");
  crypto::PublicKey key_;
  CheckpointSigner signer_;
  incarnation::Begin body_;
};

TEST_F(IncarnationRules, RecoveryRoleNamesTheNextSigners) {
  EXPECT_REFUSED(world_.say(one_, body_), missing_approvals);
  EXPECT_DONE(begin(body_));
  EXPECT_EQ(policy().epoch, body_.epoch);
  EXPECT_EQ((*policy().signers.begin()).name, "next");
  EXPECT_EQ(policy().recovery_keys.size(), 3U);
  EXPECT_REFUSED(begin(body_), stale);
}

TEST_F(IncarnationRules, NobodyElseSignsIt) {
  auto& chips = world_.key("chips");
  EXPECT_EQ(world_.door(world_.submission(chips, std::vector{body_})).error().code(), Code::forbidden);
  EXPECT_EQ(world_.door(world_.submission(one_, std::vector{body_}, {.approvers = {&chips}})).error().code(),
            Code::forbidden);
  EXPECT_EQ(world_.door(world_.submission(one_, std::vector{party::Close{}})).error().code(), Code::forbidden);
}

TEST_F(IncarnationRules, EpochFollowsTheOneInForce) {
  auto body = body_;
  for (const std::uint64_t epoch : {policy().epoch, policy().epoch + 2}) {
    body.epoch = epoch;
    EXPECT_REFUSED(begin(body), stale);
  }
}

TEST_F(IncarnationRules, SignersThresholdAndSizesFit) {
  auto body = body_;
  body.threshold = 2;
  EXPECT_REFUSED(begin(body), bad_threshold);
  body = body_;
  body.signers = {};
  EXPECT_REFUSED(begin(body), bad_threshold);
  body = body_;
  body.lost_size = body.size;
  EXPECT_REFUSED(begin(body), malformed_body);
  body = body_;
  key_ = one_.key();  // a recovery key signs no checkpoints
  EXPECT_REFUSED(begin(body), bad_key);
  key_ = world_.key("next signer").key();
  body.lost_size = body.size + 1;
  EXPECT_DONE(begin(body));
}

TEST_F(IncarnationRules, ReplacedRecoveryKeysAreSilent) {
  const std::vector keys{world_.new_key("r1", subject_of_party(world_.ledger()), key::Purpose::recovery).key(),
                         two_.key()};
  proposal::Content content;
  content.matter = proposal::Matter::recovery;
  content.recovery_keys = RecoveryKeys{std::span(keys)};
  content.threshold = 2;
  ASSERT_TRUE(decide(world_, content, {"chips", "cameras", "city", "clinic", "lab"}).accepted());
  body_.epoch = policy().epoch + 1;
  EXPECT_REFUSED(begin(body_), key_not_active);
  EXPECT_REFUSED(world_.say(two_, body_, {.approvers = {&one_}}), missing_approvals);
  EXPECT_DONE(world_.say(two_, body_, {.approvers = {&world_.key("r1")}}));
}

}  // namespace
}  // namespace mikusari::ledger
