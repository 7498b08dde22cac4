// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include "api/fate.hpp"
#include "api/identity.hpp"
#include "api/routes.hpp"
#include "net/problem.hpp"

namespace mikusari::api {
namespace {

std::vector<std::string_view> operations() {
  std::vector<std::string_view> out;
  for (const auto& route : routes()) out.push_back(route.operation);
  return out;
}

// A HEAD is a GET whose answer's content the server leaves out (RFC 9110 section 9.3.2).
bool takes(const Route& route, net::Method method) {
  return route.method == method || (route.method == net::Method::get && method == net::Method::head);
}

std::vector<std::string_view> media_types(const std::vector<Content>& contents) {
  std::vector<std::string_view> out;
  for (const auto& content : contents) out.push_back(content.media_type);
  return out;
}

std::string listed(const std::vector<Content>& contents) {
  std::string out;
  for (const auto& content : contents) out += (out.empty() ? "" : ", ") + std::string(content.media_type);
  return out;
}

bool is_content_type(std::string_view given, const std::vector<Content>& taken) {
  std::string_view bare = given.substr(0, given.find(';'));
  while (bare.ends_with(' ')) bare.remove_suffix(1);
  for (const auto& content : taken) {
    if (net::same_token(bare, content.media_type)) return true;
  }
  return false;
}

// Fills the exchange with its route, or says why there is none.
std::optional<net::Response> find_route(Exchange& exchange) {
  const auto& request = exchange.request();
  std::string allow;
  for (std::size_t i = 0; i < routes().size(); ++i) {
    const Route& route = routes()[i];
    auto captures = match(route.pattern, request.target.segments);
    if (!captures) continue;
    if (takes(route, request.method)) {
      exchange.found(route, i, *std::move(captures));
      return std::nullopt;
    }
    allow += (allow.empty() ? "" : ", ") + std::string(net::name(route.method));
    if (route.method == net::Method::get) allow += ", HEAD";
  }
  if (allow.empty())
    return net::Problem::of(404, "there is nothing at this path; /v1/openapi.json lists what there is").response();
  return net::Problem::of(405, "this path takes " + allow).response().with("Allow", allow);
}

std::optional<net::Response> negotiate_contents(Exchange& exchange) {
  const Route& route = *exchange.route();
  const auto& request = exchange.request();
  if (!route.request.empty() && !is_content_type(request.headers.find("Content-Type").value_or(""), route.request)) {
    return net::Problem::of(415, "send one of: " + listed(route.request)).response();
  }
  const auto& offered = route.answers.front().contents;
  const auto types = media_types(offered);
  const auto chosen = net::negotiate(request.headers.find("Accept").value_or(""), types);
  if (!chosen && !offered.empty()) return net::Problem::of(406, "this is offered as " + listed(offered)).response();
  if (chosen) exchange.wants(types[*chosen]);
  return std::nullopt;
}

}  // namespace

Service::Service(Environment environment)
    : environment_(std::move(environment)), metrics_(operations()), in_flight_(environment_.in_flight) {}

void Service::handle(net::Request&& request, net::Responder&& responder) {
  Exchange exchange(std::move(request), std::move(responder), metrics_);
  if (auto refused = find_route(exchange)) return exchange.answer(*std::move(refused));
  if (auto refused = negotiate_contents(exchange)) return exchange.answer(*std::move(refused));
  const Route& route = *exchange.route();
  route.handle(*this, std::move(exchange));
}

net::Response Service::problem(const Error& error, const Exchange& exchange) const {
  if (error.code() == Code::internal || error.code() == Code::corrupt) {
    environment_.log.error("request_failed", error,
                           {{"request", exchange.request().id}, {"path", exchange.request().target.path()}});
  }
  auto problem = net::Problem::from(error);
  // A limit of what is asked for, not of a queue: the same question will never fit.
  if (error.code() == Code::exhausted) problem.become(413);
  return problem.response();
}

void Service::dropped(ByteView submission, const Error& why) {
  const auto identity = identity_of_submission(submission);
  if (!identity) return;
  in_flight_.finish(*identity, std::unexpected(why));
}

Gauges Service::gauges() const {
  Gauges out;
  const auto reading = read();
  out.ledger = environment_.replica.counters();
  out.http = environment_.http();
  out.height = reading.tip().record.height;
  out.log_size = reading.tip().log_size;
  out.things = reading.things();
  if (const auto checkpoint = cbor::decode<proof::Checkpoint>(reading.tip().checkpoint)) {
    for (const auto signature : checkpoint->signatures)
      out.checkpoint_time_s = std::max(out.checkpoint_time_s, signature.time);
  }
  out.memory_bytes = environment_.memory_bytes();
  const auto in_flight = in_flight_.size();
  out.in_flight = in_flight.statements;
  out.in_flight_bytes = in_flight.bytes;
  out.ready = environment_.ready();
  return out;
}

}  // namespace mikusari::api
