// SPDX-License-Identifier: Apache-2.0
// What the ledger says of one thing now: devices, parts, parties, firmware.
#include "client/test_c_client.hpp"

namespace mikusari {
namespace {

using test::raw;

class CRecords : public CClient {
 protected:
  mikusari_code verify(const Id& id, mikusari_device& out) {
    client = world.client();
    return mikusari_verify_device(&client, world.about(path::device(id)), raw(id), &out, &error);
  }
  mikusari_code verify(const Id& id, mikusari_part& out) {
    client = world.client();
    return mikusari_verify_part(&client, world.about(path::part(id)), raw(id), &out, &error);
  }
  mikusari_code verify(const Handle& handle, mikusari_party& out) {
    client = world.client();
    return mikusari_verify_party(&client, world.about(path::party(handle)), raw(handle), &out, &error);
  }
};

TEST_F(CRecords, VerifiesADevice) {
  mikusari_device device;
  ASSERT_EQ(verify(scene().camera, device), MIKUSARI_OK) << error.text;
  EXPECT_EQ(device.state, MIKUSARI_DEVICE_ACTIVE);
  const auto& common = device.common;
  EXPECT_TRUE(common.has_maker && common.has_owner && common.has_model);
  EXPECT_EQ(test::digest(common.maker), scene().acme());
  EXPECT_EQ(test::digest(common.owner), scene().bob);
  EXPECT_EQ(test::digest(common.custodian), scene().bob);  // the record leaves it out
  EXPECT_FALSE(common.offered || common.shipped || common.shipped_with_title);
  EXPECT_EQ(test::digest(common.model), scene().model("cam"));
  EXPECT_EQ(common.blinded_class, MIKUSARI_CLASS_NONE);
  ASSERT_EQ(common.key_count, 1U);
  EXPECT_EQ(test::digest(common.keys[0].key), test::kid(scene().camera_key));
  EXPECT_EQ(common.keys[0].purpose, MIKUSARI_PURPOSE_WALLET);
  EXPECT_EQ(common.events, 6U);
  EXPECT_EQ(common.title, 1U);
  EXPECT_EQ(common.tenure, 1U);
  EXPECT_EQ(device.place.height, ledger().height);
  EXPECT_EQ(device.place.policy_epoch, 1U);
  ASSERT_EQ(common.part_count, 2U);
  std::uint8_t part[MIKUSARI_ID_BYTES];
  ASSERT_EQ(mikusari_mounted_part(device.record, 1, part), MIKUSARI_OK);
  EXPECT_EQ(test::digest(part), scene().battery);
  EXPECT_EQ(mikusari_mounted_part(device.record, 2, part), MIKUSARI_NOT_FOUND);
}

// Whoever is equal is left out of the record, and given out in full.
TEST_F(CRecords, GivesOwnerAndCustodianInFull) {
  mikusari_device device;
  ASSERT_EQ(verify(scene().second, device), MIKUSARI_OK) << error.text;
  EXPECT_EQ(test::digest(device.common.owner), scene().acme());
  EXPECT_EQ(test::digest(device.common.custodian), scene().acme());
  const Handle carrier = test::named("carrier"), buyer = test::named("buyer");
  scene().edit_device(scene().second, [&](device::Record& record) {
    record.custodian = carrier;
    record.offered_to = buyer;
    record.offer_from_ms = 77;
    record.shipped_to = buyer;
    record.alarms = 3;
    record.state = device::State::suspended;
  });
  ledger().seal();
  ASSERT_EQ(verify(scene().second, device), MIKUSARI_OK) << error.text;
  EXPECT_EQ(device.state, MIKUSARI_DEVICE_SUSPENDED);
  EXPECT_EQ(test::digest(device.common.owner), scene().acme());
  EXPECT_EQ(test::digest(device.common.custodian), carrier);
  EXPECT_TRUE(device.common.offered && device.common.shipped && !device.common.shipped_with_title);
  EXPECT_EQ(test::digest(device.common.offered_to), buyer);
  EXPECT_EQ(test::digest(device.common.shipped_to), buyer);
  EXPECT_EQ(device.common.offer_from_ms, 77U);
  EXPECT_EQ(device.common.alarms, 3U);
}

TEST_F(CRecords, AnswerAboutAnotherDeviceIsRefused) {
  mikusari_device device;
  const auto answer = world.about(path::device(scene().camera));
  EXPECT_EQ(mikusari_verify_device(&client, answer, raw(scene().second), &device, &error), MIKUSARI_UNAUTHENTICATED);
  EXPECT_FALSE(device.common.has_owner);
  EXPECT_EQ(client.size, 0U);  // nothing was remembered
}

TEST_F(CRecords, ProvesAbsence) {
  const Id ghost = test::named("ghost");
  mikusari_device device;
  mikusari_place place;
  EXPECT_EQ(verify(ghost, device), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(device.place.log_size, ledger().log.size());
  const auto absent = [&](mikusari_thing type, ByteView id) {
    const Digest path = test::need(proof::path_of(static_cast<proof::ThingType>(type), id));
    return mikusari_verify_absence(&client, world.about(path), type, raw(id), &place, &error);
  };
  EXPECT_EQ(absent(MIKUSARI_THING_DEVICE, ghost), MIKUSARI_OK);
  EXPECT_EQ(place.height, ledger().height);
  EXPECT_EQ(absent(MIKUSARI_THING_DEVICE, scene().camera), MIKUSARI_CONFLICT);
  EXPECT_EQ(absent(MIKUSARI_THING_PARTY, ghost), MIKUSARI_OK);
  EXPECT_EQ(absent(MIKUSARI_THING_PARTY, scene().bob), MIKUSARI_CONFLICT);
  test::Octets firmware(40), role(72);
  EXPECT_EQ(absent(MIKUSARI_THING_FIRMWARE, firmware), MIKUSARI_OK);
  EXPECT_EQ(absent(MIKUSARI_THING_ROLE, role), MIKUSARI_OK);
  const auto camera = world.about(path::device(scene().camera));
  EXPECT_EQ(mikusari_verify_absence(&client, camera, MIKUSARI_THING_DEVICE, raw(as_bytes("short")), nullptr, &error),
            MIKUSARI_INVALID);
  for (const int type : {0, 8}) {
    EXPECT_EQ(
        mikusari_verify_absence(&client, camera, static_cast<mikusari_thing>(type), raw(ghost.view()), nullptr, &error),
        MIKUSARI_INVALID);
  }
}

TEST_F(CRecords, VerifiesAPart) {
  mikusari_part part;
  ASSERT_EQ(verify(scene().board, part), MIKUSARI_OK) << error.text;
  EXPECT_EQ(part.state, MIKUSARI_PART_MOUNTED);
  EXPECT_EQ(part.grade, MIKUSARI_GRADE_CLAIMED);
  EXPECT_TRUE(part.has_parent && part.common.has_model && part.common.has_maker);
  EXPECT_FALSE(part.accepted || part.salvaged || part.revoked);
  EXPECT_EQ(test::digest(part.parent), scene().camera);
  EXPECT_EQ(part.common.part_count, 1U);
  std::uint8_t id[MIKUSARI_ID_BYTES];
  ASSERT_EQ(mikusari_mounted_part(part.record, 0, id), MIKUSARI_OK);
  EXPECT_EQ(test::digest(id), scene().chip);
  // Who owns a mounted part, another record says: that of its root.
  EXPECT_FALSE(part.common.has_owner);
  EXPECT_EQ(test::digest(part.common.owner), Digest{});
  EXPECT_EQ(test::digest(part.common.custodian), Digest{});
}

TEST_F(CRecords, ShowsWhatAPartCarriesForEver) {
  mikusari_part part;
  ASSERT_EQ(verify(scene().spare, part), MIKUSARI_OK);
  EXPECT_EQ(part.state, MIKUSARI_PART_STOCK);
  EXPECT_EQ(part.grade, MIKUSARI_GRADE_NONE);
  EXPECT_FALSE(part.has_parent);
  EXPECT_EQ(test::digest(part.common.owner), scene().acme());
  scene().edit_part(scene().spare, [&](part::Record& record) {
    record.maker.reset();
    record.model.reset();
    record.owner = scene().bob;
    record.accepted = record.salvaged = record.revoked = true;
  });
  ledger().seal();
  ASSERT_EQ(verify(scene().spare, part), MIKUSARI_OK);
  EXPECT_TRUE(part.accepted && part.salvaged && part.revoked);
  EXPECT_FALSE(part.common.has_maker || part.common.has_model);
  EXPECT_EQ(test::digest(part.common.owner), scene().bob);
  scene().edit_part(scene().spare, [&](part::Record& record) {
    record.model = test::named("blinded");
    record.blinded_class = thing::Class::battery;
  });
  ledger().seal();
  ASSERT_EQ(verify(scene().spare, part), MIKUSARI_OK);
  EXPECT_EQ(part.common.blinded_class, MIKUSARI_CLASS_BATTERY);
  EXPECT_EQ(test::digest(part.common.model), test::named("blinded"));
}

TEST_F(CRecords, VerifiesAMemberAndAnotherParty) {
  const Role roles[] = {Role::maker, Role::registrar};
  ledger().edit<party::Record>(path::party(scene().acme()),
                               [&](party::Record& record) { record.roles = std::span<const Role>(roles); });
  ledger().seal();
  mikusari_party party;
  ASSERT_EQ(verify(scene().acme(), party), MIKUSARI_OK) << error.text;
  EXPECT_EQ(party.state, MIKUSARI_PARTY_ACTIVE);
  EXPECT_TRUE(party.is_member);
  EXPECT_EQ(test::text(party.name), "acme");
  EXPECT_EQ(party.weight, 1U);
  EXPECT_EQ(party.roles, (1U << 1U) | (1U << 2U));
  ASSERT_EQ(party.key_count, 1U);
  EXPECT_EQ(test::digest(party.keys[0].key), test::kid(scene().acme_key));

  ASSERT_EQ(verify(scene().bob, party), MIKUSARI_OK) << error.text;
  EXPECT_FALSE(party.is_member);
  EXPECT_EQ(test::digest(party.registrar), scene().acme());
  EXPECT_EQ(party.name.size, 0U);
  EXPECT_EQ(party.weight, 0U);
  EXPECT_EQ(party.roles, 0U);

  EXPECT_EQ(verify(test::named("nobody"), party), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(party.place.log_size, ledger().log.size());
  EXPECT_EQ(party.key_count, 0U);
}

// As many keys as a party may have, each with all that is said of it.
TEST_F(CRecords, ListsEveryKeyOfAParty) {
  std::vector<key::Entry> keys(limits::keys_of_party_max);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i].key = test::named("key " + std::to_string(i));
    keys[i].purpose = key::Purpose::release;
    keys[i].frozen = i == 3;
    keys[i].from_ms = i;
    keys[i].until_ms = 100 + i;
  }
  ledger().edit<party::Record>(path::party(scene().acme()),
                               [&](party::Record& record) { record.keys = std::span<const key::Entry>(keys); });
  ledger().seal();
  mikusari_party party;
  ASSERT_EQ(verify(scene().acme(), party), MIKUSARI_OK) << error.text;
  ASSERT_EQ(party.key_count, std::size_t{MIKUSARI_PARTY_KEYS_MAX});
  for (std::size_t i = 0; i < keys.size(); ++i) {
    EXPECT_EQ(test::digest(party.keys[i].key), keys[i].key);
    EXPECT_EQ(party.keys[i].purpose, MIKUSARI_PURPOSE_RELEASE);
    EXPECT_EQ(party.keys[i].frozen, i == 3);
    EXPECT_EQ(party.keys[i].from_ms, i);
    EXPECT_EQ(party.keys[i].until_ms, 100 + i);
    EXPECT_FALSE(party.keys[i].has_root);
  }
}

// --- firmware

class CFirmware : public CClient {
 protected:
  mikusari_code verify(const Digest& which, std::uint64_t sequence) {
    client = world.client();
    return mikusari_verify_firmware(&client, world.about(path::image(model, which)),
                                    world.about(path::firmware(model, sequence)), world.about(path::model(model)),
                                    raw(model), raw(which), &firmware, &error);
  }
  void release(std::uint64_t sequence, const Digest& which, firmware::State state) {
    scene().put_firmware(sequence, which, state);
    ledger().seal();
  }

  const Digest& image = test::CameraScene::image;
  const Id model = world.scene.model("cam");
  mikusari_firmware firmware{};
};

TEST_F(CFirmware, MayRunWhenItIsReleased) {
  ASSERT_EQ(verify(image, 7), MIKUSARI_OK) << error.text;
  EXPECT_EQ(firmware.state, MIKUSARI_FIRMWARE_RELEASED);
  EXPECT_EQ(firmware.sequence, 7U);
  EXPECT_EQ(firmware.floor, 5U);
  EXPECT_EQ(firmware.latest, 7U);
  EXPECT_EQ(firmware.available, 7U);
  EXPECT_EQ(firmware.size, 4096U);
  EXPECT_FALSE(firmware.withdrawn);
  const auto record = test::need(cbor::decode<firmware::Record>(*ledger().state.find(path::firmware(model, 7))));
  EXPECT_EQ(test::digest(firmware.text), record.text);
  EXPECT_EQ(firmware.place.log_size, ledger().log.size());
}

TEST_F(CFirmware, IsAbsentWhenNobodyReleasedIt) {
  const Digest changed = test::named("changed image");
  EXPECT_EQ(verify(changed, 7), MIKUSARI_NOT_FOUND);
  EXPECT_EQ(firmware.state, MIKUSARI_FIRMWARE_ABSENT);
  EXPECT_EQ(firmware.floor, 5U);
  client = world.client();  // the release need not be asked for
  EXPECT_EQ(mikusari_verify_firmware(&client, world.about(path::image(model, changed)), {},
                                     world.about(path::model(model)), raw(model), raw(changed), &firmware, &error),
            MIKUSARI_NOT_FOUND);
  const Id unknown = test::named("no such model");
  EXPECT_EQ(mikusari_verify_firmware(&client, world.about(path::image(unknown, image)), {},
                                     world.about(path::model(unknown)), raw(unknown), raw(image), &firmware, &error),
            MIKUSARI_NOT_FOUND);
  EXPECT_STREQ(error.text, "the ledger has no such model");
}

TEST_F(CFirmware, MayNotRunWhenHaltedRecalledOrBelowTheFloor) {
  const Digest old = test::named("old"), halted = test::named("halted"), recalled = test::named("recalled");
  release(4, old, firmware::State::released);
  release(8, halted, firmware::State::halted);
  release(9, recalled, firmware::State::recalled);
  EXPECT_EQ(verify(old, 4), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the image is below the model's floor");
  EXPECT_EQ(firmware.sequence, 4U);
  EXPECT_EQ(verify(halted, 8), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the release of the image is halted");
  EXPECT_EQ(firmware.state, MIKUSARI_FIRMWARE_HALTED);
  EXPECT_EQ(verify(recalled, 9), MIKUSARI_FORBIDDEN);
  EXPECT_STREQ(error.text, "the release of the image is recalled");
  ledger().edit<model::Record>(path::model(model), [](model::Record& record) {
    record.floor = 4;
    record.state = model::State::withdrawn;
  });
  ledger().seal();
  EXPECT_EQ(verify(old, 4), MIKUSARI_OK);
  EXPECT_TRUE(firmware.withdrawn);
}

TEST_F(CFirmware, IsJudgedByTheReleaseThatItsImageNames) {
  const Digest other = test::named("other image");
  release(8, other, firmware::State::released);
  // Release 8 proves nothing of the image of release 7.
  EXPECT_EQ(verify(image, 8), MIKUSARI_UNAUTHENTICATED);
  EXPECT_EQ(client.size, 0U);
  EXPECT_EQ(verify(image, 7), MIKUSARI_OK);
  // A ledger whose record of the image names a release without it, or none.
  ledger().put(path::image(model, image), firmware::ImageRecord{{}, 8});
  ledger().seal();
  EXPECT_EQ(verify(image, 8), MIKUSARI_UNAUTHENTICATED);
  ledger().put(path::image(model, image), firmware::ImageRecord{{}, 99});
  ledger().seal();
  EXPECT_EQ(verify(image, 99), MIKUSARI_UNAUTHENTICATED);
}

TEST_F(CFirmware, IsJudgedAtOneMoment) {
  const auto first_image = world.about(path::image(model, image)),
             first_release = world.about(path::firmware(model, 7)), first_model = world.about(path::model(model));
  const std::size_t first = ledger().log.size();
  release(8, test::named("newer"), firmware::State::released);
  const auto proof = ledger().consistency(first);
  const auto later_release = world.answer(ledger().answer(path::firmware(model, 7)), proof);
  const auto later_model = world.answer(ledger().answer(path::model(model)), proof);
  EXPECT_EQ(mikusari_verify_firmware(&client, first_image, first_release, later_model, raw(model), raw(image),
                                     &firmware, &error),
            MIKUSARI_UNAVAILABLE);
  EXPECT_EQ(mikusari_verify_firmware(&client, first_image, later_release, later_model, raw(model), raw(image),
                                     &firmware, &error),
            MIKUSARI_UNAVAILABLE);
  EXPECT_EQ(client.size, 0U);
  EXPECT_EQ(mikusari_verify_firmware(&client, first_image, first_release, first_model, raw(model), raw(image),
                                     &firmware, &error),
            MIKUSARI_OK);
}

TEST_F(CFirmware, NeedsItsAnswers) {
  const auto image_answer = world.about(path::image(model, image)), model_answer = world.about(path::model(model));
  EXPECT_EQ(
      mikusari_verify_firmware(&client, image_answer, {}, model_answer, raw(model), raw(image), &firmware, &error),
      MIKUSARI_INVALID);
  EXPECT_STREQ(error.text, "a required answer is missing");
  EXPECT_EQ(client.size, 0U);
  EXPECT_EQ(mikusari_verify_firmware(&client, image_answer, {}, {}, raw(model), raw(image), &firmware, &error),
            MIKUSARI_INVALID);
}

}  // namespace
}  // namespace mikusari
