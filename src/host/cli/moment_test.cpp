// SPDX-License-Identifier: Apache-2.0
#include "cli/moment.hpp"

#include <gtest/gtest.h>

namespace mikusari::cli {
namespace {

TEST(Moment, ReadsDaysTimesAndNumbers) {
  EXPECT_EQ(*moment_ms("1970-01-01"), 0U);
  EXPECT_EQ(*moment_ms("2027-01-31"), 1801353600000U);
  EXPECT_EQ(*moment_ms("2027-01-31T12:34:56Z"), 1801398896000U);
  EXPECT_EQ(*moment_ms("2028-02-29"), 1835395200000U);
  EXPECT_EQ(*moment_ms("123"), 123U);
}

TEST(Moment, RefusesWhatIsNoTime) {
  for (const auto* text :
       {"", "2027-02-29", "2027-13-01", "2027-00-10", "2027-01-32", "2027-1-3", "2027/01/31", "2027-01-31T24:00:00Z",
        "2027-01-31T12:60:00Z", "2027-01-31T12:00:00", "2027-01-31 12:00:00Z", "1969-12-31", "-5", "yesterday",
        "2027-01-31T12:00:00+09:00", "20270131T", "0x10"}) {
    const auto refused = moment_ms(text);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().code(), Code::invalid) << text;
  }
}

TEST(Span, ReadsUnitsAndRefusesWhatOverflows) {
  EXPECT_EQ(*span_ms("90d"), 7776000000U);
  EXPECT_EQ(*span_ms("36h"), 129600000U);
  EXPECT_EQ(*span_ms("15m"), 900000U);
  EXPECT_EQ(*span_ms("20s"), 20000U);
  EXPECT_EQ(*span_ms("7"), 7U);
  EXPECT_EQ(*span_ms("213503982334d"), 213503982334U * 86400000U);
  for (const auto* text : {"", "d", "1.5d", "-1d", "1w", "d1", "213503982335d", "18446744073709551616"})
    EXPECT_FALSE(span_ms(text)) << text;
}

}  // namespace
}  // namespace mikusari::cli
