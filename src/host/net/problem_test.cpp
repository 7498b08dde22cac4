// SPDX-License-Identifier: Apache-2.0
#include "net/problem.hpp"

#include <gtest/gtest.h>

#include <array>

namespace mikusari::net {
namespace {

TEST(Problem, CarriesTheErrorsCodeAndSentence) {
  const Problem problem =
      Problem::from(Error(Code::conflict, "the part is mounted already", 7).with_context("part ab"));
  constexpr std::string_view expected =
      R"~({"type":"about:blank","title":"Conflict","status":409,)~"
      R"~("detail":"part ab: the part is mounted already (at byte 7)","code":"conflict","offset":7})~";
  EXPECT_EQ(problem.json(), expected);
  const Response response = problem.response();
  EXPECT_EQ(response.status, 409);
  EXPECT_EQ(response.headers.find("content-type"), "application/problem+json");
  EXPECT_FALSE(response.headers.find("Retry-After"));
}

TEST(Problem, GivesEveryCodeItsStatus) {
  EXPECT_EQ(status_of(Code::invalid), 400);
  EXPECT_EQ(status_of(Code::unauthenticated), 401);
  EXPECT_EQ(status_of(Code::forbidden), 403);
  EXPECT_EQ(status_of(Code::not_found), 404);
  EXPECT_EQ(status_of(Code::conflict), 409);
  EXPECT_EQ(status_of(Code::corrupt), 500);
  EXPECT_EQ(status_of(Code::exhausted), 429);
  EXPECT_EQ(status_of(Code::unavailable), 503);
  EXPECT_EQ(status_of(Code::internal), 500);
  EXPECT_EQ(status_of(Code::newer), 422);
  for (const Code code : {Code::invalid, Code::unauthenticated, Code::forbidden, Code::not_found, Code::conflict,
                          Code::exhausted, Code::unavailable, Code::internal, Code::newer})
    EXPECT_EQ(code_of(status_of(code)), code);
}

TEST(Problem, GivesEveryStatusACode) {
  const auto code_in = [](int status) {
    const std::string json = Problem::of(status, "why").json();
    const std::size_t at = json.find(R"("code":")") + 8;
    return json.substr(at, json.find('"', at) - at);
  };
  for (const int status : {400, 405, 406, 408, 413, 414, 415, 417, 429, 431, 500, 501, 503, 505})
    EXPECT_EQ(code_in(status), name(code_of(status))) << status;
  EXPECT_EQ(code_in(400), "invalid");
  EXPECT_EQ(code_in(413), "exhausted");
  EXPECT_EQ(code_in(431), "exhausted");
  EXPECT_EQ(code_in(503), "unavailable");
}

TEST(Problem, HasOneMemberOfAName) {
  const std::string json = Problem::from(Error(Code::corrupt, "bytes differ")).json();
  EXPECT_NE(json.find(R"("code":"corrupt")"), std::string::npos);
  EXPECT_EQ(json.find("internal"), std::string::npos) << json;
}

TEST(Problem, SaysWhenToComeBack) {
  EXPECT_EQ(response_from(Error(Code::exhausted, "full")).headers.find("Retry-After"), "1");
  EXPECT_EQ(response_from(Error(Code::unavailable, "starting")).headers.find("Retry-After"), "1");
}

TEST(Problem, KeepsWhatConcernsThisMachineToItself) {
  const Problem problem =
      Problem::from(Error(Code::internal, "the disk fails", 3).with_context("/var/lib/secret/path"));
  EXPECT_EQ(problem.json().find("/var/lib"), std::string::npos);
  EXPECT_EQ(problem.detail, "the disk fails");
}

// Who sent something of a newer form has done nothing wrong: it must not look like a malformed request.
TEST(Problem, OfSomethingNewerHasATypeOfItsOwn) {
  const Problem problem = Problem::from(Error(Code::newer, "a field is newer than this program", 5));
  constexpr std::string_view expected =
      R"~({"type":"urn:mikusari:newer","title":"Newer than this node's program","status":422,)~"
      R"~("detail":"a field is newer than this program (at byte 5)","code":"newer","offset":5,"detail_ja":")~"
      "このノードのプログラムより新しい形式です。誤りではありません。ノードのプログラムを更新してください。\"}";
  EXPECT_EQ(problem.json(), expected);
  EXPECT_EQ(problem.response().status, 422);
  EXPECT_FALSE(problem.retry_after_s) << "waiting does not help";
  for (const Code code : {Code::invalid, Code::conflict, Code::internal}) {
    const Problem other = Problem::from(Error(code, "why"));
    EXPECT_EQ(other.type, "about:blank");
    EXPECT_EQ(other.json().find("detail_ja"), std::string::npos);
  }
}

TEST(Problem, TakesMembersOfEveryKind) {
  Problem problem =
      Problem::of(404, "").with("height", std::int64_t{-3}).with("final", true).with("kind", std::string("a\"b"));
  problem.instance = "/v1/x";
  constexpr std::string_view expected =
      R"({"type":"about:blank","title":"Not Found","status":404,"instance":"/v1/x","code":"not_found","height":-3,"final":true,"kind":"a\"b"})";
  EXPECT_EQ(problem.json(), expected);
}

TEST(JsonString, EscapesControlCharactersAndRepairsEncoding) {
  constexpr std::string_view escaped = R"("a\"\\\u000a\u0001")";
  EXPECT_EQ(json_string("a\"\\\n\x01"), escaped);
  EXPECT_EQ(json_string("鍵"), "\"鍵\"");
  EXPECT_EQ(json_string("a\xff"), "\"a?\"");
}

TEST(Negotiate, PrefersByQualityThenByOrder) {
  constexpr std::array<std::string_view, 3> offered = {"application/cbor", "application/json",
                                                       "text/html; charset=utf-8"};
  EXPECT_EQ(negotiate("", offered), 0u);
  EXPECT_EQ(negotiate("*/*", offered), 0u);
  EXPECT_EQ(negotiate("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", offered), 2u);
  EXPECT_EQ(negotiate("application/json;q=0.5, application/cbor;q=0.4", offered), 1u);
  EXPECT_EQ(negotiate("application/*", offered), 0u);
  EXPECT_EQ(negotiate("APPLICATION/JSON", offered), 1u);
  EXPECT_EQ(negotiate("application/cbor;q=0, */*;q=0.1", offered), 1u);  // the most specific range decides
  EXPECT_EQ(negotiate("application/json ; q=1.000 ; v=2", offered), 1u);
  EXPECT_EQ(negotiate("text/plain", offered), std::nullopt);
  EXPECT_EQ(negotiate("*/*;q=0", offered), std::nullopt);
  EXPECT_EQ(negotiate("application/json;q=1.5, text/html;q=abc", offered), std::nullopt);
}

}  // namespace
}  // namespace mikusari::net
