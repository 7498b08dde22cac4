// SPDX-License-Identifier: Apache-2.0
#include "api/route.hpp"

#include <gtest/gtest.h>

#include "api/routes.hpp"
#include "api/tile_path.hpp"

namespace mikusari::api {
namespace {

std::optional<Captures> matched(std::string_view pattern, std::vector<std::string> segments) {
  return match(pattern, segments);
}

TEST(Route, CapturesPlaceholders) {
  const auto captures = matched("/v1/models/{model}/images/{image}", {"v1", "models", "a", "images", "b"});
  ASSERT_TRUE(captures.has_value());
  EXPECT_EQ((*captures)["model"], "a");
  EXPECT_EQ((*captures)["image"], "b");
  EXPECT_EQ((*captures)["other"], "");
}

TEST(Route, CapturesTheRestWithItsSlashes) {
  const auto captures = matched("/v1/tile/{level}/{path...}", {"v1", "tile", "0", "x001", "002.p", "3"});
  ASSERT_TRUE(captures.has_value());
  EXPECT_EQ((*captures)["level"], "0");
  EXPECT_EQ((*captures)["path"], "x001/002.p/3");
  EXPECT_FALSE(matched("/v1/tile/{level}/{path...}", {"v1", "tile", "0"}).has_value());
}

TEST(Route, RefusesOtherPaths) {
  EXPECT_FALSE(matched("/v1/parts/{id}", {"v1", "parts"}).has_value());
  EXPECT_FALSE(matched("/v1/parts/{id}", {"v1", "parts", "a", "b"}).has_value());
  EXPECT_FALSE(matched("/v1/parts/{id}", {"v1", "devices", "a"}).has_value());
  EXPECT_FALSE(matched("/v1/parts/{id}", {"v1", "parts", ""}).has_value());
  EXPECT_FALSE(matched("/livez", {"livez", ""}).has_value());
  EXPECT_FALSE(matched("/livez", {}).has_value());
  EXPECT_TRUE(matched("/livez", {"livez"}).has_value());
}

TEST(TilePath, ReadsWhatTheStandardWrites) {
  const auto tile = parse_tile_path("2", "x001/x234/067.p/12");
  ASSERT_TRUE(tile.has_value());
  EXPECT_EQ(tile->level, 2u);
  EXPECT_EQ(tile->index, 1234067u);
  EXPECT_EQ(tile->width, 12u);
  EXPECT_EQ(parse_tile_path("0", "000")->index, 0u);
  EXPECT_EQ(parse_tile_path("0", "999")->width, 256u);
  EXPECT_EQ(parse_tile_path("63", "x001/000")->index, 1000u);
}

TEST(TilePath, RefusesEverythingElse) {
  for (const auto& [level, rest] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"", "000"},
                                                                  {"64", "000"},
                                                                  {"00", "000"},
                                                                  {"-1", "000"},
                                                                  {"0", ""},
                                                                  {"0", "0"},
                                                                  {"0", "0000"},
                                                                  {"0", "x000/001"},
                                                                  {"0", "001/002"},
                                                                  {"0", "x001"},
                                                                  {"0", "x01/002"},
                                                                  {"0", "000.p/0"},
                                                                  {"0", "000.p/256"},
                                                                  {"0", "000.p/012"},
                                                                  {"0", "000.p/"},
                                                                  {"0", "000.p"},
                                                                  {"entries", "000"},
                                                                  {"0", "x001/x000/x000/x000/x000/x000/000"},
                                                                  {"0", "/000"}}) {
    const auto tile = parse_tile_path(level, rest);
    EXPECT_FALSE(tile.has_value()) << level << " " << rest;
    if (!tile) {
      EXPECT_EQ(tile.error().code(), Code::not_found);
    }
  }
}

std::size_t lane(net::Method method, std::string_view target) {
  net::Request request;
  request.method = method;
  request.target = *net::Target::parse(target);
  return lane_of(request);
}

TEST(Lanes, KeepHealthAndStatementsApartFromLongReads) {
  using enum net::Method;
  const auto index = [](Lane lane) { return static_cast<std::size_t>(lane); };
  for (const auto* target : {"/livez", "/readyz"}) EXPECT_EQ(lane(get, target), index(Lane::quick));
  EXPECT_EQ(lane(head, "/livez"), index(Lane::quick));
  for (const auto* target : {"/v1/statements", "/v1/statements/check"})
    EXPECT_EQ(lane(post, target), index(Lane::statements));
  for (const auto* target : {"/v1/devices/ab/passport", "/v1/devices/ab/passport?page=3",
                             "/v1/devices/ab/passport.html", "/v1/parties/ab/lists/keys"})
    EXPECT_EQ(lane(get, target), index(Lane::long_reads)) << target;
  for (const auto* target : {"/v1/devices/ab", "/nothing", "/v1/statements/ab"})
    EXPECT_EQ(lane(get, target), index(Lane::ordinary)) << target;
  EXPECT_LE(index(Lane::long_reads), lane_count - 1);
}

TEST(Routes, SayWhomWhatIsReadConcerns) {
  for (const auto& route : routes()) {
    const bool needs = route.reads == Reads::things || route.reads == Reads::lists || route.reads == Reads::statements;
    EXPECT_TRUE(!needs || route.about != nullptr) << route.pattern;
  }
}

}  // namespace
}  // namespace mikusari::api
