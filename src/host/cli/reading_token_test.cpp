// SPDX-License-Identifier: Apache-2.0
#include "cli/reading_token.hpp"

#include <gtest/gtest.h>

namespace mikusari::cli {
namespace {

net::Response answer(int status, const std::string& body) {
  net::Response out;
  out.status = status;
  out.body = net::Body::text(body);
  return out;
}

TEST(ReadingToken, IsAskedForWhereTheNodeSaysSo) {
  EXPECT_TRUE(asks_for_token(answer(404, R"({"type":"urn:mikusari:not-for-this-reader","status":404})")));
  EXPECT_TRUE(asks_for_token(answer(401, "{}").with("WWW-Authenticate", "Bearer error=\"invalid_token\"")));
}

TEST(ReadingToken, IsNotAskedForByOtherAnswers) {
  EXPECT_FALSE(asks_for_token(answer(404, R"({"type":"about:blank","status":404})")));
  EXPECT_FALSE(asks_for_token(answer(404, "\xa2")));
  EXPECT_FALSE(asks_for_token(answer(404, "[]")));
  EXPECT_FALSE(asks_for_token(answer(404, R"({"type":1})")));
  EXPECT_FALSE(asks_for_token(answer(401, "{}")));
  EXPECT_FALSE(asks_for_token(answer(200, R"({"type":"urn:mikusari:not-for-this-reader"})")));
}

}  // namespace
}  // namespace mikusari::cli
