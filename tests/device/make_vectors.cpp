// SPDX-License-Identifier: Apache-2.0
// Writes device_vectors.hpp to standard output: what the host signs and proves, for the firmware to verify
// (tests/device/main.cpp). The key and the data are fixed; nothing here is secret.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "crypto/hash.hpp"
#include "crypto/openssl/software_signer.hpp"
#include "merkle/log.hpp"
#include "merkle/map.hpp"
#include "merkle/map_path.hpp"
#include "proof/test_camera.hpp"
#include "proof/test_step.hpp"

namespace {

using namespace mikusari;

constexpr std::size_t leaves = 1000;
constexpr std::size_t leaf_index = 700;

void array(const std::string& name, ByteView bytes) {
  std::printf("inline constexpr unsigned char %s[] = {", name.c_str());
  for (const std::byte byte : bytes) std::printf("%u,", std::to_integer<unsigned>(byte));
  std::printf("};\n");
}

void number(const std::string& name, std::size_t value) {
  std::printf("inline constexpr unsigned %s = %zu;\n", name.c_str(), value);
}

template <class T>
T need(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "device_vectors: %s\n", result.error().message().c_str());
    std::exit(1);
  }
  return *std::move(result);
}

Digest hash_of(const std::string& text) { return crypto::sha256(as_bytes(text)); }

// A log of a thousand leaves and the way from one of them to its root.
Digest log() {
  std::vector<Digest> hashes;
  for (std::size_t i = 0; i < leaves; ++i) hashes.push_back(merkle::leaf_hash(as_bytes("leaf " + std::to_string(i))));
  std::array<Digest, limits::log_levels_max> space;
  const auto path = need(merkle::inclusion_path(hashes, leaf_index, space));
  number("log_size", leaves);
  number("leaf_index", leaf_index);
  array("leaf", as_bytes("leaf " + std::to_string(leaf_index)));
  array("log_path", std::as_bytes(path));
  array("log_root", merkle::root_of(hashes));
  return merkle::root_of(hashes);
}

struct Row {
  Digest key;
  Digest value_hash;
};
using Rows = std::span<const Row>;

// The rows whose keys have bit `depth` clear come first, since all agree in the bits before it and are sorted.
std::size_t split(Rows rows, std::size_t depth) {
  const auto first_set = std::ranges::find_if(rows, [&](const Row& row) { return bit_at(row.key, depth); });
  return static_cast<std::size_t>(first_set - rows.begin());
}

Digest root_of(Rows rows, std::size_t depth) {
  if (rows.empty()) return merkle::empty_subtree;
  if (rows.size() == 1) return merkle::map_leaf(rows[0].key, rows[0].value_hash);
  const std::size_t at = split(rows, depth);
  return merkle::node_hash(root_of(rows.first(at), depth + 1), root_of(rows.subspan(at), depth + 1));
}

// Walks down to where the key is or would be; the rows that are left there: one or none.
Rows walk(Rows rows, const Digest& key, merkle::MapPath& path) {
  while (rows.size() > 1) {
    const std::size_t depth = path.depth();
    const std::size_t at = split(rows, depth);
    const Rows left = rows.first(at), right = rows.subspan(at);
    rows = bit_at(key, depth) ? right : left;
    path.descend(root_of(bit_at(key, depth) ? left : right, depth + 1));
  }
  return rows;
}

void map_proof(const std::string& name, const Digest& key, Rows rows) {
  merkle::MapPath path;
  const Rows place = walk(rows, key, path);
  array(name + "_key", key);
  number(name + "_depth", path.depth());
  array(name + "_bitmap", path.bitmap());
  array(name + "_siblings", std::as_bytes(path.siblings()));
  if (!place.empty()) array(name + "_place_key", place[0].key);
  if (!place.empty()) array(name + "_place_value_hash", place[0].value_hash);
}

// A key that is not in the map and whose place holds another's leaf.
Digest absent_key(Rows rows) {
  for (std::size_t i = 0;; ++i) {
    const Digest key = hash_of("absent " + std::to_string(i));
    merkle::MapPath path;
    if (!walk(rows, key, path).empty()) return key;
  }
}

Digest map() {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < leaves; ++i)
    rows.push_back({hash_of("device/" + std::to_string(i)), hash_of("record " + std::to_string(i))});
  std::ranges::sort(rows, {}, &Row::key);
  const Digest root = root_of(rows, 0);
  map_proof("present", hash_of("device/7"), rows);
  array("value", as_bytes("record 7"));
  map_proof("absent", absent_key(rows), rows);
  array("map_root", root);
  return root;
}

// One signature over both roots, as a checkpoint has it.
void signature(const Digest& log_root, const Digest& map_root) {
  Bytes<32> secret;
  secret.data.fill(std::byte{0x17});
  auto signer = need(crypto::SoftwareSigner::from_private(crypto::Algorithm::esp256, secret));
  Bytes<64> roots;
  std::ranges::copy(log_root.data, roots.data.begin());
  std::ranges::copy(map_root.data, roots.data.begin() + 32);
  array("signer_key", signer.public_key().bytes());
  array("signature", need(signer.sign(roots)));
}

// A camera's ledger, all of whose keys are P-256 keys: a small device can check them.
struct Camera {
  Camera() : scene("device vectors", crypto::Algorithm::esp256) {
    scene.ledger.add_recovery_key("recovery of device vectors", crypto::Algorithm::esp256);
    scene.ledger.recovery_threshold = 1;
  }
  void answer(const std::string& name, const Digest& path) { array(name, scene.ledger.answer(path)); }
  // What a gate asks: the newest log, the device, its key and what that speaks for.
  void gate() {
    array("policy", scene.ledger.policy(1));
    array("checkpoint", test::encoded(scene.ledger.checkpoint()));
    array("camera_id", scene.camera);
    answer("camera_answer", path::device(scene.camera));
    array("camera_kid", test::kid(scene.camera_key));
    answer("camera_key_answer", path::key(test::kid(scene.camera_key)));
    array("ghost_id", test::named("ghost"));
    answer("ghost_answer", path::device(test::named("ghost")));
  }
  // What else there is: a passport, a receipt, firmware, parties, and a step to another policy.
  void rest() {
    array("passport", test::PassportMaker(scene.ledger, scene.camera).make().encode());
    array("receipt", scene.ledger.receipt(scene.ledger.committed.back()));
    array("bob", scene.bob);
    answer("bob_answer", path::party(scene.bob));
    array("chip_id", scene.chip);
    answer("chip_answer", path::part(scene.chip));
    array("model_id", scene.model("cam"));
    array("image", test::CameraScene::image);
    answer("image_answer", path::image(scene.model("cam"), test::CameraScene::image));
    answer("release_answer", path::firmware(scene.model("cam"), 7));
    answer("model_answer", path::model(scene.model("cam")));
    test::StepMaker maker(scene.ledger);
    maker.signers[0] = test::TestLedger::checkpoint_keys_of("log.new", 1, {crypto::Algorithm::esp256});
    array("policy_step", maker.make());
  }

  test::CameraScene scene;
};

}  // namespace

int main() {
  std::printf("// Made by device_vectors.\n#pragma once\n\nnamespace vectors {\n");
  const Digest log_root = log();
  signature(log_root, map());
  Camera camera;
  camera.gate();
  camera.rest();
  std::printf("}  // namespace vectors\n");
}
