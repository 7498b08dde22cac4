// SPDX-License-Identifier: Apache-2.0
#include "api/service.hpp"

#include "api/fate.hpp"
#include "api/identity.hpp"
#include "api/routes.hpp"
#include "api/submit.hpp"
#include "net/problem.hpp"

namespace mikusari::api {
namespace {

std::vector<std::string_view> operations() {
  std::vector<std::string_view> out;
  for (const auto& route : routes()) out.push_back(route.operation);
  return out;
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

// What the operations' own entrance has.
bool stands_at(const Route& route, Entrance entrance) {
  return entrance == Entrance::everybody || route.reads == Reads::operations || route.lane == Lane::quick;
}

// Fills the exchange with its route, or says why there is none.
std::optional<net::Response> find_route(Exchange& exchange, Entrance entrance) {
  const auto& request = exchange.request();
  std::string allow;
  for (std::size_t i = 0; i < routes().size(); ++i) {
    const Route& route = routes()[i];
    auto captures = match(route.pattern, request.target.segments);
    if (!captures || !stands_at(route, entrance)) continue;
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

// One answer, whatever there is.
net::Response not_for_this_reader() {
  auto out = net::Problem::of(404,
                              "what is here, if anything, is for those concerned; a key that the ledger knows buys a "
                              "token for an hour at /v1/tokens");
  out.type = "urn:mikusari:not-for-this-reader";
  out.title = "not for this reader";
  return out.response();
}

net::Response bad_token() {
  return net::Problem::of(401, "this token has expired, or its key has ended: buy another at /v1/tokens")
      .response()
      .with("WWW-Authenticate", "Bearer error=\"invalid_token\"");
}

}  // namespace

Service::Service(Environment environment)
    : environment_(std::move(environment)),
      metrics_(operations()),
      in_flight_(environment_.in_flight),
      judge_(newest_of([this] { return read(); }), environment_.clock),
      rights_({environment_.reading, environment_.tokens_max, environment_.replica.ledger(), environment_.node}, judge_,
              environment_.clock, environment_.random),
      passports_([this] { return read(); }, environment_.clock) {}

void Service::handle(net::Request&& request, net::Responder&& responder, Entrance entrance) {
  Exchange exchange(std::move(request), std::move(responder), metrics_);
  if (auto refused = find_route(exchange, entrance)) return exchange.answer(*std::move(refused));
  if (auto refused = negotiate_contents(exchange)) return exchange.answer(*std::move(refused));
  if (entrance == Entrance::everybody) {
    if (auto refused = check_right(exchange)) return exchange.answer(*std::move(refused));
  }
  const Route& route = *exchange.route();
  route.handle(*this, std::move(exchange));
}

std::optional<net::Response> Service::check_right(Exchange& exchange) {
  const Route& route = *exchange.route();
  const auto about = [&]() -> Result<About> {
    if (route.about == nullptr) return About{About::What::members, {}};
    return route.about(exchange);
  };
  // Who knows its identity has the statement: that it is on its way is no secret. What became of it is one, as soon as
  // it is published.
  if (route.standing_is_open) {
    const auto what = about();
    if (what && in_flight_.contains(what->id) && !read().fate(what->id)) return submitted_response(what->id);
  }
  const auto right = rights_.right(exchange.request(), route.reads, about);
  if (!right) return problem(right.error(), exchange);
  switch (*right) {
    case ReadingRights::Right::anyones: return std::nullopt;
    case ReadingRights::Right::reader_s: exchange.keep_private(); return std::nullopt;
    case ReadingRights::Right::none: metrics_.not_for_reader(); return not_for_this_reader();
    case ReadingRights::Right::bad_token: metrics_.not_for_reader(); return bad_token();
  }
  return not_for_this_reader();
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
  environment_.replica.dropped(*identity, why);
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
  out.clock_ahead_s = environment_.clock_ahead_ms() / 1000;
  out.tokens = rights_.tokens();
  out.passports_kept = passports_.kept();
  const auto in_flight = in_flight_.size();
  out.in_flight = in_flight.statements;
  out.in_flight_bytes = in_flight.bytes;
  out.ready = environment_.ready();
  return out;
}

}  // namespace mikusari::api
