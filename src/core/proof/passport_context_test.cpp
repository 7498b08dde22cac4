// SPDX-License-Identifier: Apache-2.0
// What else stands in a passport: models, their names and openings, parties, firmware, roles.
#include "proof/test_passport.hpp"

namespace mikusari::proof {
namespace {

using test::Octets;

constexpr auto nothing_refers = "the passport has a key, model, party, firmware or role that nothing in it refers to";
constexpr auto wrong_text = "a text in the passport is not the one that the ledger names";
constexpr auto wrong_opening = "the opening of a model is not the one that the ledger has recorded";

Octets joined(std::initializer_list<ByteView> parts) {
  Octets out;
  for (const auto part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}
Octets number(std::uint8_t value) {
  Octets out(8);
  out[7] = std::byte{value};
  return out;
}

class PassportContext : public PassportTest {
 protected:
  Octets firmware_id(std::uint8_t sequence) const { return joined({scene.model("cam"), number(sequence)}); }
  // acme grants bob the part of an inspector of the camera.
  Octets grant(const Handle& to) {
    role::Record record;
    record.state = role::State::granted;
    record.role = Role::inspector;
    record.from = scene.acme();
    record.to = to;
    record.scope = scene.camera;
    scene.ledger.put(path::role(to, Role::inspector, scene.camera), record);
    scene.ledger.seal();
    return joined({to, number(static_cast<std::uint8_t>(Role::inspector)), scene.camera});
  }
};

TEST_F(PassportContext, MayCarryWhatItsRecordsName) {
  const Octets role = grant(scene.bob);
  const auto passport = maker()
                            .with(ThingType::party, scene.acme())
                            .with(ThingType::party, scene.bob)
                            .with(ThingType::firmware, firmware_id(7))
                            .with(ThingType::role, role)
                            .make();
  EXPECT_EQ(passport.things.size(), 15U);
  EXPECT_EQ(verdict(passport), "complete");
}

TEST_F(PassportContext, RefusesWhatNothingRefersTo) {
  auto carol = test::signer_from("carol");
  scene.put_party(carol);
  scene.put_model("unrelated", model::Class::chip);
  const Handle handle = scene.opened(carol);
  const Octets role = grant(handle);
  const Digest key = test::kid(carol);
  const Id model = scene.model("unrelated");
  EXPECT_EQ(verdict(maker().with(ThingType::key, key).make()), nothing_refers);
  EXPECT_EQ(verdict(maker().with(ThingType::model, model).make()), nothing_refers);
  EXPECT_EQ(verdict(maker().with(ThingType::party, handle).make()), nothing_refers);
  EXPECT_EQ(verdict(maker().with(ThingType::role, role).make()), nothing_refers);
  scene.ledger.put(path::firmware(model, 1), [&] {
    firmware::Record record;
    record.state = firmware::State::released;
    record.model = model;
    record.sequence = 1;
    return record;
  }());
  scene.ledger.seal();
  EXPECT_EQ(verdict(maker().with(ThingType::firmware, joined({model, number(1)})).make()), nothing_refers);
}

// A key of the device that has signed nothing yet belongs to it.
TEST_F(PassportContext, MayCarryKeysOfItsThings) {
  auto attestation = test::signer_from("attestation key");
  scene.put_key(attestation, scene.camera_subject(), key::Purpose::attestation);
  const Digest kid = test::kid(attestation);
  scene.ledger.seal();
  EXPECT_EQ(verdict(maker().with(ThingType::key, kid).make()), nothing_refers);
  std::vector<key::Entry> keys{test::Scene::entry_of(scene.camera_key), test::Scene::entry_of(attestation)};
  scene.edit_device(scene.camera, [&](device::Record& record) { record.keys = std::span<const key::Entry>(keys); });
  scene.ledger.seal();
  EXPECT_EQ(verdict(maker().with(ThingType::key, kid).make()), "complete");
}

// --- records that are not their own

TEST_F(PassportContext, RefusesRecordsThatAreNotTheirOwn) {
  constexpr auto refused = "a record in the passport is not the thing's own";
  auto& ledger = scene.ledger;
  const auto spoiled = [&](ThingType type, const Octets& id, const Octets& record) {
    const Digest path = test::need(path_of(type, id));
    const Octets before = *ledger.state.find(path);
    ledger.state.put(path, record);
    ledger.seal();
    const auto out = verdict(maker().with(type, id).make());
    ledger.state.put(path, before);
    return out;
  };
  const Octets role = grant(scene.bob), firmware = firmware_id(7);
  const Handle acme = scene.acme();
  for (const auto& change : std::vector<std::function<void(role::Record&)>>{
           [&](auto& record) { record.to = acme; }, [](auto& record) { record.role = Role::gate; },
           [&](auto& record) { record.scope = acme; }}) {
    auto record =
        test::need(cbor::decode<role::Record>(*ledger.state.find(test::need(path_of(ThingType::role, role)))));
    change(record);
    EXPECT_EQ(spoiled(ThingType::role, role, test::encoded(record)), refused);
  }
  for (const auto& change : std::vector<std::function<void(firmware::Record&)>>{
           [](auto& record) { record.sequence = 8; }, [&](auto& record) { record.model = scene.model("soc"); }}) {
    const Octets bytes = *ledger.state.find(test::need(path_of(ThingType::firmware, firmware)));
    auto record = test::need(cbor::decode<firmware::Record>(bytes));
    change(record);
    EXPECT_EQ(spoiled(ThingType::firmware, firmware, test::encoded(record)), refused);
  }
  const Octets bytes = *ledger.state.find(path::party(acme));
  auto party = test::need(cbor::decode<party::Record>(bytes));
  party.name = "another";
  EXPECT_EQ(spoiled(ThingType::party, Octets(acme.data.begin(), acme.data.end()), test::encoded(party)), refused);
}

// --- texts

TEST_F(PassportContext, ShowsTheNamesOfModelsAndFirmware) {
  auto passport = maker().with(ThingType::firmware, firmware_id(7)).make();
  const auto& model = model_of(passport, scene.model("cam"));
  ASSERT_TRUE(model.text);
  EXPECT_EQ(cbor::decode<model::Register>(model.text->body)->name, "cam");
  const auto body = scene.ledger.committed[4];  // of the release
  auto& firmware = passport.thing(ThingType::firmware, firmware_id(7));
  firmware.text = PassportText{body.salt, body.body};
  EXPECT_EQ(cbor::decode<firmware::Release>(body.body)->version, "1.7");
  EXPECT_EQ(verdict(passport), "complete");
  // Who does not have the text leaves it out.
  for (auto& thing : passport.things) thing.text.reset();
  EXPECT_EQ(verdict(passport), "complete");
}

TEST_F(PassportContext, RefusesATextThatTheLedgerDoesNotName) {
  auto passport = pieces();
  auto& model = model_of(passport, scene.model("cam"));
  const auto other = *model_of(passport, scene.model("soc")).text;
  model.text->body = other.body;
  EXPECT_EQ(verdict(passport), wrong_text);
  model.text = other;
  EXPECT_EQ(verdict(passport), wrong_text);
  passport = maker().with(ThingType::firmware, firmware_id(7)).make();
  passport.thing(ThingType::firmware, firmware_id(7)).text = other;
  EXPECT_EQ(verdict(passport), wrong_text);
  passport = pieces();
  camera_of(passport).text = other;
  EXPECT_EQ(verdict(passport), "only models and firmware have a text");
}

// --- models

TEST_F(PassportContext, RefusesAModelThatIsMissing) {
  auto passport = pieces();
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, scene.model("soc")); });
  EXPECT_EQ(verdict(passport), "the model of the device or of a part is missing from the passport");
  EXPECT_EQ(verified(passport).error().code(), Code::not_found);
}

// The chip's model is blinded: the ledger shows its class and a commitment.
class BlindedChip : public PassportContext {
 protected:
  BlindedChip() { blind(scene.model("soc"), thing::Class::chip); }
  void blind(const Id& model, thing::Class its_class) {
    scene.edit_part(scene.chip, [&](part::Record& record) {
      record.model = names::blinded(salt, model);
      record.blinded_class = its_class;
    });
    scene.ledger.seal();
  }
  // With the opening, and the model that it opens.
  Pieces opened(const Id& model) {
    auto passport = maker().make();
    part_of(passport, scene.chip).opening = ModelOpening{salt, model};
    const auto at = std::find_if(passport.things.begin(), passport.things.end(), [&](const auto& thing) {
      return thing.type > ThingType::model || (thing.type == ThingType::model && less(model, thing.id));
    });
    if (std::none_of(passport.things.begin(), passport.things.end(),
                     [&](const auto& thing) { return equal(thing.id, model); })) {
      passport.things.insert(at, {ThingType::model,
                                  Octets(model.data.begin(), model.data.end()),
                                  scene.ledger.item(path::model(model)),
                                  {},
                                  {},
                                  {}});
    }
    return passport;
  }
  std::string unproved(const Pieces& passport) {
    const auto page = verified(passport);
    return page ? std::to_string(page->unproved_models) : page.error().text();
  }

  const Bytes<16> salt = Bytes<16>::copy(test::named("salt of the chip").view().first(16));
};

TEST_F(BlindedChip, IsUnprovedUntilItIsOpened) {
  EXPECT_EQ(unproved(pieces()), "1");
  EXPECT_EQ(unproved(opened(scene.model("soc"))), "0");
  EXPECT_EQ(verdict(opened(scene.model("soc"))), "complete");
}

TEST_F(BlindedChip, IsNotOpenedByAnotherModelOrSalt) {
  EXPECT_EQ(unproved(opened(scene.model("cell"))), wrong_opening);
  auto passport = opened(scene.model("soc"));
  part_of(passport, scene.chip).opening->salt.data[0] ^= std::byte{1};
  EXPECT_EQ(unproved(passport), wrong_opening);
  // The model that is opened must be there.
  passport = opened(scene.model("soc"));
  std::erase_if(passport.things, [&](const auto& thing) { return equal(thing.id, scene.model("soc")); });
  EXPECT_EQ(unproved(passport), "the model of the device or of a part is missing from the passport");
}

// Who registers a part may blind the id of anybody's model: that proves nothing.
TEST_F(BlindedChip, StaysUnprovedUnderAnothersModel) {
  scene.ledger.edit<model::Record>(path::model(scene.model("soc")),
                                   [](model::Record& record) { record.vendor = test::named("somebody else"); });
  scene.ledger.seal();
  EXPECT_EQ(unproved(opened(scene.model("soc"))), "1");
}

TEST_F(BlindedChip, StaysUnprovedUnderAnotherClass) {
  blind(scene.model("soc"), thing::Class::battery);
  EXPECT_EQ(unproved(opened(scene.model("soc"))), "1");
}

TEST_F(BlindedChip, OpensOnlyWhatIsBlinded) {
  auto passport = opened(scene.model("soc"));
  part_of(passport, scene.battery).opening = ModelOpening{salt, scene.model("cell")};
  EXPECT_EQ(unproved(passport), "a thing has an opening of a model that is not blinded");
  passport = opened(scene.model("soc"));
  model_of(passport, scene.model("cell")).opening = ModelOpening{salt, scene.model("cell")};
  EXPECT_EQ(unproved(passport), "only the device and its parts have a model to open");
}

TEST_F(PassportContext, HoldsForAPartThatTheLedgerDidNotKnow) {
  scene.edit_part(scene.chip, [](part::Record& record) {
    record.model.reset();
    record.maker.reset();
    record.accepted = true;
  });
  scene.ledger.seal();
  const auto page = verified(pieces());
  ASSERT_TRUE(page) << page.error().message();
  EXPECT_EQ(page->unproved_models, 0U);
  EXPECT_TRUE(page->complete);
}

}  // namespace
}  // namespace mikusari::proof
