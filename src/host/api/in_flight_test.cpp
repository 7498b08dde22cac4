// SPDX-License-Identifier: Apache-2.0
#include "api/in_flight.hpp"

#include <gtest/gtest.h>

namespace mikusari::api {
namespace {

using Turn = InFlight::Turn;

Digest id(unsigned char value) {
  Digest out;
  out.data[0] = std::byte{value};
  return out;
}

TEST(InFlight, SendsOnlyTheFirstAndTellsAll) {
  InFlight in_flight({});
  int told = 0;
  const auto waiter = [&](const InFlight::Fate& fate) { told += fate ? 1 : 100; };
  EXPECT_EQ(in_flight.begin(id(1), 10, 5, waiter), Turn::first);
  EXPECT_EQ(in_flight.begin(id(1), 10, 6, waiter), Turn::later);
  EXPECT_EQ(in_flight.size().statements, 1u);
  EXPECT_EQ(in_flight.size().bytes, 10u);
  EXPECT_EQ(in_flight.finish(id(1), replica::Fate{}), 5);
  EXPECT_EQ(told, 2);
  EXPECT_FALSE(in_flight.finish(id(1), replica::Fate{}).has_value());
  EXPECT_EQ(told, 2);
  EXPECT_EQ(in_flight.size().bytes, 0u);
}

TEST(InFlight, IsBoundedInBytesAndNumber) {
  InFlight in_flight({.bytes_max = 100, .statements_max = 2});
  const auto nobody = [](const InFlight::Fate&) {};
  EXPECT_EQ(in_flight.begin(id(1), 101, 0, nobody), Turn::full);
  EXPECT_EQ(in_flight.begin(id(1), 60, 0, nobody), Turn::first);
  EXPECT_FALSE(in_flight.has_room(41));
  EXPECT_EQ(in_flight.begin(id(2), 41, 0, nobody), Turn::full);
  EXPECT_EQ(in_flight.begin(id(2), 40, 0, nobody), Turn::first);
  EXPECT_EQ(in_flight.begin(id(1), 60, 0, nobody), Turn::later);  // costs nothing
  in_flight.finish(id(1), replica::Fate{});
  EXPECT_EQ(in_flight.begin(id(3), 0, 0, nobody), Turn::first);
  EXPECT_EQ(in_flight.begin(id(4), 0, 0, nobody), Turn::full);
}

TEST(InFlight, PassesTheReasonOn) {
  InFlight in_flight({});
  Code code{};
  in_flight.begin(id(1), 1, 0, [&](const InFlight::Fate& fate) { code = fate.error().error.code(); });
  in_flight.finish(id(1), std::unexpected(replica::Rejection(Error(Code::unavailable, "stopping"))));
  EXPECT_EQ(code, Code::unavailable);
}

}  // namespace
}  // namespace mikusari::api
