// SPDX-License-Identifier: Apache-2.0
// The text form of checkpoints (C2SP signed-note). What is read and written again is read the same.
// LINK: mikusari_proof mikusari_crypto_openssl
#include "proof/test_camera.hpp"

namespace {

using namespace mikusari;

constexpr std::size_t signatures_max = 2 * limits::signers_max + limits::witnesses_max;

std::string written(const proof::Checkpoint& checkpoint, const proof::Policy& policy) {
  static char buffer[64 * 1024];
  const auto text = proof::to_text(checkpoint, policy, buffer);
  ASSERT(text.has_value());
  return std::string(*text);
}

void check(std::string_view note, const proof::Policy& policy) {
  proof::Cosignature first[signatures_max], second[signatures_max];
  const auto checkpoint = proof::from_text(note, policy, first);
  if (!checkpoint) return;
  (void)proof::verify(*checkpoint, policy);
  const std::string text = written(*checkpoint, policy);
  const auto again = proof::from_text(text, policy, second);
  ASSERT(again.has_value() == !checkpoint->signatures.empty());  // a note has a signature
  if (again) ASSERT(written(*again, policy) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static test::CameraScene scene;
  static const test::Octets policy_bytes = scene.ledger.policy(1);
  static const proof::Policy policy = test::need(proof::parse_policy(policy_bytes));
  check(as_text(std::as_bytes(std::span(data, size))), policy);
  return 0;
}
