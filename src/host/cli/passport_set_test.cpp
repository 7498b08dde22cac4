// SPDX-License-Identifier: Apache-2.0
#include "cli/passport_set.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "cli/main.hpp"
#include "cli/passport_open.hpp"
#include "proof/test_passport.hpp"

namespace mikusari::cli {
namespace {

using proof::ThingType;

class PassportSetTest : public proof::PassportTest {
 protected:
  std::unique_ptr<ReadPage> read(const Pieces& passport) {
    auto out = std::make_unique<ReadPage>();
    const auto bytes = passport.encode();
    out->bytes = platform::Buffer(bytes.begin(), bytes.end());
    out->verified = test::need(proof::verify_passport(out->bytes, policy));
    return out;
  }
  PassportSet set_of(const std::vector<Pieces>& passports) {
    PassportSet out;
    for (const auto& each : passports) EXPECT_TRUE(out.add(read(each)));
    return out;
  }
  std::size_t bodies() const { return scene.ledger.committed.size(); }
};

TEST_F(PassportSetTest, OneWholePageIsComplete) {
  const auto set = set_of({pieces()});
  EXPECT_TRUE(set.gaps().empty());
  EXPECT_EQ(set.counts().events, pieces().events.size());
}

TEST_F(PassportSetTest, PagesTogetherAreCompleteInAnyOrder) {
  for (std::size_t cut = 1; cut < bodies(); ++cut) {
    const auto first = page(0, cut), second = page(cut, bodies());
    const auto whole = set_of({second, first});
    EXPECT_TRUE(whole.gaps().empty()) << cut;
    EXPECT_TRUE(set_of({first, second}).gaps().empty()) << cut;
    EXPECT_EQ(whole.counts().events, pieces().events.size()) << cut;
    EXPECT_EQ(set_of({first}).gaps().empty(), second.events.empty()) << cut;
    EXPECT_EQ(set_of({second}).gaps().empty(), first.events.empty()) << cut;
  }
}

TEST_F(PassportSetTest, AHoleInTheMiddleIsNamedWithItsThing) {
  const auto set = set_of({page(0, 7), page(bodies() - 2, bodies())});
  const auto gaps = set.gaps();
  ASSERT_FALSE(gaps.empty());
  bool of_camera = false;
  for (const auto& gap : gaps)
    of_camera = of_camera || gap.starts_with("device " + platform::to_hex(scene.camera) + ": events ");
  EXPECT_TRUE(of_camera) << gaps.front();
}

TEST_F(PassportSetTest, APartThatNoPageHasIsNamed) {
  const auto set = set_of({maker().without_part(scene.chip).make()});
  EXPECT_EQ(set.gaps(), (std::vector{"part " + platform::to_hex(scene.chip) + ": no page"}));
}

TEST_F(PassportSetTest, PagesOfTwoTimesDoNotGoTogether) {
  const auto before = page(0, 5);
  PassportSet set;
  ASSERT_TRUE(set.add(read(before)));
  scene.ledger.seal();
  const auto refused = set.add(read(page(5, bodies())));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::conflict);
}

// Who is shown some events twice does not have more of them.
TEST_F(PassportSetTest, WhatTwoPagesShowCountsOnce) {
  const auto once = set_of({pieces()}).counts();
  const auto counts = set_of({page(0, bodies() - 2), page(1, bodies()), pieces()}).counts();
  EXPECT_EQ(counts.things, once.things);
  EXPECT_EQ(counts.events, once.events);
  EXPECT_EQ(counts.withheld, 0U);
}

TEST_F(PassportSetTest, ATextThatOnePageHasIsNotWithheld) {
  auto hidden = pieces();
  auto& event = hidden.events.back();
  event.withheld = statement::body_leaf(*event.salt, *event.body);
  event.salt.reset();
  event.body.reset();
  EXPECT_EQ(set_of({hidden}).counts().withheld, 1U);
  EXPECT_EQ(set_of({hidden, hidden}).counts().withheld, 1U);
  EXPECT_EQ(set_of({hidden, pieces()}).counts().withheld, 0U);
}

// The same newest block at the end of two logs: somebody has signed a fork.
TEST_F(PassportSetTest, PagesOfTwoLogsDoNotGoTogether) {
  auto page_of_fork = read(pieces());
  page_of_fork->verified.anchor.checkpoint.root = test::named("fork");
  PassportSet set;
  ASSERT_TRUE(set.add(read(pieces())));
  EXPECT_EQ(set.add(std::move(page_of_fork)).error().code(), Code::conflict);
}

TEST_F(PassportSetTest, PagesOfTwoDevicesDoNotGoTogether) {
  PassportSet set;
  ASSERT_TRUE(set.add(read(pieces())));
  const auto refused = set.add(read(test::PassportMaker(scene.ledger, scene.second).make()));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), Code::conflict);
}

TEST_F(PassportSetTest, PagesStandInTheOrderOfTheirEvents) {
  const auto set = set_of({page(8, bodies()), page(0, 4), page(4, 8)});
  std::uint64_t last = 0;
  for (const auto* each : set.in_order()) {
    for (const auto event : each->verified.page.events) {
      EXPECT_GE(event.height, last);
      last = event.height;
    }
  }
}

// acme inspects the camera at a place; then its passport is shown by the command.
class PremisesTest : public PassportSetTest {
 protected:
  // The certificate's id in a passport.
  test::Octets certify(const Handle& to) {
    role::Record record;
    record.state = role::State::granted;
    record.role = Role::premises;
    record.from = scene.acme();
    record.to = to;
    record.scope = place;
    record.granted_ms = test::TestLedger::start_ms;
    scene.ledger.put(path::role(to, Role::premises, place), record);
    test::Octets out(to.data.begin(), to.data.end());
    out.resize(40);
    out[39] = static_cast<std::byte>(Role::premises);
    out.insert(out.end(), place.data.begin(), place.data.end());
    return out;
  }
  std::string shown_with(std::vector<test::Octets> certificates) {
    part::Inspect body;
    body.type = thing::Type::device;
    body.thing = scene.camera;
    body.finding = part::Finding::passed;
    body.at = thing::At{place, {}};
    scene.ledger.say<part::Inspect>(scene.acme_key, scene.acme_subject(),
                                    {{test::encoded(body), {path::device(scene.camera)}}});
    scene.ledger.seal();
    auto with = maker();
    for (const auto& each : certificates) with.with(ThingType::role, each);
    const std::string folder = testing::TempDir();
    const auto write = [&](const std::string& name, ByteView bytes) {
      std::ofstream(folder + name, std::ios::binary) << as_text(bytes);
      return folder + name;
    };
    std::ostringstream out, err;
    const int code = main({"passport", "show", write("premises.passport", with.make().encode()), "--policy",
                           write("premises.policy", policy_bytes), "--home", folder + "no-home"},
                          {{"HOME", folder + "no-home"}}, out, err);
    EXPECT_EQ(code, 0) << err.str();
    return out.str();
  }
  const Id place = test::named("place");
};

TEST_F(PremisesTest, AreCertifiedForWhoeverWorkedThere) {
  EXPECT_NE(shown_with({certify(scene.acme())}).find("certified premises"), std::string::npos);
}

// The new owner's certificate for the same place says nothing of what the maker did there.
TEST_F(PremisesTest, AreNotCertifiedByAnothersCertificate) {
  const auto shown = shown_with({certify(scene.bob)});
  EXPECT_NE(shown.find("premises NOT certified then"), std::string::npos) << shown;
}

// A camera whose battery does not say its model.
class BlindTest : public PassportSetTest {
 protected:
  BlindTest() {
    scene.edit_part(scene.battery, [&](part::Record& record) {
      record.model = names::blinded(salt, scene.model("cell"));
      record.blinded_class = thing::Class::battery;
    });
    scene.ledger.seal();
  }
  platform::Buffer with(const Pieces& passport, const Additions& additions) {
    const auto bytes = passport.encode();
    return with_additions(test::need(cbor::decode<proof::PassportPage>(bytes)), additions);
  }
  const Bytes<16> salt = Bytes<16>::copy(test::named("salt of the battery").view().first(16));
};

TEST_F(BlindTest, AModelIsOpenedWithItsRecord) {
  const auto passport = pieces();
  const auto bytes = passport.encode();
  const auto page = test::need(cbor::decode<proof::PassportPage>(bytes));
  const auto blinded = blinded_in(page);
  ASSERT_EQ(blinded.size(), 1U);
  EXPECT_EQ(blinded[0].thing, scene.battery);
  EXPECT_EQ(read(passport)->verified.unproved_models, 1U);
  Additions additions;
  additions.openings[scene.battery] = {salt, scene.model("cell")};
  additions.models[scene.model("cell")] = scene.ledger.item(path::model(scene.model("cell")));
  const auto opened = with(passport, additions);
  const auto verified = proof::verify_passport(opened, policy);
  ASSERT_TRUE(verified) << verified.error().message();
  EXPECT_EQ(verified->unproved_models, 0U);
  EXPECT_TRUE(blinded_in(verified->page).empty());
  EXPECT_TRUE(has_model(verified->page, scene.model("cell")));
  // Once opened, it stays as it is.
  EXPECT_EQ(with_additions(verified->page, additions), opened);
}

// Each page says it of the things that it has: the set counts every thing once, and as proved when a page proves it.
TEST_F(BlindTest, UnprovedModelsCountOnceInASet) {
  scene.edit_part(scene.chip, [&](part::Record& record) {
    record.model = names::blinded(salt, scene.model("soc"));
    record.blinded_class = thing::Class::chip;
  });
  scene.ledger.seal();
  const auto without_battery = maker().without_part(scene.battery).make();
  const auto without_chip = maker().without_part(scene.chip).make();
  EXPECT_EQ(set_of({without_battery}).counts().unproved_models, 1U);
  EXPECT_EQ(set_of({without_battery, without_chip}).counts().unproved_models, 2U);
  EXPECT_EQ(set_of({without_chip, without_chip, without_battery}).counts().unproved_models, 2U);
  EXPECT_EQ(set_of({pieces(), pieces()}).counts().unproved_models, 2U);
  Additions additions;
  additions.openings[scene.battery] = {salt, scene.model("cell")};
  additions.models[scene.model("cell")] = scene.ledger.item(path::model(scene.model("cell")));
  auto opened = std::make_unique<ReadPage>();
  opened->bytes = with(without_chip, additions);
  opened->verified = test::need(proof::verify_passport(opened->bytes, policy));
  auto set = set_of({pieces()});
  ASSERT_TRUE(set.add(std::move(opened)));
  EXPECT_EQ(set.counts().unproved_models, 1U);
}

TEST_F(BlindTest, AFalseOpeningIsNotVerified) {
  Additions additions;
  additions.openings[scene.battery] = {Bytes<16>{}, scene.model("cell")};
  additions.models[scene.model("cell")] = scene.ledger.item(path::model(scene.model("cell")));
  EXPECT_FALSE(proof::verify_passport(with(pieces(), additions), policy));
  additions.openings[scene.battery] = {salt, scene.model("cell")};
  additions.models.clear();
  EXPECT_FALSE(proof::verify_passport(with(pieces(), additions), policy));
}

}  // namespace
}  // namespace mikusari::cli
