// SPDX-License-Identifier: Apache-2.0
// For tests only: the camera's passport, whole and in pages, and what the verifier says of it.
#pragma once

#include <gtest/gtest.h>

#include "proof/test_camera.hpp"

namespace mikusari::proof {

class PassportTest : public testing::Test {
 protected:
  using Pieces = test::PassportPieces;

  PassportTest() : policy_bytes(scene.ledger.policy(1)), policy(test::need(parse_policy(policy_bytes))) {}

  test::PassportMaker maker() { return test::PassportMaker(scene.ledger, scene.camera); }
  Pieces pieces() { return maker().make(); }
  // The events of one page, by the number of their body on the ledger.
  Pieces page(std::size_t first, std::size_t end) { return maker().events(first, end).make(); }
  Result<VerifiedPage> verified(const Pieces& passport) {
    return verify_passport(scene.ledger.keep(passport.encode()), policy);
  }
  // "complete", "incomplete", or why it is refused.
  std::string verdict(const Pieces& passport) {
    const auto page = verified(passport);
    return !page ? page.error().text() : page->complete ? "complete" : "incomplete";
  }
  static Pieces::Thing& camera_of(Pieces& passport) { return passport.things.front(); }
  static Pieces::Thing& part_of(Pieces& passport, const Id& id) { return passport.thing(ThingType::part, id); }
  static Pieces::Thing& model_of(Pieces& passport, const Id& id) { return passport.thing(ThingType::model, id); }
  // Where a thing's run begins and ends in its history, as the range for it.
  Range range_of(const Digest& path, std::size_t first, std::size_t count) {
    return scene.ledger.range(scene.ledger.events[path].history, first, count);
  }

  test::CameraScene scene;
  test::Octets policy_bytes;
  Policy policy;
};

}  // namespace mikusari::proof
