// SPDX-License-Identifier: Apache-2.0
// docs/formats/client-state.md
#include <gtest/gtest.h>

#include "client/verifier.hpp"
#include "proof/test_documents.hpp"

namespace mikusari::client {
namespace {

TEST(Formats, ClientState) {
  test::ExampleLedger example;
  test::Page page("client-state.md");
  page.expect_rule<State>("client-state");
  auto verifier = test::need(Verifier::open(example.policy_bytes, {}));
  ASSERT_TRUE(verifier.update(test::encoded(example.ledger.checkpoint()), {}));
  const auto bytes = page.hex(0, test::encoded(verifier.state()));
  const auto again = Verifier::open(example.policy_bytes, bytes);
  ASSERT_TRUE(again) << again.error().message();
  EXPECT_EQ(again->state().size, 7U);
}

}  // namespace
}  // namespace mikusari::client
