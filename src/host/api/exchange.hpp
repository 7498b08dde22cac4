// SPDX-License-Identifier: Apache-2.0
// One request on its way to its answer: what was asked, of which route, in which form the client wants the answer.
// Move-only; one thread at a time; answered once.
#pragma once

#include "api/metrics.hpp"
#include "api/route.hpp"
#include "net/responder.hpp"

namespace mikusari::api {

class Exchange {
 public:
  // `metrics` must outlive it.
  Exchange(net::Request&& request, net::Responder&& responder, Metrics& metrics)
      : request_(std::move(request)), responder_(std::move(responder)), metrics_(&metrics) {}

  const net::Request& request() const { return request_; }
  platform::Buffer take_body() { return std::move(request_.body); }
  std::string_view capture(std::string_view name) const { return captures_[name]; }
  // Of the route's answer, what the client likes best.
  std::string_view media_type() const { return media_type_; }

  void found(const Route& route, std::size_t index, Captures&& captures) {
    route_ = &route;
    route_index_ = index;
    captures_ = std::move(captures);
  }
  void wants(std::string_view media_type) { media_type_ = media_type; }
  const Route* route() const { return route_; }

  // The answer is for this reader alone.
  void keep_private() { private_ = true; }

  void answer(net::Response response) {
    if (private_) response.headers.set("Cache-Control", "private");
    metrics_->answered(route_index_, response.status);
    responder_.answer(std::move(response));
  }

 private:
  net::Request request_;
  net::Responder responder_;
  Metrics* metrics_;
  const Route* route_ = nullptr;
  std::size_t route_index_ = Metrics::no_route;
  Captures captures_;
  std::string_view media_type_;
  bool private_ = false;
};

}  // namespace mikusari::api
