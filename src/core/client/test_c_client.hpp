// SPDX-License-Identifier: Apache-2.0
// For tests only: a C client that has seen nothing yet, and a camera's ledger to ask.
#pragma once

#include <gtest/gtest.h>

#include "client/test_world.hpp"

namespace mikusari {

class CClient : public testing::Test {
 protected:
  test::CameraScene& scene() { return world.scene; }
  test::TestLedger& ledger() { return world.scene.ledger; }
  // Stores the state and begins anew with it, as after a restart.
  static mikusari_client restarted(const mikusari_client& before) {
    std::uint8_t state[MIKUSARI_STATE_BYTES_MAX];
    std::size_t size = 0;
    EXPECT_EQ(mikusari_client_state(&before, state, sizeof state, &size, nullptr), MIKUSARI_OK);
    mikusari_client out;
    EXPECT_EQ(mikusari_client_init(&out, before.policy, {state, size}, nullptr), MIKUSARI_OK);
    return out;
  }

  test::World world;
  mikusari_client client = world.client();
  mikusari_error error{};
};

}  // namespace mikusari
