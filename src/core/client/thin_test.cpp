// SPDX-License-Identifier: Apache-2.0
// include/mikusari/client.hpp
#include "mikusari/client.hpp"

#include <gtest/gtest.h>

#include "client/test_world.hpp"

namespace mikusari::thin {
namespace {

using test::CameraScene;
using test::Octets;

class ThinClient : public testing::Test {
 protected:
  Octets about(const Digest& path) { return world.scene.ledger.answer(path); }
  test::World world;
  Client client = *Client::open(world.policy);
};

TEST_F(ThinClient, SaysWhatHoldsAndWhyNot) {
  const Octets answer = about(path::device(CameraScene::camera));
  const auto device = client.device({answer}, CameraScene::camera.data);
  ASSERT_TRUE(device) << device.error().text;
  EXPECT_EQ(text(device->owner), "bob");
  const auto refused = client.device({answer}, CameraScene::second.data);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, MIKUSARI_UNAUTHENTICATED);
  const Id ghost = test::named("ghost").data;
  const Octets absent = about(path::device(test::named("ghost")));
  EXPECT_EQ(client.absence({absent}, MIKUSARI_THING_DEVICE, ghost)->height, world.scene.ledger.height);
  EXPECT_FALSE(Client::open({}));
}

TEST_F(ThinClient, CoversWhatTheCLibraryDoes) {
  auto& ledger = world.scene.ledger;
  const Digest kid = CameraScene::kid(world.scene.bob_key);
  const Octets key = about(path::key(kid)), part = about(path::part(CameraScene::chip));
  EXPECT_EQ(text({reinterpret_cast<const char*>(client.key({key}, kid.data)->subject.data), 3}), "bob");
  EXPECT_EQ(client.part({part}, CameraScene::chip.data)->state, MIKUSARI_PART_MOUNTED);
  const Digest model = CameraScene::model("cam");
  const Octets image = about(path::firmware(model, CameraScene::image)), model_answer = about(path::model(model));
  EXPECT_EQ(client.firmware({image}, {model_answer}, model.data, CameraScene::image.data)->sequence, 7U);
  const Octets receipt = ledger.receipt(ledger.committed[0]);
  EXPECT_EQ(text(client.receipt({receipt})->kind_name), "part.register");
  const Octets bytes = test::PassportMaker(ledger, CameraScene::camera).make().encode();
  const auto passport = client.passport({bytes});
  ASSERT_TRUE(passport) << passport.error().text;
  EXPECT_EQ(text(passport->event(4).kind_name), "device.activate");
  EXPECT_EQ(passport->part(2).id, CameraScene::chip.data);
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
