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
  const Digest camera = path::device(scene.camera);
  write("policy.cbor", ledger.policy(1));
  write("other-policy.cbor", other.ledger.policy(1));
  write("broken-policy.cbor", test::flipped(ledger.policy(1), 0));
  write("id.txt", as_bytes(test::to_hex(scene.camera)));
  write("bob.txt", as_bytes(test::to_hex(scene.bob)));
  write("ghost.txt", as_bytes(test::to_hex(test::named("ghost"))));
  const auto maker = [&] { return test::PassportMaker(ledger, scene.camera); };
  const Octets passport = maker().make().encode();
  write("passport.cbor", passport);
  write_changed(passport);
  write("newest.cbor", maker().events(10, ledger.committed.size()).make().encode());
  write("without-part.cbor", maker().without_part(scene.battery).make().encode());
  auto keyless = maker().make();
  std::erase_if(keyless.things, [](const auto& thing) { return thing.type == proof::ThingType::key; });
  write("keyless.cbor", keyless.encode());
  Octets newer = passport;
  newer[2] = std::byte{3};  // the page's form
  write("newer.cbor", newer);

  write("kid.txt", as_bytes(test::to_hex(test::kid(scene.bob_key))));
  write("key.cbor", ledger.answer(path::key(test::kid(scene.bob_key))));
  write("bob.cbor", ledger.answer(path::party(scene.bob)));
  write("acme.cbor", ledger.answer(path::party(scene.acme())));
  scene.ledger.edit<party::Record>(path::party(scene.bob),
                                   [](party::Record& record) { record.state = party::State::suspended; });
  ledger.seal();
  write("suspended-key.cbor", ledger.answer(path::key(test::kid(scene.bob_key))));
  write("suspended-bob.cbor", ledger.answer(path::party(scene.bob)));

  const std::size_t first = ledger.log.size();
  write("answer.cbor", ledger.answer(camera));
  write("absent.cbor", ledger.answer(path::device(test::named("ghost"))));
  scene.edit_device(scene.camera, [](device::Record& record) { record.state = device::State::retired; });
  ledger.seal();
  write("retired.cbor", ledger.answer(camera));
  write("consistency.cbor", ledger.consistency(first));

  // The same signer, another history of the same length.
  CameraScene fork;
  fork.edit_device(fork.camera, [](device::Record& record) { record.owner = test::named("mallory"); });
  fork.ledger.seal();
  fork.ledger.seal();
  write("fork.cbor", fork.ledger.answer(camera));
  return 0;
}
