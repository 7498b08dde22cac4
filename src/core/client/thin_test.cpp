// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.hpp
#include "mikusari/client.hpp"

#include <gtest/gtest.h>

#include "client/test_world.hpp"
#include "proof/test_step.hpp"

namespace mikusari::thin {
namespace {

using test::CameraScene;
using test::Octets;

class ThinClient : public testing::Test {
 protected:
  Octets about(const Digest& path) { return world.scene.ledger.answer(path); }
  CameraScene& scene() { return world.scene; }
  test::World world;
  Client client = *Client::open(world.policy);
};

TEST_F(ThinClient, SaysWhatHoldsAndWhyNot) {
  const Octets answer = about(path::device(scene().camera));
  const auto device = client.device({answer}, scene().camera.data);
  ASSERT_TRUE(device) << device.error().text;
  EXPECT_EQ(id(device->common.owner), scene().bob.data);
  const auto refused = client.device({answer}, scene().second.data);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MIKUSARI_UNAUTHENTICATED);
  const Id ghost = test::named("ghost").data;
  const Octets absent = about(path::device(test::named("ghost")));
  EXPECT_EQ(client.absence({absent}, MIKUSARI_THING_DEVICE, ghost)->height, world.scene.ledger.height);
  EXPECT_FALSE(Client::open({}));
}

TEST_F(ThinClient, CoversWhatTheCLibraryDoes) {
  auto& ledger = world.scene.ledger;
  const Digest kid = test::kid(scene().bob_key);
  const Octets key = about(path::key(kid)), bob = about(path::party(scene().bob)),
               part = about(path::part(scene().chip));
  EXPECT_EQ(id(client.key({key}, {bob}, kid.data)->subject), scene().bob.data);
  EXPECT_EQ(client.party({bob}, scene().bob.data)->state, MIKUSARI_PARTY_ACTIVE);
  EXPECT_EQ(client.part({part}, scene().chip.data)->state, MIKUSARI_PART_MOUNTED);
  const Digest model = scene().model("cam");
  const Octets image = about(path::image(model, CameraScene::image)), release = about(path::firmware(model, 7)),
               model_answer = about(path::model(model));
  EXPECT_EQ(client.firmware({image}, {release}, {model_answer}, model.data, CameraScene::image.data)->sequence, 7U);
  const Octets receipt = ledger.receipt(ledger.committed[0]);
  EXPECT_EQ(text(client.receipt({receipt})->kind_name), "model.register");
  const Octets bytes = test::PassportMaker(ledger, scene().camera).make().encode();
  const auto passport = client.passport({bytes});
  ASSERT_TRUE(passport) << passport.error().text;
  EXPECT_EQ(text(passport->event(4).kind_name), "device.activate");
  EXPECT_TRUE((*passport)->complete);
  EXPECT_EQ(passport->part(2).id, scene().chip.data);
  EXPECT_EQ(passport->part(2).run.count, 2U);
}

TEST_F(ThinClient, TakesAStepToAnotherPolicy) {
  auto& ledger = world.scene.ledger;
  ledger.add_recovery_key("recovery");
  ledger.recovery_threshold = 1;
  const Octets policy = ledger.policy(1);
  client = *Client::open(policy);
  test::StepMaker maker(ledger);
  const Octets submission = maker.make();
  std::array<std::byte, 1024> room{};
  const auto step = client.policy_step(submission, room);
  ASSERT_TRUE(step) << step.error().text;
  EXPECT_EQ(step->epoch, 2U);
  EXPECT_EQ(client.policy().data(), room.data());
  ledger.checkpoint_keys = std::move(maker.signers);
  ledger.epoch = 2;
  ledger.seal();
  const Octets checkpoint = test::encoded(ledger.checkpoint());
  EXPECT_TRUE(client.update({checkpoint}));
}

TEST_F(ThinClient, KeepsItsStateOverARestart) {
  auto& ledger = world.scene.ledger;
  const Octets checkpoint = test::encoded(ledger.checkpoint());
  ASSERT_TRUE(client.update({checkpoint}));
  const auto state = client.state();
  ASSERT_TRUE(state);
  const std::size_t first = client.log_size();
  world.retire();
  auto again = Client::open(world.policy, state->view());
  ASSERT_TRUE(again) << again.error().text;
  const Octets newer = test::encoded(ledger.checkpoint()), consistency = ledger.consistency(first);
  EXPECT_EQ(again->update({newer}).error().code, MIKUSARI_INVALID);
  EXPECT_TRUE(again->update({newer, consistency}));
  EXPECT_EQ(again->time(), ledger.time_ms() / 1000);
  again->set_clock(again->time() + 100, 10);
  EXPECT_EQ(again->update({newer}).error().code, MIKUSARI_UNAVAILABLE);
}

}  // namespace
}  // namespace mikusari::thin
