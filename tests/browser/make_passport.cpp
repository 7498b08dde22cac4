// SPDX-License-Identifier: Apache-2.0
// Writes the documents that the browser tests open: make_passport FOLDER
//
//   ed25519-en.html, -ja.html  a camera's whole life on a real ledger, verified here before it is written
//   ed25519.passport, .policy  what is in them
//   p256-en.html, ...          the same, every statement signed with P-256 keys
//   hostile.html               a passport whose texts try to be markup; its checkpoint is signed with P-256 and Ed25519
#include <cstdio>
#include <fstream>
#include <string>

#include "passport_page/passport_page.hpp"
#include "proof/test_camera.hpp"
#include "replica/testing.hpp"

namespace mikusari {
namespace {

using passport_page::Language;

void write(const std::string& path, ByteView bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) assertion_failed(path.c_str(), __FILE__, __LINE__);
}

void write_page(const std::string& path, ByteView passport, ByteView policy, Language language) {
  write(path, as_bytes(test::need(passport_page::html_page(passport, policy, language))));
}

// A camera of a board with a sensor, a battery, and a second-hand battery that its owner accepted; a second camera
// claims its sensor. It was sold once, and its maker has released firmware.
Id live(ledger::CameraWorld& world) {
  const Id sensor = world.sensor("image sensor"), cell = world.cell("battery");
  const Id board = world.board("mainboard", {sensor});
  const Id camera = world.camera("camera", {board, cell});
  world.accepted(world.key("camera"), device::Activate{camera});
  const auto release = [&](std::string_view version, std::uint64_t sequence) {
    world.accepted(world.key("release-1"),
                   firmware::Release{world.camera_model(), world.id(version), 65536, sequence, version},
                   {.approvers = {&world.key("release-2")}});
  };
  release("1.0.0", 1);
  release("1.1.0", 2);
  world.accepted(world.key("release-1"), firmware::Floor{world.camera_model(), 2},
                 {.approvers = {&world.key("release-2")}});
  world.pass(86'400'000);
  world.sell(camera, "cameras", "city");
  world.hand_over(custody::Thing::device, camera, "cameras", "city");
  world.pass(30 * 86'400'000ULL);
  ASSERT(world.detach("city", camera, cell).accepted());
  ASSERT(world.attach("city", camera, world.id("second-hand battery"), true).accepted());
  ASSERT(world.board("copied board", {sensor}) != board);
  return camera;
}

// The replica of the tests signs checkpoints with an Ed25519 key, whatever the members' keys are.
platform::Buffer policy_of(const ledger::TestWorld& world) {
  const auto signer = test::need(crypto::SoftwareSigner::from_private(crypto::Algorithm::ed25519,
                                                                      crypto::sha256(as_bytes("test key checkpoint"))));
  const crypto::PublicKey key = signer.public_key();
  const CheckpointSigner signers[] = {{"checkpoint", std::span<const crypto::PublicKey>(&key, 1), 1}};
  proof::Policy policy;
  policy.ledger = world.ledger();
  policy.epoch = 1;
  policy.signers = std::span<const CheckpointSigner>(signers);
  policy.threshold = 1;
  return platform::encode(policy);
}

void write_life(const std::string& folder, const std::string& name, const ledger::TestOptions& options) {
  ledger::CameraWorld world(options);
  const Id camera = live(world);
  replica::TestReplica node(world);
  ASSERT(node.open().has_value());
  node.play(world);
  const auto passport = test::need(node.replica->read().passport(camera));
  const auto policy = policy_of(world);
  test::need(proof::verify_passport(passport, test::need(proof::parse_policy(policy))));
  write(folder + "/" + name + ".passport", passport);
  write(folder + "/" + name + ".policy", policy);
  write_page(folder + "/" + name + "-en.html", passport, policy, Language::english);
  write_page(folder + "/" + name + "-ja.html", passport, policy, Language::japanese);
}

void write_hostile(const std::string& folder) {
  test::CameraScene scene;
  scene.ledger.add_checkpoint_signer("log.bob", 1, {crypto::Algorithm::esp256});
  const Digest image = test::named("hostile image");
  firmware::Record record;
  record.state = firmware::State::released;
  record.model = test::CameraScene::model("cam");
  record.image = image;
  record.sequence = 8;
  record.version = "</script><img src=x onerror=\"document.title='broken'\">";
  const Digest path = path::firmware(record.model, image);
  scene.ledger.put(path, record);
  scene.ledger.seal();
  platform::Buffer id = platform::copy(record.model);
  platform::append(id, image);
  test::PassportMaker maker(scene.ledger, test::CameraScene::camera);
  const auto passport = maker.with(proof::ThingType::firmware, id, path).make().encode();
  write_page(folder + "/hostile.html", passport, scene.ledger.policy(2), Language::english);
}

}  // namespace
}  // namespace mikusari

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_passport FOLDER\n");
    return 2;
  }
  const std::string folder = argv[1];
  mikusari::write_life(folder, "ed25519", {});
  mikusari::write_life(folder, "p256", {.algorithm = mikusari::crypto::Algorithm::esp256});
  mikusari::write_hostile(folder);
  return 0;
}
