// SPDX-License-Identifier: Apache-2.0
#include "api/submit.hpp"

#include "api/answers.hpp"
#include "api/fate.hpp"
#include "api/identity.hpp"

namespace mikusari::api {
namespace {

using net::Response;

enum class Patience : std::uint8_t { until_published, none };

// RFC 7240: preferences stand in a list, each perhaps with parameters.
Patience patience_of(const net::Request& request) {
  const auto given = request.headers.find("Prefer");
  return given && given->find("respond-async") != given->npos ? Patience::none : Patience::until_published;
}

std::string location_of(const Digest& identity) { return "/v1/statements/" + platform::to_hex(identity); }

// One submission and whoever sent it.
struct Sender {
  Service& service;
  std::shared_ptr<Exchange> exchange;
  Digest identity;
  std::optional<Digest> signer;
  Patience patience;

  void count(const replica::Rejection& why) const { service.metrics().refused_at_door(why.error.code(), why.reason()); }

  void refuse(const replica::Rejection& why) const {
    count(why);
    if (why.error.code() == Code::internal || why.error.code() == Code::corrupt) {
      exchange->answer(service.problem(why.error, *exchange));
    } else {
      exchange->answer(refusal_response(service.telling(signer).told(why), identity));
    }
  }

  InFlight::Waiter waiter() const {
    // It has its answer: nothing of the request is kept, however often it is sent again meanwhile.
    if (patience == Patience::none) {
      return [&service = service](const InFlight::Fate& fate) {
        if (!fate) service.metrics().refused_at_door(fate.error().error.code(), fate.error().reason());
      };
    }
    return [sender = *this](const InFlight::Fate& fate) {
      if (fate) return sender.exchange->answer(sender.answer_of(*fate));
      if (fate.error().refusal == statement::Refusal::none && fate.error().error.code() == Code::exhausted)
        return sender.postpone();
      sender.refuse(fate.error());
    };
  }

  Response answer_of(const replica::Fate& fate) const {
    return fate_response(*exchange, service.telling(signer).told(fate)).with("Location", location_of(identity));
  }

  // The queue is full: 429 with Retry-After.
  void postpone() const {
    static const Error why(Code::exhausted, "the ledger's queue is full: try again in a second");
    count(why);
    exchange->answer(net::response_from(why));
  }
};

InFlight::Fate fate_of(Service& service, const Digest& identity, replica::Replica::Outcome how) {
  if (!how) return std::unexpected(std::move(how).error());
  auto fate = service.read().fate(identity);
  if (!fate) return std::unexpected(replica::Rejection(std::move(fate).error()));
  return *std::move(fate);
}

void tell_published(Service& service, const Digest& identity, replica::Replica::Outcome how) {
  const auto fate = fate_of(service, identity, std::move(how));
  if (fate) {
    for (const auto& body : fate->bodies) {
      if (!body.accepted()) service.metrics().refused_in_block(statement::text_of(body.refusal).name);
    }
  }
  if (const auto began_ms = service.in_flight().finish(identity, fate)) {
    const auto took_ms = service.environment().clock.steady_ms() - *began_ms;
    service.metrics().submission_answered_in_us(static_cast<std::uint64_t>(std::max<std::int64_t>(took_ms, 0)) * 1000);
  }
}

// A duplicate of what is published is answered with its fate, one of what is in flight waits for it. Its form must be
// right all the same: who sends garbage is told so.
bool answer_known(const Sender& sender, ByteView body) {
  const auto fate = sender.service.read().fate(sender.identity);
  if (!fate && !sender.service.in_flight().contains(sender.identity)) return false;
  const auto parsed = statement::parse(body);
  // Whoever has one body of a statement, with a receipt or a passport, is not told what became of the others.
  if (!parsed || parsed->withheld != 0) {
    sender.refuse(parsed ? replica::Rejection(statement::Refusal::withheld, {}, {}) : parsed.error());
    return true;
  }
  if (fate) {
    sender.service.metrics().duplicate();
    sender.exchange->answer(sender.answer_of(*fate).with("Mikusari-Duplicate", "true"));
    return true;
  }
  return false;
}

void send_on(const Sender& sender, platform::Buffer body) {
  Service& service = sender.service;
  const auto turn =
      service.in_flight().begin(sender.identity, body.size(), service.environment().clock.steady_ms(), sender.waiter());
  if (turn == InFlight::Turn::full) return sender.postpone();
  if (turn == InFlight::Turn::later) service.metrics().duplicate();
  if (turn == InFlight::Turn::first) {
    service.environment().replica.when_published(sender.identity,
                                                 [&service, identity = sender.identity](replica::Replica::Outcome how) {
                                                   tell_published(service, identity, std::move(how));
                                                 });
    // Published meanwhile, by a duplicate that was quicker: then nobody waits any more.
    if (service.in_flight().contains(sender.identity)) {
      if (const auto sent = service.environment().submit(std::move(body)); !sent) {
        if (sender.patience == Patience::none) sender.exchange->answer(net::response_from(sent.error()));
        return service.environment().replica.dropped(sender.identity, sent.error());
      }
    }
  }
  if (sender.patience == Patience::none) sender.exchange->answer(submitted_response(sender.identity));
}

}  // namespace

Response fate_response(const Exchange& exchange, const replica::Fate& fate) {
  const FateView view(fate);
  if (exchange.media_type() == cbor_type) return Response::content(200, cbor_type, platform::encode(view.fate()));
  return Response::json(200, json::to_json(view.fate()));
}

Response submitted_response(const Digest& identity) {
  json::Writer out;
  out.begin_object().member("identity", identity).member("standing", "submitted").end_object();
  return Response::json(202, out.finish()).with("Location", location_of(identity)).with("Retry-After", "1");
}

Response refusal_response(const replica::Rejection& rejection, const std::optional<Digest>& identity) {
  const Error& error = rejection.error;
  auto problem = net::Problem::from(error);
  if (rejection.refusal != statement::Refusal::none) {
    const auto& text = statement::text_of(rejection.refusal);
    if (text.code == Code::exhausted) problem.become(409);  // the ledger's limit is no queue: waiting does not help
    problem.type = "urn:mikusari:refusal:" + std::string(text.name);
    problem.title = text.name;
    problem.detail = sentence(text.english, rejection.subject, rejection.object);
    problem.members.emplace_back("refusal", std::string(text.name));
    problem.members.emplace_back("subject", rejection.subject);
    problem.members.emplace_back("object", rejection.object);
    problem.members.emplace_back("detail_ja", sentence(text.japanese, rejection.subject, rejection.object));
  } else if (error.code() == Code::exhausted) {
    problem.become(413);  // a limit of the form: the same bytes will never fit
  }
  if (identity) problem.members.emplace_back("identity", platform::to_hex(*identity));
  return problem.response();
}

void submit_statement(Service& service, Exchange&& exchange) {
  platform::Buffer body = exchange.take_body();
  const auto patience = patience_of(exchange.request());
  const auto held = std::make_shared<Exchange>(std::move(exchange));
  const auto identity = identity_of_submission(body);
  if (!identity) {
    service.metrics().refused_at_door(identity.error().code(), identity.error().text());
    return held->answer(refusal_response(identity.error(), std::nullopt));
  }
  const Sender sender{service, held, *identity, signer_of_submission(body), patience};
  if (answer_known(sender, body)) return;
  if (!service.in_flight().contains(*identity)) {
    if (!service.in_flight().has_room(body.size())) return sender.postpone();
    if (const auto admitted = service.environment().replica.try_statement(body); !admitted) {
      if (!answer_known(sender, body)) sender.refuse(admitted.error());
      return;
    }
  }
  send_on(sender, std::move(body));
}

}  // namespace mikusari::api
