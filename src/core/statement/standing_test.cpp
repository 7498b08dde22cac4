// SPDX-License-Identifier: Apache-2.0
// What records say by themselves: when a key speaks, whose a thing is, how long a role holds.
#include <gtest/gtest.h>

#include "crypto/hash.hpp"
#include "statement/kinds.hpp"

namespace mikusari {
namespace {

Id id(std::string_view text) { return crypto::sha256(as_bytes(text)); }

constexpr std::uint64_t for_ever = ~std::uint64_t{0};

TEST(KeyEntry, SpeaksFromItsBeginningUntilItsEnd) {
  key::Entry entry;
  EXPECT_TRUE(entry.speaks_at(0));
  EXPECT_TRUE(entry.speaks_at(for_ever)) << "an end that is left out is none";
  entry.from_ms = 100;
  EXPECT_FALSE(entry.speaks_at(99));
  EXPECT_TRUE(entry.waits_at(99));
  EXPECT_TRUE(entry.speaks_at(100));
  entry.until_ms = 200;
  EXPECT_TRUE(entry.speaks_at(199));
  EXPECT_FALSE(entry.speaks_at(200));
  EXPECT_TRUE(entry.ended_at(200));
  EXPECT_FALSE(entry.ended_at(199));
  entry.frozen = true;
  EXPECT_FALSE(entry.speaks_at(150));
}

TEST(KeyEntry, ThatEndsBeforeItBeginsNeverSpeaks) {
  key::Entry entry;
  entry.from_ms = 200;
  entry.until_ms = 100;
  for (const std::uint64_t time : {0U, 99U, 100U, 150U, 200U, 300U}) EXPECT_FALSE(entry.speaks_at(time)) << time;
}

TEST(Thing, IsItsMakersUntilItIsGiven) {
  thing::Record thing;
  thing.maker = id("maker");
  EXPECT_EQ(thing.owned_by(), id("maker"));
  EXPECT_EQ(thing.held_by(), id("maker"));
  thing.custodian = id("carrier");
  EXPECT_EQ(thing.owned_by(), id("maker"));
  EXPECT_EQ(thing.held_by(), id("carrier"));
  EXPECT_EQ(thing::Record{}.owned_by(), Handle{}) << "of nobody";
}

TEST(Thing, IsGivenInTheShortForm) {
  const Handle maker = id("maker"), owner = id("owner"), carrier = id("carrier");
  for (const bool made : {false, true}) {
    for (const Handle& new_owner : {maker, owner}) {
      for (const Handle& new_custodian : {maker, owner, carrier}) {
        thing::Record thing;
        if (made) thing.maker = maker;
        thing.owner = carrier;
        thing.custodian = carrier;
        thing.give(new_owner, new_custodian);
        EXPECT_EQ(thing.owned_by(), new_owner);
        EXPECT_EQ(thing.held_by(), new_custodian);
        EXPECT_EQ(thing.owner.has_value(), !made || new_owner != maker);
        EXPECT_EQ(thing.custodian.has_value(), new_owner != new_custodian);
      }
    }
  }
}

TEST(Thing, IsOfferedWhileATitleIsOnItsWay) {
  thing::Record thing;
  EXPECT_FALSE(thing.is_offered());
  thing.shipped_to = id("carrier");
  EXPECT_FALSE(thing.is_offered()) << "custody alone freezes nothing";
  thing.shipped_with_title = true;
  EXPECT_TRUE(thing.is_offered());
  thing.shipped_with_title = false;
  thing.offered_to = id("buyer");
  EXPECT_TRUE(thing.is_offered());
}

TEST(Device, LivesUntilItIsRetired) {
  device::Record device;
  for (const auto state : names_of(device::State{})) {
    device.state = state.value;
    EXPECT_EQ(device.lives(), state.name != "retired" && state.name != "destroyed") << state.name;
  }
}

TEST(Party, ActsWhileItIsActive) {
  party::Record party;
  for (const auto state : names_of(party::State{})) {
    party.state = state.value;
    EXPECT_EQ(party.acts(), state.name == "active") << state.name;
  }
  EXPECT_TRUE(party.is_member());
  party.registrar = id("registrar");
  EXPECT_FALSE(party.is_member());
}

TEST(Role, HoldsFromItsGrantUntilItsEndOrRevocation) {
  role::Record role;
  role.granted_ms = 100;
  EXPECT_FALSE(role.holds_at(99));
  EXPECT_TRUE(role.holds_at(100));
  EXPECT_TRUE(role.holds_at(for_ever));
  role.until_ms = 300;
  EXPECT_TRUE(role.holds_at(299));
  EXPECT_FALSE(role.holds_at(300));
  role.revoked_ms = 200;
  EXPECT_TRUE(role.holds_at(199)) << "what was done before it ended stays done";
  EXPECT_FALSE(role.holds_at(200));
}

}  // namespace
}  // namespace mikusari
