// SPDX-License-Identifier: Apache-2.0
#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using enum statement::Refusal;

class DocumentRules : public ::testing::Test {
 protected:
  document::Evidence about(const Id& device, document::Type type = document::Type::sbom) {
    return {type, TestWorld::nonce("document"), {}, thing::Type::device, device};
  }
  document::Evidence plain(document::Type type) { return {type, TestWorld::nonce("document"), {}, {}, {}}; }

  CameraWorld world_;
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
};

TEST_F(DocumentRules, AnyPartyOrDeviceRecordsADigestAndTouchesNoRow) {
  world_.camera("camera", {});
  world_.open_party("alice", "city");
  for (auto* each : {&city_, &world_.key("alice"), &world_.key("camera")}) {
    const auto fate = world_.say(*each, plain(document::Type::recording));
    EXPECT_DONE(fate);
    EXPECT_TRUE(fate.gained.empty());
  }
}

TEST_F(DocumentRules, AboutAThingItIsAnEventOfTheThing) {
  const Id sensor = world_.sensor("sensor");
  const Id camera = world_.camera("camera", {sensor}, "city");
  const auto before = world_.device(camera);
  EXPECT_DONE(world_.say(city_, about(camera)));
  EXPECT_DONE(world_.say(world_.key("camera"), about(camera)));
  EXPECT_EQ(world_.device(camera).history.count, before.history.count + 2);
  EXPECT_EQ(world_.device(camera).life_tree(), before.life_tree());
  EXPECT_EQ(world_.device(camera).title, before.title);
  document::Evidence of_part = about(sensor);
  of_part.about_type = thing::Type::part;
  EXPECT_DONE(world_.say(city_, of_part));
  EXPECT_DONE(world_.say(world_.key("sensor"), of_part));
}

TEST_F(DocumentRules, NobodyElseWritesIntoAThingsHistory) {
  const Id camera = world_.camera("camera", {}, "city");
  world_.camera("other", {}, "city");
  world_.lend(thing::Type::device, camera, "city", "clinic");
  for (auto* each : {&cameras_, &world_.key("clinic"), &world_.key("lab"), &world_.key("other")})
    EXPECT_REFUSED(world_.say(*each, about(camera)), not_owned);
  EXPECT_REFUSED(world_.say(city_, about(world_.id("cameras", "none"))), not_registered);
}

TEST_F(DocumentRules, AuditsAndTestReportsAreALaboratorysOrCertifiers) {
  world_.camera("camera", {});
  for (const auto type : {document::Type::audit, document::Type::test_report}) {
    EXPECT_REFUSED(world_.say(city_, plain(type)), missing_role);
    EXPECT_REFUSED(world_.say(world_.key("camera"), plain(type)), not_entitled);
    EXPECT_DONE(world_.say(world_.key("lab"), plain(type)));
    EXPECT_DONE(world_.say(world_.key("notary"), plain(type)));
  }
}

TEST_F(DocumentRules, FieldsFitEachOther) {
  const Id camera = world_.camera("camera", {});
  auto body = about(camera);
  body.about_type.reset();
  EXPECT_REFUSED(world_.say(cameras_, body), malformed_body);
  body = about(camera);
  body.about.reset();
  EXPECT_REFUSED(world_.say(cameras_, body), malformed_body);
  body = about(camera);
  const std::string content_type(128, 'x');
  body.content_type = content_type;
  EXPECT_REFUSED(world_.say(cameras_, body), malformed_body);
  body.content_type = "";
  EXPECT_REFUSED(world_.say(cameras_, body), malformed_body);
  body.content_type = "application/spdx+json";
  EXPECT_DONE(world_.say(cameras_, body));
}

}  // namespace
}  // namespace mikusari::ledger
