// SPDX-License-Identifier: Apache-2.0
// Everything that a thin client takes from anybody: receipts, state answers, lists, passports, checkpoints, policies,
// client states. The first byte says which. What decodes must encode to the same bytes, and a fixed policy judges it.
// LINK: mikusari_client
#include "client/verifier.hpp"
#include "proof/test_camera.hpp"

namespace {

using namespace mikusari;
using test::CameraScene;

struct World {
  CameraScene scene;
  test::Octets policy_bytes = scene.ledger.policy(1);
  client::Verifier verifier = test::need(client::Verifier::open(policy_bytes, {}));
};

// One byte string for each value.
template <class T>
void check_one_form(ByteView input) {
  if (const auto value = cbor::decode<T>(input)) ASSERT(equal(test::encoded(*value), input));
}

void check(client::Verifier verifier, unsigned selector, ByteView input) {
  const client::Terms terms;
  switch (selector) {
    case 0:
      check_one_form<proof::Receipt>(input);
      (void)verifier.receipt(input, terms);
      return;
    case 1:
      check_one_form<proof::StateAnswer>(input);
      (void)verifier.record(input, path::device(CameraScene::camera), terms);
      return;
    case 2:
      check_one_form<proof::ListAnswer>(input);
      (void)verifier.devices(input, "acme", terms);
      return;
    case 3:
      check_one_form<proof::Passport>(input);
      (void)verifier.passport(input, terms);
      return;
    case 4:
      check_one_form<proof::Checkpoint>(input);
      (void)verifier.update(input, terms);
      return;
    case 5:
      check_one_form<proof::Policy>(input);
      (void)client::Verifier::open(input, {});
      return;
    default: check_one_form<client::State>(input); (void)client::parse_state(input);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size > 0) check(world.verifier, data[0], std::as_bytes(std::span(data + 1, size - 1)));
  return 0;
}
