// SPDX-License-Identifier: Apache-2.0
// For tests only: a camera's ledger with a policy, answers kept alive, and helpers between C++ and the C structures.
#pragma once

#include <set>

#include "mikusari/client.h"
#include "proof/test_camera.hpp"

namespace mikusari::test {

inline mikusari_bytes raw(ByteView bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
inline const std::uint8_t* raw(const Digest& digest) {
  return reinterpret_cast<const std::uint8_t*>(digest.data.data());
}
inline Digest digest(const std::uint8_t* bytes) { return Digest::copy(std::as_bytes(std::span(bytes, 32))); }
inline std::string text(mikusari_text value) { return std::string(value.data, value.size); }

struct World {
  World() : World("test ledger") {}
  explicit World(std::string_view name) : scene(name), policy(scene.ledger.policy(1)) {}

  // Bytes that live as long as the world.
  mikusari_bytes keep(const Octets& bytes) { return raw(scene.ledger.keep(bytes)); }
  mikusari_answer answer(const Octets& bytes, const Octets& consistency = {}) {
    return {keep(bytes), keep(consistency)};
  }
  mikusari_answer about(const Digest& path) { return answer(scene.ledger.answer(path)); }
  // The ledger grows by a block in which the camera changes.
  void retire() {
    scene.edit_device(scene.camera, [](device::Record& record) { record.state = device::State::retired; });
    scene.ledger.seal();
  }
  mikusari_client client() const {
    mikusari_client out;
    EXPECT_EQ(mikusari_client_init(&out, raw(policy), {}, nullptr), MIKUSARI_OK);
    return out;
  }

  CameraScene scene;
  Octets policy;
};

}  // namespace mikusari::test
