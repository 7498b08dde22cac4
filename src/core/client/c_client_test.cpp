// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "client/test_world.hpp"

namespace mikusari {
namespace {

using test::CameraScene;
using test::encoded;
using test::Octets;
using test::raw;
using test::World;

class CClient : public testing::Test {
 protected:
  test::TestLedger& ledger() { return world.scene.ledger; }
  // Stores the state and begins anew with it, as after a restart.
  static mikusari_client restarted(const mikusari_client& before) {
    std::uint8_t state[MIKUSARI_STATE_BYTES_MAX];
    std::size_t size = 0;
    EXPECT_EQ(mikusari_client_state(&before, state, sizeof state, &size, nullptr), MIKUSARI_OK);
    mikusari_client out;
    EXPECT_EQ(mikusari_client_init(&out, before.policy, {state, size}, nullptr), MIKUSARI_OK);
    return out;
  }

  World world;
  mikusari_client client = world.client();
  mikusari_error error{};
};

TEST_F(CClient, UpdatesAndRemembersOverARestart) {
  const auto checkpoint = [&] { return encoded(ledger().checkpoint()); };
  ASSERT_EQ(mikusari_update(&client, world.answer(checkpoint()), &error), MIKUSARI_OK) << error.text;
  const std::size_t first = ledger().log.size();
  EXPECT_EQ(client.size, first);
  client = restarted(client);
  EXPECT_EQ(client.size, first);
  EXPECT_EQ(test::digest(client.root), ledger().log.root(first));
  const auto old = checkpoint();
  world.retire();
  EXPECT_EQ(mikusari_update(&client, world.answer(checkpoint()), &error), MIKUSARI_INVALID);
  ASSERT_EQ(mikusari_update(&client, world.answer(checkpoint(), ledger().consistency(first)), &error), MIKUSARI_OK)
      << error.text;
  client = restarted(client);
  EXPECT_EQ(mikusari_update(&client, world.answer(old), &error), MIKUSARI_CONFLICT);
  EXPECT_STREQ(error.text, "older than what was already seen: somebody hides the newer state");
  EXPECT_EQ(error.code, MIKUSARI_CONFLICT);
}

TEST_F(CClient, VerifiesADevice) {
  mikusari_device device;
  const auto answer = world.about(path::device(CameraScene::camera));
  ASSERT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::camera), &device, &error), MIKUSARI_OK)
      << error.text;
  EXPECT_EQ(device.state, MIKUSARI_DEVICE_ACTIVE);
  EXPECT_EQ(test::text(device.owner), "bob");
  EXPECT_EQ(test::text(device.maker), "acme");
  EXPECT_EQ(device.offered_to.size, 0U);
  EXPECT_EQ(test::digest(device.model), CameraScene::model("cam"));
  ASSERT_EQ(device.key_count, 1U);
  EXPECT_EQ(test::digest(device.keys[0]), CameraScene::kid(world.scene.camera_key));
  EXPECT_EQ(device.seq, 6U);
  EXPECT_EQ(device.transfers, 1U);
  EXPECT_EQ(device.place.height, ledger().height);
  ASSERT_EQ(device.part_count, 2U);
  std::uint8_t part[MIKUSARI_ID_BYTES];
  ASSERT_EQ(mikusari_device_part(&device, 1, part), MIKUSARI_OK);
  EXPECT_EQ(test::digest(part), CameraScene::battery);
  EXPECT_EQ(mikusari_device_part(&device, 2, part), MIKUSARI_NOT_FOUND);
}

TEST_F(CClient, AnswerAboutAnotherDeviceIsRefused) {
  mikusari_device device;
  const auto answer = world.about(path::device(CameraScene::camera));
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::second), &device, &error),
            MIKUSARI_UNAUTHENTICATED);
  EXPECT_EQ(device.owner.size, 0U);
  EXPECT_EQ(client.size, 0U);  // nothing was remembered
}

TEST_F(CClient, ProvesAbsence) {
  const Id ghost = test::named("ghost");
  mikusari_device device;
  mikusari_place place;
  EXPECT_EQ(mikusari_verify_device(&client, world.about(path::device(ghost)), raw(ghost), &device, &error),
            MIKUSARI_NOT_FOUND);
  EXPECT_EQ(device.place.log_size, ledger().log.size());
  EXPECT_EQ(mikusari_verify_absence(&client, world.about(path::device(ghost)), MIKUSARI_THING_DEVICE, raw(ghost.view()),
                                    &place, &error),
            MIKUSARI_OK);
  EXPECT_EQ(place.height, ledger().height);
  const auto camera = world.about(path::device(CameraScene::camera));
  EXPECT_EQ(
      mikusari_verify_absence(&client, camera, MIKUSARI_THING_DEVICE, raw(CameraScene::camera.view()), nullptr, &error),
      MIKUSARI_CONFLICT);
  EXPECT_EQ(mikusari_verify_absence(&client, world.about(path::member("carol")), MIKUSARI_THING_MEMBER,
                                    raw(as_bytes("carol")), nullptr, nullptr),
            MIKUSARI_OK);
  EXPECT_EQ(mikusari_verify_absence(&client, camera, MIKUSARI_THING_DEVICE, raw(as_bytes("short")), nullptr, &error),
            MIKUSARI_INVALID);
  EXPECT_EQ(
      mikusari_verify_absence(&client, camera, static_cast<mikusari_thing>(7), raw(ghost.view()), nullptr, &error),
      MIKUSARI_INVALID);
}

TEST_F(CClient, VerifiesAPart) {
  mikusari_part part;
  ASSERT_EQ(mikusari_verify_part(&client, world.about(path::part(CameraScene::board)), raw(CameraScene::board), &part,
                                 &error),
            MIKUSARI_OK)
      << error.text;
  EXPECT_EQ(part.state, MIKUSARI_PART_MOUNTED);
  EXPECT_EQ(part.grade, MIKUSARI_GRADE_CLAIMED);
  EXPECT_TRUE(part.has_parent && part.has_model && !part.has_key);
  EXPECT_EQ(test::digest(part.parent), CameraScene::camera);
  EXPECT_EQ(part.part_count, 1U);
  world.scene.put_part(CameraScene::battery, "cell", part::State::disputed, CameraScene::camera, {},
                       {CameraScene::camera, CameraScene::second});
  ledger().seal();
  client = world.client();
  ASSERT_EQ(mikusari_verify_part(&client, world.about(path::part(CameraScene::battery)), raw(CameraScene::battery),
                                 &part, &error),
            MIKUSARI_OK);
  EXPECT_EQ(part.state, MIKUSARI_PART_DISPUTED);
  ASSERT_EQ(part.claim_count, 2U);
  EXPECT_EQ(test::digest(part.claims[1]), CameraScene::second);
}

TEST_F(CClient, KeySpeaksOrDoesNot) {
  const Digest kid = CameraScene::kid(world.scene.camera_key);
  mikusari_key key;
  ASSERT_EQ(mikusari_verify_key(&client, world.about(path::key(kid)), raw(kid), &key, &error), MIKUSARI_OK)
      << error.text;
  EXPECT_EQ(key.subject_type, MIKUSARI_SUBJECT_DEVICE);
  EXPECT_EQ(test::digest(key.subject.data), CameraScene::camera);
  EXPECT_EQ(key.algorithm, -19);
  ASSERT_EQ(key.key_size, 32U);
  EXPECT_EQ(std::memcmp(key.key, world.scene.camera_key.public_key().bytes().data(), 32), 0);

  world.scene.put_key(world.scene.camera_key, {SubjectType::device, CameraScene::camera}, key::State::revoked);
  ledger().seal();
  client = world.client();
  EXPECT_EQ(mikusari_verify_key(&client, world.about(path::key(kid)), raw(kid), &key, &error), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the key is revoked");
  EXPECT_TRUE(key.revoked);
  EXPECT_EQ(key.reason, MIKUSARI_REASON_END_OF_LIFE);

  const Digest unknown = test::named("unknown key");
  EXPECT_EQ(mikusari_verify_key(&client, world.about(path::key(unknown)), raw(unknown), &key, &error),
            MIKUSARI_NOT_FOUND);
}

TEST_F(CClient, KeyThatDoesNotSpeakYetOrAnyMoreIsForbidden) {
  const Digest kid = CameraScene::kid(world.scene.bob_key);
  key::Record record;
  record.state = key::State::active;
  record.key = world.scene.bob_key.public_key();
  record.purpose = key::Purpose::wallet;
  record.subject = CameraScene::member("bob");
  mikusari_key key;
  const auto verdict = [&] {
    ledger().put(path::key(kid), record);
    ledger().seal();
    client = world.client();
    return mikusari_verify_key(&client, world.about(path::key(kid)), raw(kid), &key, &error);
  };
  record.from_ms = ledger().time_ms() + 10'000;
  EXPECT_EQ(verdict(), MIKUSARI_FORBIDDEN);
  EXPECT_EQ(key.from_ms, *record.from_ms);
  record.from_ms = ledger().time_ms() - 1000;
  EXPECT_EQ(verdict(), MIKUSARI_OK);
  record.until_ms = ledger().time_ms() - 1;
  EXPECT_EQ(verdict(), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the key does not speak at this time");
}

TEST_F(CClient, FirmwareMayRunOrMayNot) {
  const Id model = CameraScene::model("cam");
  mikusari_firmware firmware;
  const auto verdict = [&](const Digest& image) {
    client = world.client();
    return mikusari_verify_firmware(&client, world.about(path::firmware(model, image)), world.about(path::model(model)),
                                    raw(model), raw(image), &firmware, &error);
  };
  ASSERT_EQ(verdict(CameraScene::image), MIKUSARI_OK) << error.text;
  EXPECT_EQ(firmware.state, MIKUSARI_FIRMWARE_RELEASED);
  EXPECT_EQ(firmware.sequence, 7U);
  EXPECT_EQ(firmware.floor, 5U);
  EXPECT_EQ(firmware.size, 4096U);
  EXPECT_EQ(test::text(firmware.version), "1.0");

  EXPECT_EQ(verdict(test::named("changed image")), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(firmware.state, MIKUSARI_FIRMWARE_ABSENT);
  EXPECT_EQ(firmware.floor, 5U);
  world.scene.put_firmware(test::named("old image"), 4, firmware::State::released);
  world.scene.put_firmware(test::named("recalled image"), 8, firmware::State::recalled);
  ledger().seal();
  EXPECT_EQ(verdict(test::named("old image")), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the image is below the model's floor");
  EXPECT_EQ(verdict(test::named("recalled image")), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the image is recalled");
}

TEST_F(CClient, FirmwareIsJudgedAtOneMoment) {
  const Id model = CameraScene::model("cam");
  const auto image = world.about(path::firmware(model, CameraScene::image));
  const std::size_t first = ledger().log.size();
  world.retire();
  const auto later = world.answer(ledger().answer(path::model(model)), ledger().consistency(first));
  mikusari_firmware firmware;
  EXPECT_EQ(mikusari_verify_firmware(&client, image, later, raw(model), raw(CameraScene::image), &firmware, &error),
            MIKUSARI_UNAVAILABLE);
  EXPECT_EQ(client.size, 0U);
}

TEST_F(CClient, VerifiesAReceiptAlsoAnOlderOne) {
  const auto& body = ledger().committed[7];  // ownership.offer
  const Octets receipt = ledger().receipt(body);
  const std::size_t first = ledger().log.size();
  mikusari_event event;
  ASSERT_EQ(mikusari_verify_receipt(&client, world.answer(receipt), &event, &error), MIKUSARI_OK) << error.text;
  EXPECT_EQ(test::text(event.kind_name), "ownership.offer");
  EXPECT_EQ(event.kind, 0x0701);
  EXPECT_EQ(test::text(event.issuer), "member:acme");
  EXPECT_EQ(test::digest(event.signer), CameraScene::kid(world.scene.acme_key));
  EXPECT_TRUE(equal(std::as_bytes(std::span(event.body.data, event.body.size)), body.body));
  EXPECT_EQ(event.time_ms, body.time_ms);
  EXPECT_FALSE(event.disputed);

  world.retire();
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint()), ledger().consistency(first)), &error),
            MIKUSARI_OK);
  EXPECT_EQ(mikusari_verify_receipt(&client, world.answer(receipt), &event, &error), MIKUSARI_INVALID);
  EXPECT_EQ(event.kind, 0);
  EXPECT_EQ(mikusari_verify_receipt(&client, world.answer(receipt, ledger().consistency(first)), &event, &error),
            MIKUSARI_OK)
      << error.text;
  EXPECT_EQ(client.size, ledger().log.size());
}

TEST_F(CClient, VerifiesAPassport) {
  const Octets bytes = test::PassportMaker(ledger(), CameraScene::camera).make().encode();
  mikusari_passport passport;
  ASSERT_EQ(mikusari_verify_passport(&client, world.answer(bytes), &passport, &error), MIKUSARI_OK) << error.text;
  EXPECT_EQ(test::digest(passport.id), CameraScene::camera);
  EXPECT_EQ(test::text(passport.device.owner), "bob");
  EXPECT_EQ(passport.part_count, 3U);
  EXPECT_EQ(passport.event_count, 9U);
  EXPECT_EQ(passport.signature_count, 8U);
  mikusari_event event;
  std::vector<std::string> kinds;
  for (std::size_t i = 0; mikusari_passport_event(&passport, i, &event) == MIKUSARI_OK; ++i)
    kinds.push_back(test::text(event.kind_name));
  EXPECT_EQ(kinds, (std::vector<std::string>{"part.register", "part.register", "device.assemble", "device.assemble",
                                             "device.activate", "ownership.offer", "ownership.accept", "device.attach",
                                             "device.detach"}));
  mikusari_part part;
  std::uint8_t id[MIKUSARI_ID_BYTES];
  std::vector<Digest> parts;
  for (std::size_t i = 0; mikusari_passport_part(&passport, i, id, &part) == MIKUSARI_OK; ++i)
    parts.push_back(test::digest(id));
  EXPECT_EQ(parts, (std::vector<Digest>{CameraScene::board, CameraScene::battery, CameraScene::chip}));
  EXPECT_EQ(mikusari_passport_part(&passport, ~std::size_t{0}, id, &part), MIKUSARI_NOT_FOUND);

  const std::size_t first = ledger().log.size();
  world.retire();
  ASSERT_EQ(mikusari_update(&client, world.answer(encoded(ledger().checkpoint()), ledger().consistency(first)), &error),
            MIKUSARI_OK);
  EXPECT_EQ(mikusari_verify_passport(&client, world.answer(bytes), &passport, &error), MIKUSARI_CONFLICT);
  EXPECT_EQ(passport.event_count, 0U);
}

TEST_F(CClient, AsksForFreshnessByItsClock) {
  mikusari_device device;
  const auto answer = world.about(path::device(CameraScene::camera));
  client.now = ledger().time_ms() / 1000 + 3600;
  client.max_age = 60;
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::camera), &device, &error), MIKUSARI_UNAVAILABLE);
  client.max_age = 3600;
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::camera), &device, &error), MIKUSARI_OK);
}

TEST_F(CClient, RefusesNullsAndBrokenMemory) {
  mikusari_device device;
  const auto answer = world.about(path::device(CameraScene::camera));
  EXPECT_EQ(mikusari_verify_device(nullptr, answer, raw(CameraScene::camera), &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, {}, raw(CameraScene::camera), &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, answer, nullptr, &device, &error), MIKUSARI_INVALID);
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::camera), nullptr, &error), MIKUSARI_INVALID);
  EXPECT_STREQ(error.text, "a required pointer is NULL");
  EXPECT_EQ(mikusari_client_init(&client, {}, {}, nullptr), MIKUSARI_INVALID);

  client = world.client();
  world.policy[40] ^= std::byte{1};  // under the client
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(CameraScene::camera), &device, &error), MIKUSARI_CORRUPT);
}

TEST_F(CClient, StateNeedsRoom) {
  std::uint8_t small[16];
  std::size_t size = 1;
  EXPECT_EQ(mikusari_client_state(&client, small, sizeof small, &size, &error), MIKUSARI_EXHAUSTED);
  EXPECT_EQ(size, 0U);
}

}  // namespace
}  // namespace mikusari
