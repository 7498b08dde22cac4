// SPDX-License-Identifier: Apache-2.0
// The node's REST interface: finds the route of a request, the form in which the answer is wanted, and answers.
//
// handle() from any thread, several at a time; it blocks as long as the door needs for a submission (signatures), so a
// server calls it on workers. Answers to submissions are given later, from the thread that publishes them: the service
// must outlive the replica's waiters (Replica::stop_waiting()).
#pragma once

#include "api/exchange.hpp"
#include "api/in_flight.hpp"
#include "api/reading_judge.hpp"
#include "api/reading_rights.hpp"
#include "api/telling.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/random.hpp"
#include "replica/passport_desk.hpp"

namespace mikusari::api {

// What the service needs of the node; everything outlives it.
struct Environment {
  replica::Replica& replica;
  const platform::Clock& clock;
  platform::Log& log;
  // To the engine. `exhausted` when its queue is full.
  std::function<Result<void>(platform::Buffer)> submit;
  std::function<bool()> ready;
  std::function<net::Counters()> http;
  std::function<std::uint64_t()> memory_bytes;
  std::function<std::int64_t()> clock_ahead_ms;  // how far the clock is beyond the ledger's newest time
  platform::Random& random;
  std::string node;  // its name among the checkpoint signers
  ReadingRules reading;
  std::size_t tokens_max = 65'536;
  InFlight::Limits in_flight;
};

// Where a request comes in: everybody's listener, or that of whoever runs the node, which has health and metrics alone
// and asks for no rights.
enum class Entrance : std::uint8_t { everybody, operations };

class Service {
 public:
  explicit Service(Environment environment);

  void handle(net::Request&& request, net::Responder&& responder, Entrance entrance = Entrance::everybody);

  // The engine has dropped a submission that the door had taken, and says why. Whoever waits for it is told.
  void dropped(ByteView submission, const Error& why);

  const Environment& environment() const { return environment_; }
  replica::Reading read() const { return environment_.replica.read(); }
  Metrics& metrics() { return metrics_; }
  InFlight& in_flight() { return in_flight_; }
  ReadingRights& rights() { return rights_; }
  replica::PassportDesk& passports() { return passports_; }
  Gauges gauges() const;

  // What refusals may tell the signer of a statement.
  Telling telling(std::optional<Digest> signer) const { return {environment_.reading.things, judge_, signer}; }

  // The problem that this error is; what is wrong with this machine goes into the log.
  net::Response problem(const Error& error, const Exchange& exchange) const;

 private:
  std::optional<net::Response> check_right(Exchange& exchange);

  const Environment environment_;
  Metrics metrics_;
  InFlight in_flight_;
  StateJudge judge_;
  ReadingRights rights_;
  replica::PassportDesk passports_;
};

// For the table of routes: a handler that answers at once.
using Answering = Result<net::Response> (*)(Service&, const Exchange&);
template <Answering answering>
void at_once(Service& service, Exchange&& exchange) {
  auto response = answering(service, exchange);
  exchange.answer(response ? *std::move(response) : service.problem(response.error(), exchange));
}

}  // namespace mikusari::api
