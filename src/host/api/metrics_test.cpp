// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

namespace mikusari::api {
namespace {

TEST(Exposition, EscapesLabels) {
  EXPECT_EQ(label_text({{"a", "x\"y\\z\n"}, {"b", "1"}}), "a=\"x\\\"y\\\\z\\n\",b=\"1\"");
}

TEST(Exposition, WritesHistogramsCumulatively) {
  Histogram histogram;
  histogram.observe_us(400);
  histogram.observe_us(500);
  histogram.observe_us(3'000);
  histogram.observe_us(60'000'000);
  Exposition out;
  out.family("x_seconds", Exposition::Type::histogram, "help");
  histogram.write(out);
  const auto text = std::move(out).finish();
  EXPECT_NE(text.find("x_seconds_bucket{le=\"0.0005\"} 2\n"), std::string::npos) << text;
  EXPECT_NE(text.find("x_seconds_bucket{le=\"0.005\"} 3\n"), std::string::npos);
  EXPECT_NE(text.find("x_seconds_bucket{le=\"+Inf\"} 4\n"), std::string::npos);
  EXPECT_NE(text.find("x_seconds_sum 60.003900\n"), std::string::npos);
  EXPECT_NE(text.find("x_seconds_count 4\n"), std::string::npos);
}

TEST(Metrics, CountsByRouteAndClass) {
  Metrics metrics({"getPart", "submit"});
  metrics.answered(0, 200);
  metrics.answered(0, 404);
  metrics.answered(0, 405);
  metrics.answered(Metrics::no_route, 404);
  metrics.refused_at_door(Code::invalid, "bad \"form\"");
  metrics.refused_in_block("stale");
  const auto text = metrics.text({});
  EXPECT_NE(text.find("mikusari_http_responses_total{route=\"getPart\",class=\"2xx\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("mikusari_http_responses_total{route=\"getPart\",class=\"4xx\"} 2\n"), std::string::npos);
  EXPECT_NE(text.find("mikusari_http_responses_total{route=\"none\",class=\"4xx\"} 1\n"), std::string::npos);
  EXPECT_NE(text.find("mikusari_door_refused_total{code=\"invalid\",reason=\"bad \\\"form\\\"\"} 1\n"),
            std::string::npos);
  EXPECT_NE(text.find("mikusari_bodies_refused_by_reason_total{reason=\"stale\"} 1\n"), std::string::npos);
}

TEST(Metrics, CountWhatIsRefusedBeforeARoute) {
  Gauges now;
  const auto at = std::ranges::find(net::refused_statuses, 413) - net::refused_statuses.begin();
  now.http.refused[static_cast<std::size_t>(at)] = 7;
  now.http.plain_on_tls = 3;
  now.http.outbound_full = 2;
  const auto text = Metrics({}).text(now);
  EXPECT_NE(text.find("# TYPE mikusari_http_refused_total counter\n"), std::string::npos);
  EXPECT_NE(text.find("mikusari_http_refused_total{status=\"413\"} 7\n"), std::string::npos) << text;
  for (const int status : net::refused_statuses)
    EXPECT_NE(text.find("mikusari_http_refused_total{status=\"" + std::to_string(status) + "\"} "), std::string::npos);
  EXPECT_NE(text.find("mikusari_http_plain_on_tls_total 3\n"), std::string::npos);
  EXPECT_NE(text.find("mikusari_http_output_full_total 2\n"), std::string::npos);
}

// Exposition format 0.0.4: every sample's family was declared, once.
TEST(Metrics, DeclareEachFamilyOnce) {
  const Metrics metrics({"a"});
  std::istringstream lines(metrics.text({}));
  std::set<std::string> declared;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first, second, third;
    words >> first >> second >> third;
    if (first == "#") {
      if (second == "TYPE") {
        EXPECT_TRUE(declared.insert(third).second) << line;
      }
      continue;
    }
    std::string family = first.substr(0, first.find('{'));
    for (const std::string suffix : {"_bucket", "_sum", "_count"}) {
      if (!declared.contains(family) && family.ends_with(suffix)) family.resize(family.size() - suffix.size());
    }
    EXPECT_TRUE(declared.contains(family)) << line;
  }
  EXPECT_GT(declared.size(), 20u);
}

}  // namespace
}  // namespace mikusari::api
