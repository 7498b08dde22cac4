// SPDX-License-Identifier: Apache-2.0
// Everything that a thin client takes from anybody: receipts, state answers, pages of lists and passports, checkpoints,
// policies, steps from one policy to the next, consistency proofs, client states. The first byte says which. What
// decodes without additions must encode to the same bytes, a client with a fixed policy judges it, and what it refuses
// moves nothing that it remembers.
// LINK: mikusari_client mikusari_crypto_openssl
#include "client/verifier.hpp"
#include "proof/test_camera.hpp"
#include "proof/test_step.hpp"

namespace {

using namespace mikusari;
using test::CameraScene;

// A camera on a ledger that is watched, and that recovery keys can bring back.
struct World {
  World() {
    scene.ledger.add_witness("watch");
    scene.ledger.witness_threshold = 1;
    scene.ledger.add_recovery_key("recovery 1");
    scene.ledger.add_recovery_key("recovery 2");
    scene.ledger.recovery_threshold = 2;
    policy_bytes = scene.ledger.policy(1);
    newest = test::encoded(scene.ledger.checkpoint());
    client::State seen;
    seen.ledger = scene.ledger.id;
    seen.policy = crypto::sha256(policy_bytes);
    seen.policy_epoch = 1;
    seen.size = 3;
    seen.root = scene.ledger.log.root(3);
    memory = test::encoded(seen);
  }
  CameraScene scene;
  test::Octets policy_bytes, newest;
  test::Octets memory;  // of a client that has seen the log when it had 3 leaves
};

// One byte string for each value; what a strict reader takes, a laxer one takes too.
template <class T>
bool check_one_form(ByteView input) {
  const auto lax = cbor::decode<T>(input);
  if (const auto strict = cbor::decode<T>(input, cbor::Additions::refuse))
    ASSERT(lax.has_value() && equal(test::encoded(*strict), input));
  return lax.has_value();
}

void check_list(client::Verifier& verifier, const Handle& party, ByteView input) {
  const bool read = check_one_form<proof::ListPage>(input);
  const auto page = verifier.list(input, party, list::Kind::devices, {});
  if (!page) return;
  ASSERT(read && page->entries.size() == page->items.size() && page->first <= page->count &&
         page->entries.size() <= page->count - page->first);
}

void check_passport(client::Verifier& verifier, ByteView input) {
  const bool read = check_one_form<proof::PassportPage>(input);
  const auto page = verifier.passport(input, {});
  if (page) ASSERT(read && page->withheld <= page->events && page->events == page->page.events.size());
}

void check_step(client::Verifier& verifier, ByteView input) {
  const std::uint64_t epoch = verifier.policy().epoch;
  test::Octets policy(64 * 1024), again(64 * 1024);
  const auto step = verifier.step(input, policy);
  if (!step) return;
  ASSERT(step->epoch == epoch + 1 && verifier.policy().epoch == step->epoch &&
         proof::parse_policy(step->policy).has_value());
  ASSERT(!verifier.step(input, again));  // a step is made once
}

// From what the client remembers to the newest checkpoint.
void check_consistency(const World& world, ByteView input) {
  const bool read = check_one_form<proof::Consistency>(input);
  auto verifier = test::need(client::Verifier::open(world.policy_bytes, world.memory));
  const bool taken = verifier.update(world.newest, {input, {}}).has_value();
  ASSERT(read || !taken);
  ASSERT(taken == (verifier.state().size > 3));
}

void check(const World& world, unsigned selector, ByteView input) {
  auto verifier = test::need(client::Verifier::open(world.policy_bytes, {}));
  const test::Octets before = test::encoded(verifier.state());
  bool taken = false;
  switch (selector) {
    case 0:
      check_one_form<proof::Receipt>(input);
      taken = verifier.receipt(input, {}).has_value();
      break;
    case 1:
      check_one_form<proof::StateAnswer>(input);
      taken = verifier.record(input, path::device(world.scene.camera), {}).has_value();
      break;
    case 2: return check_list(verifier, world.scene.acme(), input);
    case 3: return check_passport(verifier, input);
    case 4:
      check_one_form<proof::Checkpoint>(input);
      taken = verifier.update(input, {}).has_value();
      break;
    case 5:
      check_one_form<proof::Policy>(input);
      (void)client::Verifier::open(input, {});
      break;
    case 6:
      check_one_form<client::State>(input);
      (void)client::Verifier::open(world.policy_bytes, input);
      break;
    case 7: return check_step(verifier, input);
    default: return check_consistency(world, input);
  }
  ASSERT(taken || test::encoded(verifier.state()) == before);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const World world;
  if (size > 0) check(world, data[0], std::as_bytes(std::span(data + 1, size - 1)));
  return 0;
}
