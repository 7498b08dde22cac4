// SPDX-License-Identifier: Apache-2.0
#include "net/http.hpp"

#include <gtest/gtest.h>

namespace mikusari::net {
namespace {

TEST(Headers, FindFieldsWithoutRegardToCase) {
  Headers headers;
  headers.add("Content-Type", "text/plain");
  headers.add("X-Thing", "1");
  headers.add("x-thing", "2");
  EXPECT_EQ(headers.find("CONTENT-TYPE"), "text/plain");
  EXPECT_EQ(headers.find("X-THING"), "1");
  EXPECT_EQ(headers.count("x-Thing"), 2u);
  EXPECT_FALSE(headers.find("X-Thin"));
  headers.set("X-Thing", "3");
  EXPECT_EQ(headers.count("X-Thing"), 1u);
  EXPECT_EQ(headers.find("x-thing"), "3");
}

TEST(Headers, NeverLetAValueBeginAnotherField) {
  Headers headers;
  headers.add("Location", "/a\r\nSet-Cookie: b");
  EXPECT_EQ(headers.find("Location"), "/a  Set-Cookie: b");
}

TEST(Target, SplitsAndDecodes) {
  const auto target = Target::parse("/v1/parts/a%2Fb/%E9%8D%B5?since=3&q=a+b%26c&flag&empty=");
  ASSERT_TRUE(target) << target.error().message();
  EXPECT_EQ(target->segments, (std::vector<std::string>{"v1", "parts", "a/b", "鍵"}));
  EXPECT_EQ(target->path(), "/v1/parts/a%2Fb/%E9%8D%B5");
  EXPECT_EQ(target->parameter("since"), "3");
  EXPECT_EQ(target->parameter("q"), "a b&c");
  EXPECT_EQ(target->parameter("flag"), "");
  EXPECT_EQ(target->parameter("empty"), "");
  EXPECT_FALSE(target->parameter("Since"));
}

TEST(Target, KeepsEmptySegments) {
  EXPECT_TRUE(Target::parse("/")->segments.empty());
  EXPECT_EQ(Target::parse("/a/")->segments, (std::vector<std::string>{"a", ""}));
  EXPECT_EQ(Target::parse("//a")->segments, (std::vector<std::string>{"", "a"}));
}

TEST(Target, TakesTheAbsoluteForm) {
  EXPECT_EQ(Target::parse("http://example.org/a?b=c")->raw, "/a?b=c");
  EXPECT_EQ(Target::parse("HTTPS://example.org")->raw, "/");
  EXPECT_EQ(Target::parse("http://example.org?b=c")->parameter("b"), "c");
  EXPECT_EQ(Target::parse("*")->raw, "*");
}

TEST(Target, RefusesWhatIsMalformedOrDoubtful) {
  for (const char* raw : {"", "a", "/%", "/%4", "/%4g", "/%zz", "/%00", "/a%0d%0ab", "/a%7f", "/%ff", "/%c0%af", "/..",
                          "/a/../b", "/.", "/%2e%2e/a", "/a#b", "/?a=%1", "ftp://a/"}) {
    const auto target = Target::parse(raw);
    ASSERT_FALSE(target) << raw;
    EXPECT_EQ(target.error().code(), Code::invalid) << raw;
  }
}

TEST(Target, LimitsSegmentsAndParameters) {
  std::string path, query;
  for (std::size_t i = 0; i < Target::segments_max; ++i) path += "/a";
  for (std::size_t i = 0; i < Target::parameters_max; ++i) query += "&a=b";
  EXPECT_TRUE(Target::parse(path + "?" + query));
  EXPECT_EQ(Target::parse(path + "/a").error().code(), Code::exhausted);
  EXPECT_EQ(Target::parse(path + "?" + query + "&a").error().code(), Code::exhausted);
}

TEST(Body, SharesContentWithoutCopying) {
  const auto content = std::make_shared<const Buffer>(1000, std::byte{7});
  const Body body = Body::shared(content);
  EXPECT_EQ(body.view().data(), content->data());
  EXPECT_EQ(body.size(), 1000u);
}

TEST(Method, IsCaseSensitive) {
  EXPECT_EQ(method_from_name("GET"), Method::get);
  EXPECT_EQ(method_from_name("DELETE"), Method::delete_);
  EXPECT_FALSE(method_from_name("get"));
  EXPECT_FALSE(method_from_name("TRACE"));
}

}  // namespace
}  // namespace mikusari::net
