// SPDX-License-Identifier: Apache-2.0
// Writes what the examples are tested with into a folder: make_inputs FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>

#include "proof/test_camera.hpp"

namespace {

using namespace mikusari;
using test::CameraScene;
using test::Octets;

std::filesystem::path folder;

void write(const std::string& name, ByteView bytes) {
  std::ofstream out(folder / name, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// Ten copies with a byte changed in a random place each; the places are always the same.
void write_changed(const Octets& good) {
  std::mt19937 random(42);
  for (int i = 0; i < 10; ++i)
    write("changed-" + std::to_string(i) + ".cbor", test::flipped(good, random() % good.size()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 64;
  folder = argv[1];
  CameraScene scene, other("another ledger");
  auto& ledger = scene.ledger;
  const Digest camera = path::device(CameraScene::camera);
  write("policy.cbor", ledger.policy(1));
  write("other-policy.cbor", other.ledger.policy(1));
  write("broken-policy.cbor", test::flipped(ledger.policy(1), 0));
  write("id.txt", as_bytes(test::to_hex(CameraScene::camera)));
  write("ghost.txt", as_bytes(test::to_hex(test::named("ghost"))));
  const Octets passport = test::PassportMaker(ledger, CameraScene::camera).make().encode();
  write("passport.cbor", passport);
  write_changed(passport);
  auto incomplete = test::PassportMaker(ledger, CameraScene::camera).make();
  incomplete.things.erase(incomplete.things.begin() + 2);
  write("incomplete.cbor", incomplete.encode());

  const std::size_t first = ledger.log.size();
  write("answer.cbor", ledger.answer(camera));
  write("absent.cbor", ledger.answer(path::device(test::named("ghost"))));
  scene.put_device(CameraScene::camera, device::State::retired, "bob", {CameraScene::board, CameraScene::battery});
  ledger.seal();
  write("retired.cbor", ledger.answer(camera));
  write("consistency.cbor", ledger.consistency(first));

  // The same signer, another history of the same length.
  CameraScene fork;
  fork.put_device(CameraScene::camera, device::State::active, "mallory", {});
  fork.ledger.seal();
  write("fork.cbor", fork.ledger.answer(camera));
  return 0;
}
