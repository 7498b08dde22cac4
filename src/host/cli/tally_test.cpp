// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "cli/test_home.hpp"
#include "cli/voice.hpp"

namespace mikusari::cli {
namespace {

using statement::Outcome;
using statement::Refusal;

// What is told of the fates of bodies.
class TallyTest : public testing::Test {
 protected:
  static BodyFate committed(std::uint64_t index, Outcome outcome = Outcome::done) {
    return {index, Standing::committed, outcome, {}, "part aaaa", "device bbbb", {}, {}};
  }
  static BodyFate refused(std::uint64_t index, Refusal why) {
    return {index, Standing::refused, {}, why, {}, {}, "The sentence.", "文。"};
  }
  test::Said told(const std::vector<BodyFate>& bodies, bool as_json = true, const std::string& language = "en",
                  Outcome meant = Outcome::done) {
    Arguments arguments;
    if (as_json) arguments.add("--json", "");
    arguments.add("--lang", language);
    std::ostringstream out, err;
    Session session(arguments, {}, out, err);
    const Fate fate{Digest{}, 3, {std::span<const BodyFate>(bodies)}};
    const auto verdict = report(session, fate, meant);
    test::Said said;
    if (verdict) {
      session.finish("test");
    } else {
      session.finish("test", verdict.error());
      said.code = static_cast<int>(verdict.error().code());
    }
    said.out = out.str();
    said.err = err.str();
    return said;
  }
};

TEST_F(TallyTest, DoneIsDone) {
  const auto said = told({committed(0), committed(1)});
  EXPECT_EQ(said.code, 0);
  EXPECT_EQ(said.member("committed"), "2");
  EXPECT_EQ(said.member("alarms"), "0");
}

TEST_F(TallyTest, AnAlarmIsToldPlainlyWithBothNames) {
  const auto said = told({committed(0), committed(1, Outcome::alarm)}, false);
  EXPECT_EQ(said.code, static_cast<int>(Code::conflict));
  EXPECT_NE(said.out.find("1: ALARM"), std::string::npos) << said.out;
  EXPECT_NE(said.out.find("part aaaa and device bbbb"), std::string::npos) << said.out;
  EXPECT_NE(said.err.find("recorded as an alarm"), std::string::npos) << said.err;
  EXPECT_NE(told({committed(0, Outcome::alarm)}, false, "ja").out.find("警報"), std::string::npos);
}

TEST_F(TallyTest, AnAlarmIsARowForPrograms) {
  const auto said = told({committed(0, Outcome::alarm)});
  EXPECT_EQ(said.member("committed"), "1");
  EXPECT_EQ(said.member("alarms"), "1");
  EXPECT_NE(said.member("named").find("\"outcome\":\"alarm\",\"subject\":\"part aaaa\",\"object\":\"device bbbb\""),
            std::string::npos)
      << said.out;
  EXPECT_EQ(json::parse(said.out)->find("error")->find("refusal"), nullptr) << "an alarm is no refusal";
}

TEST_F(TallyTest, AnAlarmThatWasMeantIsDone) {
  const auto said = told({committed(0, Outcome::alarm)}, false, "en", Outcome::alarm);
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("0: ALARM: part aaaa"), std::string::npos) << said.out;
  EXPECT_EQ(told({committed(0, Outcome::voided)}, false, "en", Outcome::alarm).code, static_cast<int>(Code::conflict));
}

TEST_F(TallyTest, AVoidVoteIsNoSuccess) {
  const auto said = told({committed(0, Outcome::voided)});
  EXPECT_EQ(said.code, static_cast<int>(Code::conflict));
  EXPECT_EQ(said.member("voided"), "1");
  EXPECT_EQ(said.member("alarms"), "0");
}

TEST_F(TallyTest, ARefusalHasItsSentenceAndClass) {
  const auto said = told({committed(0), refused(1, Refusal::not_owned), refused(2, Refusal::stale)});
  EXPECT_EQ(said.code, static_cast<int>(statement::text_of(Refusal::not_owned).code));
  EXPECT_EQ(said.member("refused"), "2");
  EXPECT_EQ(*json::parse(said.out)->find("error")->find("refusal")->text(), "not_owned");
  EXPECT_NE(told({refused(0, Refusal::stale)}, false, "ja").out.find("文。"), std::string::npos);
}

}  // namespace
}  // namespace mikusari::cli
