// SPDX-License-Identifier: Apache-2.0
// For who runs the node: is it alive, does it take statements, what does it count, what does it serve.
#include "api/answers.hpp"
#include "api/families.hpp"
#include "api/routes.hpp"

namespace mikusari::api {
namespace {

using net::Response;

constexpr std::string_view metrics_type = "text/plain; version=0.0.4; charset=utf-8";

Result<Response> get_livez(Service&, const Exchange&) {
  return Response::content(200, text_type, net::Body::text("alive\n"));
}

Result<Response> get_readyz(Service& service, const Exchange&) {
  if (!service.environment().ready()) return fail(Code::unavailable, "the node does not take statements now");
  return Response::content(200, text_type, net::Body::text("ready\n"));
}

Result<Response> get_metrics(Service& service, const Exchange&) {
  return Response::content(200, metrics_type, net::Body::text(service.metrics().text(service.gauges())));
}

Result<Response> get_openapi(Service&, const Exchange& exchange) {
  return with_etag(exchange, Response::json(200, openapi()));
}

}  // namespace

void add_operation_routes(std::vector<Route>& routes) {
  using enum net::Method;
  routes.push_back({get,
                    "/livez",
                    "getLivez",
                    "operation",
                    "The process answers",
                    {},
                    {},
                    {{200, "Always", {{text_type}}}},
                    at_once<get_livez>,
                    Reads::open,
                    nullptr,
                    Lane::quick});
  routes.push_back({get,
                    "/readyz",
                    "getReadyz",
                    "operation",
                    "The node takes statements",
                    {},
                    {},
                    {{200, "It does", {{text_type}}},
                     problem_answer(503, "It does not: it is starting, stopping, or its engine has failed")},
                    at_once<get_readyz>,
                    Reads::open,
                    nullptr,
                    Lane::quick});
  routes.push_back({get,
                    "/metrics",
                    "getMetrics",
                    "operation",
                    "Counters and gauges for Prometheus",
                    {},
                    {},
                    {{200, "Exposition format 0.0.4", {{metrics_type}}}},
                    at_once<get_metrics>,
                    Reads::operations});
  routes.push_back({get,
                    "/v1/openapi.json",
                    "getOpenapi",
                    "operation",
                    "This document",
                    {},
                    {},
                    {{200, "OpenAPI 3.1", {{json_type}}}},
                    at_once<get_openapi>,
                    Reads::open});
}

}  // namespace mikusari::api
