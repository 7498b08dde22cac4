// SPDX-License-Identifier: Apache-2.0
// What a small device does with what it is handed, under the emulator: it verifies proofs that the host made
// (device_vectors.hpp, written by make_vectors.cpp), and refuses them with one bit changed.
#include "crypto/hash.hpp"
#include "crypto/mbedtls/arena.hpp"
#include "crypto/signature.hpp"
#include "device_vectors.hpp"
#include "merkle/log.hpp"
#include "merkle/map.hpp"
#include "mikusari/client.h"
#include "semihosting.hpp"
#include "startup.hpp"

namespace {

using namespace mikusari;

constexpr std::uint32_t stack_bytes_max = 12 * 1024;

alignas(8) std::byte arena[crypto::arena_bytes_min];
int failures = 0;

void expect(bool holds, const char* what) {
  device::print(holds ? "ok      " : "FAILED  ");
  device::print(what);
  device::print("\n");
  if (!holds) ++failures;
}

template <std::size_t N>
constexpr ByteView view(const unsigned char (&bytes)[N]) {
  return std::as_bytes(std::span(bytes));
}

template <std::size_t N>
Digest digest(const unsigned char (&bytes)[N]) {
  static_assert(N == 32);
  return Digest::copy(view(bytes));
}

template <std::size_t N>
Bytes<N> changed(Bytes<N> bytes) {
  bytes.data[N / 2] ^= std::byte{0x01};
  return bytes;
}

// What the device gets by verifying, and trusts from then on.
struct Roots {
  Digest log;
  Digest map;
};

Result<Roots> verified_roots(const crypto::Signature& signature) {
  Bytes<64> both;
  std::memcpy(both.data.data(), vectors::log_root, 32);
  std::memcpy(both.data.data() + 32, vectors::map_root, 32);
  const crypto::PublicKey key(crypto::Algorithm::esp256, view(vectors::signer_key));
  TRY(crypto::verify(key, both, signature));
  return Roots{digest(vectors::log_root), digest(vectors::map_root)};
}

void inclusion(const Roots& roots) {
  std::array<Digest, sizeof vectors::log_path / 32> path;
  std::memcpy(path.data(), vectors::log_path, sizeof vectors::log_path);
  const auto root_over = [&](const Digest& leaf) {
    return merkle::root_from_inclusion(vectors::leaf_index, vectors::log_size, leaf, path);
  };
  const Digest leaf = merkle::leaf_hash(view(vectors::leaf));
  expect(root_over(leaf) == roots.log, "a leaf is in the log");
  expect(root_over(changed(leaf)) != roots.log, "another leaf is not");
  path.back() = changed(path.back());
  expect(root_over(leaf) != roots.log, "a path with one bit changed is refused");
}

merkle::MapProof proof_of_presence() {
  return {vectors::present_depth, view(vectors::present_bitmap), view(vectors::present_siblings), std::nullopt};
}

merkle::MapProof proof_of_absence() {
  return {vectors::absent_depth, view(vectors::absent_bitmap), view(vectors::absent_siblings),
          merkle::MapLeaf{digest(vectors::absent_place_key), digest(vectors::absent_place_value_hash)}};
}

void state(const Roots& roots) {
  const Digest key = digest(vectors::present_key);
  const Digest value_hash = crypto::sha256(view(vectors::value));
  expect(merkle::root_from_presence(key, value_hash, proof_of_presence()) == roots.map, "a record is in the state");
  expect(merkle::root_from_presence(key, changed(value_hash), proof_of_presence()) != roots.map,
         "another record under its key is not");
  expect(merkle::root_from_absence(digest(vectors::absent_key), proof_of_absence()) == roots.map, "a key is absent");
  expect(merkle::root_from_absence(key, proof_of_presence()) != roots.map, "a present key is not shown as absent");
}

template <std::size_t N>
mikusari_answer answer(const unsigned char (&bytes)[N]) {
  return {{bytes, N}, {nullptr, 0}};
}

// The camera's key speaks by its own record and the camera's; by another thing's it does not.
void camera_key(mikusari_client& client) {
  mikusari_key key;
  expect(mikusari_verify_key(&client, answer(vectors::camera_key_answer), answer(vectors::camera_answer),
                             vectors::camera_kid, &key, nullptr) == MIKUSARI_OK &&
             key.purpose == MIKUSARI_PURPOSE_WALLET && !key.has_root,
         "the camera's key speaks");
  expect(mikusari_verify_key(&client, answer(vectors::camera_key_answer), answer(vectors::ghost_answer),
                             vectors::camera_kid, &key, nullptr) != MIKUSARI_OK,
         "an answer about something else does not show whom the key speaks for");
}

// The whole way of a thin client: policy and answers in, the camera's record and key out, the state to keep.
void thin_client() {
  mikusari_client client;
  const mikusari_bytes policy{vectors::policy, sizeof vectors::policy};
  expect(mikusari_client_init(&client, policy, {nullptr, 0}, nullptr) == MIKUSARI_OK, "the trust policy is taken");
  expect(mikusari_update(&client, answer(vectors::checkpoint), nullptr) == MIKUSARI_OK && client.size > 0,
         "the newest checkpoint is taken");
  mikusari_device camera;
  const auto verdict =
      mikusari_verify_device(&client, answer(vectors::camera_answer), vectors::camera_id, &camera, nullptr);
  expect(verdict == MIKUSARI_OK && camera.state == MIKUSARI_DEVICE_ACTIVE, "a state answer about a camera is verified");
  expect(mikusari_verify_absence(&client, answer(vectors::ghost_answer), MIKUSARI_THING_DEVICE, {vectors::ghost_id, 32},
                                 nullptr, nullptr) == MIKUSARI_OK,
         "a camera that never was is proved absent");
  unsigned char changed_answer[sizeof vectors::camera_answer];
  std::memcpy(changed_answer, vectors::camera_answer, sizeof changed_answer);
  changed_answer[sizeof changed_answer / 2] ^= 1;
  expect(mikusari_verify_device(&client, answer(changed_answer), vectors::camera_id, &camera, nullptr) != MIKUSARI_OK,
         "the answer with one bit changed is refused");
  camera_key(client);
  std::uint8_t kept[MIKUSARI_STATE_BYTES_MAX];
  std::size_t size = 0;
  expect(mikusari_client_state(&client, kept, sizeof kept, &size, nullptr) == MIKUSARI_OK && size > 0,
         "what it has seen is kept");
  device::print("state to keep: ");
  device::print(static_cast<std::uint32_t>(size));
  device::print(" bytes\n");
}

void report(const char* what, std::uint32_t bytes) {
  device::print(what);
  device::print(bytes);
  device::print(" bytes\n");
}

}  // namespace

mikusari::device::Outcome mikusari::device::run() {
  crypto::use_arena(arena);
  const auto signature = crypto::Signature::copy(view(vectors::signature));
  const auto roots = verified_roots(signature);
  expect(roots.has_value(), "the signature over the roots holds");
  expect(!verified_roots(changed(signature)), "the signature with one bit changed is refused");
  if (roots) {
    inclusion(*roots);
    state(*roots);
  }
  thin_client();
  report("stack at its deepest: ", device::stack_bytes_used());
  report("arena for big numbers: ", sizeof arena);
  expect(device::stack_bytes_used() <= stack_bytes_max, "the stack stayed within 12 KiB");
  return failures == 0 ? Outcome::passed : Outcome::failed;
}
