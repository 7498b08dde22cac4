// SPDX-License-Identifier: Apache-2.0
// What the interface counts, for /metrics. Any thread.
#pragma once

#include <memory>

#include "api/exposition.hpp"
#include "net/counters.hpp"
#include "replica/replica.hpp"

namespace mikusari::api {

// How the machine and the ledger stand at the moment of asking.
struct Gauges {
  replica::Counters ledger;
  net::Counters http;
  std::uint64_t height = 0, log_size = 0, things = 0, checkpoint_time_s = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t in_flight = 0, in_flight_bytes = 0;
  std::int64_t clock_ahead_s = 0;
  std::uint64_t tokens = 0, passports_kept = 0;
  bool ready = false;
};

class Metrics {
 public:
  static constexpr std::size_t no_route = static_cast<std::size_t>(-1);

  // `names`: what each route is called, in the order of the table.
  explicit Metrics(std::vector<std::string_view> names);

  // An answer to a request of this route; `no_route` for paths that are none.
  void answered(std::size_t route, int status);
  // A submission that the door refused. `reason` is a refusal's name, or a static sentence.
  void refused_at_door(Code code, std::string_view reason) { door_.add({{"code", name(code)}, {"reason", reason}}); }
  // A body that a block refused.
  void refused_in_block(std::string_view reason) { refused_.add({{"reason", reason}}); }
  // A request that was not answered because of who asked.
  void not_for_reader() { not_for_reader_.fetch_add(1, std::memory_order_relaxed); }
  void duplicate() { duplicates_.fetch_add(1, std::memory_order_relaxed); }
  void flushed_in_us(std::uint64_t microseconds) { flush_.observe_us(microseconds); }
  void submission_answered_in_us(std::uint64_t microseconds) { submission_.observe_us(microseconds); }

  std::string text(const Gauges& now) const;

 private:
  using Classes = std::array<std::atomic<std::uint64_t>, 5>;

  void write_ledger(Exposition& out, const Gauges& now) const;
  void write_http(Exposition& out, const Gauges& now) const;

  const std::vector<std::string_view> names_;
  const std::unique_ptr<Classes[]> answers_;  // one more than names_: for no route
  LabelledCounter door_, refused_;
  std::atomic<std::uint64_t> duplicates_{0}, not_for_reader_{0};
  Histogram flush_, submission_;
};

}  // namespace mikusari::api
