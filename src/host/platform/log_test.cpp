// SPDX-License-Identifier: Apache-2.0
#include "platform/log.hpp"

#include <gtest/gtest.h>

#include "platform/simulated/clock.hpp"
#include "platform/simulated/log.hpp"

namespace mikusari::platform {
namespace {

class LogTest : public ::testing::Test {
 protected:
  // The text as it stands between the quotes of the field "f".
  std::string escaped(std::string_view text) {
    log_.info("e", {{"f", text}});
    const std::string line = log_.lines().back();
    const std::string before = R"("f":")";
    const std::size_t begin = line.find(before) + before.size();
    return line.substr(begin, line.size() - begin - 2);
  }

  SimulatedClock clock_;
  MemoryLog log_{clock_};
};

TEST_F(LogTest, WritesOneObjectALine) {
  log_.info("block_committed", {{"height", 7U}, {"delta", -1}, {"empty", false}, {"by", "solo"}});
  EXPECT_EQ(log_.lines(),
            std::vector<std::string>{
                R"({"time":"2025-01-01T00:00:00.000Z","level":"info","event":"block_committed","height":7,)"
                R"("delta":-1,"empty":false,"by":"solo"})"});
}

TEST_F(LogTest, ErrorCarriesCodeAndMessage) {
  log_.error("open_failed", Error(Code::corrupt, "bad frame").with_context("chain"), {{"height", 3U}});
  EXPECT_EQ(log_.lines().back(), R"({"time":"2025-01-01T00:00:00.000Z","level":"error","event":"open_failed",)"
                                 R"("height":3,"code":"corrupt","message":"chain: bad frame"})");
}

TEST_F(LogTest, LeavesOutWhatIsBelowItsLevel) {
  MemoryLog quiet(clock_, Level::warning);
  quiet.debug("a");
  quiet.info("b");
  quiet.warning("c");
  quiet.error("d");
  EXPECT_EQ(quiet.lines().size(), 2U);
  EXPECT_EQ(quiet.count(R"("event":"c")"), 1U);
}

TEST_F(LogTest, EscapesWhatJsonWantsEscaped) {
  EXPECT_EQ(escaped("a\"b\\c"), R"(a\"b\\c)");
  EXPECT_EQ(escaped("\n\r\t"), R"(\n\r\t)");
  EXPECT_EQ(escaped(std::string_view("\0\x1f\x7f", 3)), R"(\u0000\u001f\u007f)");
  EXPECT_EQ(escaped("\u2028"), R"(\u2028)");
}

TEST_F(LogTest, KeepsUtf8AndReplacesWhatIsNot) {
  EXPECT_EQ(escaped("ミクサリ 𠮷"), "ミクサリ 𠮷");
  EXPECT_EQ(escaped("a\xff"
                    "b"),
            "a\uFFFDb");
  EXPECT_EQ(escaped("\xe3\x83"), "\uFFFD\uFFFD");            // cut in the middle
  EXPECT_EQ(escaped("\xc0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(escaped("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
}

TEST_F(LogTest, CutsLongTexts) {
  const std::string text = escaped(std::string(100000, 'x'));
  EXPECT_EQ(text.size(), Log::text_bytes_max + 3);
  EXPECT_TRUE(text.ends_with("x..."));
}

}  // namespace
}  // namespace mikusari::platform
