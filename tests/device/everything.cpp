// SPDX-License-Identifier: Apache-2.0
// What a larger device does besides (main.cpp is the small one): passports, receipts, firmware, parties, parts, steps
// to another policy. All of include/mikusari/client.h is in this image.
#include "crypto/mbedtls/arena.hpp"
#include "device_vectors.hpp"
#include "mikusari/client.h"
#include "semihosting.hpp"
#include "startup.hpp"

namespace {

using namespace mikusari;

alignas(8) std::byte arena[crypto::arena_bytes_min];
int failures = 0;

void expect(bool holds, const char* what) {
  device::print(holds ? "ok      " : "FAILED  ");
  device::print(what);
  device::print("\n");
  if (!holds) ++failures;
}

template <std::size_t N>
mikusari_answer answer(const unsigned char (&bytes)[N]) {
  return {{bytes, N}, {nullptr, 0}};
}

void passport(mikusari_client& client) {
  static mikusari_passport whole;
  expect(mikusari_verify_passport(&client, answer(vectors::passport), &whole, nullptr) == MIKUSARI_OK && whole.complete,
         "a whole passport is verified");
  mikusari_event event;
  std::size_t events = 0;
  while (mikusari_passport_event(&whole, events, &event) == MIKUSARI_OK) ++events;
  expect(events == whole.event_count && event.body.size == 0, "its events are walked to their end");
  static mikusari_part part;
  std::uint8_t id[MIKUSARI_ID_BYTES], child[MIKUSARI_ID_BYTES];
  mikusari_run run;
  expect(mikusari_passport_part(&whole, 0, id, &part, &run) == MIKUSARI_OK && run.count == run.of,
         "a part has all its events");
  expect(mikusari_mounted_part(whole.device.record, 0, child) == MIKUSARI_OK && std::memcmp(child, id, sizeof id) == 0,
         "and stands in the device");
}

void records(mikusari_client& client) {
  static mikusari_party bob;
  expect(mikusari_verify_party(&client, answer(vectors::bob_answer), vectors::bob, &bob, nullptr) == MIKUSARI_OK &&
             bob.state == MIKUSARI_PARTY_ACTIVE,
         "a party's record is verified");
  static mikusari_part chip;
  expect(mikusari_verify_part(&client, answer(vectors::chip_answer), vectors::chip_id, &chip, nullptr) == MIKUSARI_OK &&
             chip.state == MIKUSARI_PART_MOUNTED,
         "a part's record is verified");
  mikusari_firmware firmware;
  expect(mikusari_verify_firmware(&client, answer(vectors::image_answer), answer(vectors::release_answer),
                                  answer(vectors::model_answer), vectors::model_id, vectors::image, &firmware,
                                  nullptr) == MIKUSARI_OK &&
             firmware.sequence == 7,
         "an image may run");
  mikusari_event event;
  expect(mikusari_verify_receipt(&client, answer(vectors::receipt), &event, nullptr) == MIKUSARI_OK,
         "a receipt is verified");
  static mikusari_device device;
  expect(mikusari_verify_device(&client, answer(vectors::ghost_answer), vectors::ghost_id, &device, nullptr) ==
             MIKUSARI_NOT_FOUND,
         "a device that never was is not found");
  expect(mikusari_verify_absence(&client, answer(vectors::ghost_answer), MIKUSARI_THING_DEVICE, {vectors::ghost_id, 32},
                                 nullptr, nullptr) == MIKUSARI_OK,
         "and proved absent");
  mikusari_key key;
  expect(mikusari_verify_key(&client, answer(vectors::camera_key_answer), answer(vectors::camera_answer),
                             vectors::camera_kid, &key, nullptr) == MIKUSARI_OK,
         "a key speaks");
}

// Last of all: the old signers' answers do not hold any more.
void policy_step(mikusari_client& client) {
  static std::uint8_t policy[512];
  std::size_t size = 0;
  mikusari_step step;
  const mikusari_bytes submission{vectors::policy_step, sizeof vectors::policy_step};
  expect(mikusari_policy_step(&client, submission, policy, sizeof policy, &size, &step, nullptr) == MIKUSARI_OK &&
             step.epoch == 2 && step.lost == 0,
         "a step to another policy is taken");
  expect(mikusari_update(&client, answer(vectors::checkpoint), nullptr) == MIKUSARI_UNAUTHENTICATED,
         "and the old signers count no more");
}

}  // namespace

mikusari::device::Outcome mikusari::device::run() {
  crypto::use_arena(arena);
  mikusari_client client;
  const mikusari_bytes policy{vectors::policy, sizeof vectors::policy};
  std::uint8_t kept[MIKUSARI_STATE_BYTES_MAX];
  std::size_t size = 0;
  expect(mikusari_client_init(&client, policy, {nullptr, 0}, nullptr) == MIKUSARI_OK, "the trust policy is taken");
  passport(client);
  records(client);
  expect(mikusari_client_state(&client, kept, sizeof kept, &size, nullptr) == MIKUSARI_OK && size > 0,
         "what it has seen is kept");
  policy_step(client);
  device::print("stack at its deepest: ");
  device::print(device::stack_bytes_used());
  device::print(" bytes\n");
  return failures == 0 ? Outcome::passed : Outcome::failed;
}
