// SPDX-License-Identifier: Apache-2.0
// One life with every kind of statement: the histories and life trees of all that they change, computed again from the
// fates.
#include <gtest/gtest.h>

#include <set>

#include "ledger/rules/refusal_test_support.hpp"

namespace mikusari::ledger {
namespace {

using thing::Type;
using enum Gains;

class EveryKind : public ::testing::Test {
 protected:
  // What a statement of one body must enter, and in which tree.
  using Entered = std::map<Digest, Gains>;

  template <statement::Body Body>
  void say(TestKey& signer, const Body& body, const Entered& expected, const How& how = {}) {
    SCOPED_TRACE(std::string(Body::kind.name) + " at height " + std::to_string(world_.next_block().height));
    const auto height = world_.next_block().height;
    const auto fate = world_.say(signer, body, how);
    ASSERT_TRUE(fate.accepted()) << statement::text_of(fate.refusal).name << " " << fate.subject << " " << fate.object;
    said_.insert(Body::kind.number);
    std::vector<Digest> gained;
    for (const auto& [path, gain] : expected) {
      gained.push_back(path);
      books_[path].append(fate.leaf_hash, gain);
      EXPECT_EQ(read_head(*world_.state().value(path))->changed, height);
    }
    EXPECT_EQ(fate.gained, gained);
    compare_all();
  }
  // What only prepares is not looked at.
  void know_all() {
    for (const auto& [path, value] : world_.state().rows()) {
      const auto head = read_head(value);
      const auto sides = world_.state().sides(path);
      if (!head || sides.empty()) continue;
      if (auto histories = Histories::of(*head, sides)) books_[path] = *histories;
    }
  }
  void compare_all() {
    for (const auto& [path, histories] : books_) {
      const auto value = world_.state().value(path);
      ASSERT_TRUE(value.has_value());
      Head wanted;
      histories.write(wanted);
      const auto head = *read_head(*value);
      EXPECT_EQ(head.history, wanted.history) << platform::to_hex(path);
      EXPECT_EQ(head.life, wanted.life) << platform::to_hex(path);
      EXPECT_NE(head.life, std::optional(head.history));  // left out when equal
    }
  }
  Digest of_key(const TestKey& key) { return path::key(key.kid()); }
  Digest of_party(const TestKey& key) { return path::party(key.subject().id); }

  void models_and_firmware();
  void parts_and_devices();
  void hand_overs();
  void ends();
  void keys();
  void parties();
  void decisions();

  static TestOptions with_keys() {
    TestOptions out;
    out.members[2].further_keys = {"city-2", "city-3", "city-4"};
    return out;
  }
  CameraWorld world_{with_keys()};
  TestKey& chips_ = world_.key("chips");
  TestKey& cameras_ = world_.key("cameras");
  TestKey& city_ = world_.key("city");
  TestKey& clinic_ = world_.key("clinic");
  TestKey& lab_ = world_.key("lab");
  TestKey& notary_ = world_.key("notary");
  std::map<Digest, Histories> books_;
  std::set<std::uint16_t> said_;
  const Id cell_ = world_.id("chips", "cell"), board_ = world_.id("cameras", "board"),
           camera_ = world_.id("cameras", "camera");
};

void EveryKind::models_and_firmware() {
  const Id camera = world_.camera_model(), x = world_.id("chips", "x");
  auto &one = world_.key("release-1"), &two = world_.key("release-2");
  const How both{.approvers = {&two}};
  say(chips_, CameraWorld::model("x", thing::Class::chip), {{path::model(x), life}});
  say(lab_, certification::Certify{x, {}, {}, {}}, {{path::certification(x, 0, lab_.subject().id), life}});
  say(lab_, certification::Decertify{x, {}}, {{path::certification(x, 0, lab_.subject().id), life}});
  say(chips_, model::Withdraw{x}, {{path::model(x), life}});
  const std::vector images{firmware::Image{TestWorld::nonce("image"), 7}};
  const Entered release{{path::firmware(camera, 1), life}, {path::model(camera), life}};
  say(one, firmware::Release{camera, 1, "1", {std::span(images)}, {}, {}}, release, both);
  say(one, firmware::Floor{camera, 1}, {{path::model(camera), life}}, both);
  say(one, firmware::Recall{camera, 1, firmware::Action::halt}, release);
  const std::vector keys{one.kid()};
  say(one, model::Amend{camera, {std::span(keys)}, 1}, {{path::model(camera), life}}, both);
}

void EveryKind::parts_and_devices() {
  say(chips_, world_.cell_registration("cell"), {{path::part(cell_), life}});
  auto& sensor_key = world_.new_key("sensor", subject_of_part(world_.id("chips", "sensor")));
  const Digest sensor = path::part(sensor_key.subject().id);
  say(chips_, world_.sensor_registration("sensor", sensor_key), {{sensor, life}, {of_key(sensor_key), life}});
  say(chips_, part::Inspect{Type::part, cell_, part::Finding::passed, {}, {}}, {{path::part(cell_), history}});
  say(chips_, custody::Ship{Type::part, cell_, cameras_.subject().id, world_.part(cell_).title, {}},
      {{path::part(cell_), life}});
  say(cameras_, custody::Receive{Type::part, cell_, world_.part(cell_).title, {}, {}}, {{path::part(cell_), life}});
  device::Assemble board;
  board.nonce = TestWorld::nonce("board");
  board.type = device::UnitType::board;
  board.model = world_.board_model();
  say(cameras_, board, {{path::part(board_), life}});
  say(cameras_, device::Attach{board_, cell_, {}, {}, {}, {}}, {{path::part(board_), life}, {path::part(cell_), life}});
  device::Assemble camera;
  camera.nonce = TestWorld::nonce("camera");
  camera.type = device::UnitType::device;
  camera.model = world_.camera_model();
  const std::vector mounts{device::Mount{board_, {}}};
  camera.mounts = {std::span<const device::Mount>(mounts)};
  say(cameras_, camera, {{path::device(camera_), life}, {path::part(board_), life}});
  // The part stands in the tree of a device: its maker's mount is an alarm on both roots, and a birth.
  const Id own = world_.id("chips", "own"), model = world_.id("chips", "boards");
  world_.accepted(chips_, CameraWorld::model("boards", thing::Class::board));
  know_all();
  device::Assemble clone = board;
  clone.nonce = TestWorld::nonce("own");
  clone.model = model;
  const std::vector again{device::Mount{cell_, {}}};
  clone.mounts = {std::span<const device::Mount>(again)};
  say(chips_, clone, {{path::part(own), life}, {path::part(cell_), history}, {path::device(camera_), history}});
  say(cameras_, device::Detach{board_, cell_, {}, {}}, {{path::part(board_), life}, {path::part(cell_), life}});
  say(cameras_, part::Scrap{cell_, world_.part(cell_).title}, {{path::part(cell_), life}});
}

void EveryKind::hand_overs() {
  const Digest camera = path::device(camera_);
  const auto title = [&] { return world_.device(camera_).title; };
  const Handle city = city_.subject().id, clinic = clinic_.subject().id;
  auto& key = world_.new_key("camera", subject_of_device(camera_));
  say(cameras_, world_.registration(key, cameras_), {{camera, life}, {of_key(key), life}});
  say(key, device::Activate{camera_}, {{camera, history}});
  say(key, device::Alarm{Type::device, camera_, device::Cause::opened, {}, {}}, {{camera, history}});
  say(key, document::Evidence{document::Type::log_head, {}, {}, Type::device, camera_}, {{camera, history}});
  say(cameras_, custody::Ship{Type::device, camera_, city, {}, {}}, {{camera, history}});
  say(city_, custody::Refuse{Type::device, camera_}, {{camera, history}});
  say(cameras_, custody::Ship{Type::device, camera_, city, {}, {}}, {{camera, history}});
  say(city_, custody::Receive{Type::device, camera_, {}, {}, {}}, {{camera, history}});
  say(cameras_, custody::Recall{Type::device, camera_}, {{camera, history}});
  say(cameras_, ownership::Offer{Type::device, camera_, city, title()}, {{camera, life}});
  say(cameras_, ownership::Cancel{Type::device, camera_}, {{camera, life}});
  say(cameras_, ownership::Offer{Type::device, camera_, city, title()}, {{camera, life}});
  say(city_, ownership::Accept{Type::device, camera_, title(), {}}, {{camera, life}});
  const std::vector quorum{clinic};
  party::Amend force;
  force.force = party::Force{{std::span(quorum)}, 1, 90 * day_ms};
  say(city_, force, {{of_party(city_), life}});
  say(clinic_, ownership::Force{Type::device, camera_, clinic, title()}, {{camera, life}});
  say(city_, ownership::Cancel{Type::device, camera_}, {{camera, life}});
  const Digest inspector = path::role(clinic, Role::inspector, camera_);
  say(city_, role::Grant{clinic, Role::inspector, camera_, {}}, {{inspector, life}});
  say(city_, role::Revoke{clinic, Role::inspector, camera_}, {{inspector, life}});
}

void EveryKind::ends() {
  const Digest camera = path::device(camera_);
  say(city_, device::Suspend{camera_}, {{camera, life}});
  say(city_, device::Resume{camera_}, {{camera, life}});
  say(city_, device::Retire{camera_, world_.device(camera_).title}, {{camera, life}});
  say(city_, device::Destroy{camera_, world_.device(camera_).title, {}}, {{camera, life}, {path::part(board_), life}},
      {.approvers = {&lab_, &notary_}});
}

void EveryKind::keys() {
  auto &city_2 = world_.key("city-2"), &city_3 = world_.key("city-3"), &city_4 = world_.key("city-4");
  const Digest city = of_party(city_);
  auto& next = world_.new_member_key("city-5", "city");
  say(city_4, key::Rotate{next.key(), world_.possession(next, city_4)},
      {{city, life}, {of_key(city_4), life}, {of_key(next), life}});
  // The predecessor goes on.
  say(city_2, key::Veto{next.kid()}, {{city, life}, {of_key(next), life}, {of_key(city_4), life}});
  say(city_, key::Thaw{next.kid()}, {{city, life}, {of_key(next), life}, {of_key(city_2), life}},
      {.approvers = {&city_3}});
  say(city_, key::Freeze{city_3.kid()}, {{city, life}, {of_key(city_3), life}});
  say(city_, key::Revoke{city_2.kid(), key::Reason::compromised}, {{city, life}, {of_key(city_2), life}},
      {.approvers = {&city_3}});
}

void EveryKind::parties() {
  TestKey* alice = nullptr;
  auto opening = world_.opening("alice", "city", alice);
  opening.recovery = party::Recovery::registrar;
  world_.prove(opening, *alice, city_);
  const Digest party = of_party(*alice);
  say(city_, opening, {{party, life}, {of_key(*alice), life}});
  say(city_, party::Suspend{alice->subject().id}, {{party, life}});
  say(*alice, party::Move{clinic_.subject().id}, {{party, life}}, {.approvers = {&clinic_}});
  auto& back = world_.new_key("back", alice->subject());
  say(clinic_, party::Recover{alice->subject().id, back.key(), world_.possession(back, clinic_)},
      {{party, life}, {of_key(back), life}});
  say(*alice, key::Veto{back.kid()}, {{party, life}, {of_key(back), life}});
  say(*alice, party::Close{}, {{party, life}});
}

void EveryKind::decisions() {
  const Digest matter = path::proposal(world_.id("chips", "matter"));
  const auto suspend = about_member(proposal::Matter::suspend, notary_.subject().id);
  say(chips_, proposal::Open{TestWorld::nonce("matter"), suspend, {}}, {{matter, life}});
  const proposal::Vote yes{world_.id("chips", "matter"), proposal::Choice::yes, {}};
  say(cameras_, yes, {{matter, life}});
  say(clinic_, yes, {{matter, life}});
  say(lab_, yes, {{matter, life}, {of_party(notary_), life}});  // the deciding one
  // The trust policy is no thing: it has no history.
  auto key = world_.new_key("next signer", {}).key();
  CheckpointSigner signer{"next", {std::span<const crypto::PublicKey>(&key, 1)}, 1};
  incarnation::Begin begin;
  begin.epoch = 2;
  begin.signers = {std::span<const CheckpointSigner>(&signer, 1)};
  begin.threshold = 1;
  say(world_.key("recovery-1"), begin, {}, {.approvers = {&world_.key("recovery-2")}});
}

TEST_F(EveryKind, EntersTheTreesThatItMustAndNoOther) {
  know_all();
  models_and_firmware();
  parts_and_devices();
  hand_overs();
  ends();
  keys();
  parties();
  decisions();
  statement::for_each_kind(
      [&]<class Body>() { EXPECT_TRUE(said_.contains(Body::kind.number)) << Body::kind.name << " was not said"; });
}

}  // namespace
}  // namespace mikusari::ledger
