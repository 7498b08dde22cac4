// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "api/routes.hpp"
#include "json/parse.hpp"

namespace mikusari::api {
namespace {

json::Value document() { return json::parse(openapi()).value_or(json::Value()); }

TEST(Routes, HaveNamesAndPathsOfTheirOwn) {
  std::set<std::string_view> operations;
  std::set<std::pair<net::Method, std::string_view>> places;
  for (const auto& route : routes()) {
    EXPECT_TRUE(operations.insert(route.operation).second) << route.operation;
    EXPECT_TRUE(places.emplace(route.method, route.pattern).second) << route.pattern;
    ASSERT_FALSE(route.answers.empty());
    EXPECT_EQ(route.answers.front().status, 200) << route.pattern;
    EXPECT_FALSE(route.answers.front().contents.empty()) << route.pattern;
  }
}

TEST(Routes, DeclareEveryPlaceholder) {
  for (const auto& route : routes()) {
    std::set<std::string> declared, written;
    for (const auto& parameter : route.parameters) {
      if (parameter.in == In::path) declared.emplace(parameter.name);
    }
    std::string_view rest = route.pattern;
    for (auto open = rest.find('{'); open != rest.npos; open = rest.find('{')) {
      rest.remove_prefix(open + 1);
      std::string name(rest.substr(0, rest.find('}')));
      if (name.ends_with("...")) name.resize(name.size() - 3);
      written.insert(name);
    }
    EXPECT_EQ(declared, written) << route.pattern;
  }
}

TEST(Openapi, ListsExactlyTheRoutes) {
  const auto value = document();
  EXPECT_EQ(*value.find("openapi")->text(), "3.1.0");
  std::size_t operations = 0;
  for (const auto& [path, methods] : *value.find("paths")->object()) {
    for (const auto& [method, operation] : *methods.object()) {
      ++operations;
      const auto id = *operation.find("operationId")->text();
      const auto route = std::ranges::find(routes(), id, &Route::operation);
      ASSERT_NE(route, routes().end()) << id;
      EXPECT_EQ(method, route->method == net::Method::post ? "post" : "get");
      EXPECT_GT(operation.find("responses")->object()->size(), route->answers.size()) << id;  // and 406
      EXPECT_EQ(operation.find("security") != nullptr, route->reads != Reads::open) << id;
    }
  }
  EXPECT_EQ(operations, routes().size());
}

TEST(Openapi, StandsInTheDocumentation) {
  const char* source = std::getenv("MIKUSARI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "MIKUSARI_SOURCE does not say where the tree is";
  const std::string path = std::string(source) + "/docs/reference/openapi.json";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const auto documented = json::parse(text.str());
  ASSERT_TRUE(documented.has_value()) << path << ": " << documented.error().message();
  EXPECT_TRUE(*documented == document())
      << path
      << " is not what the program serves; write it anew from /v1/openapi.json with `python3 -m json.tool --indent 1`";
}

}  // namespace
}  // namespace mikusari::api
