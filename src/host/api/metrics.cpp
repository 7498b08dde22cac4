// SPDX-License-Identifier: Apache-2.0
#include "api/metrics.hpp"

namespace mikusari::api {

using enum Exposition::Type;

namespace {

constexpr std::array<std::string_view, 5> class_names = {"1xx", "2xx", "3xx", "4xx", "5xx"};

void one(Exposition& out, std::string_view name, Exposition::Type type, std::string_view help, std::uint64_t value) {
  out.family(name, type, help).sample({}, value);
}

}  // namespace

Metrics::Metrics(std::vector<std::string_view> names)
    : names_(std::move(names)), answers_(std::make_unique<Classes[]>(names_.size() + 1)) {}

void Metrics::answered(std::size_t route, int status) {
  const std::size_t row = std::min(route, names_.size());
  const auto column = static_cast<std::size_t>(std::clamp(status / 100, 1, 5) - 1);
  answers_[row][column].fetch_add(1, std::memory_order_relaxed);
}

void Metrics::write_ledger(Exposition& out, const Gauges& now) const {
  const auto& ledger = now.ledger;
  one(out, "mikusari_submissions_total", counter, "Submissions that stand in blocks, since the start",
      ledger.submissions);
  one(out, "mikusari_bodies_committed_total", counter, "Bodies committed, since the start", ledger.bodies_committed);
  one(out, "mikusari_bodies_refused_total", counter, "Bodies refused in blocks, since the start",
      ledger.bodies_refused);
  out.family("mikusari_bodies_refused_by_reason_total", counter,
             "Bodies refused in blocks that came by this node, by reason");
  refused_.write(out);
  out.family("mikusari_door_refused_total", counter, "Submissions refused before a block, by class and reason");
  door_.write(out);
  one(out, "mikusari_submissions_duplicate_total", counter, "Submissions of statements that were known already",
      duplicates_.load(std::memory_order_relaxed));
  one(out, "mikusari_submissions_discarded_total", counter, "Submissions ordered and discarded without a trace",
      ledger.discarded);
  one(out, "mikusari_blocks_total", counter, "Blocks published, since the start", ledger.blocks);
  one(out, "mikusari_block_height", gauge, "Height of the newest published block", now.height);
  one(out, "mikusari_log_size", gauge, "Leaves in the published log", now.log_size);
  one(out, "mikusari_things", gauge, "Records in the state", now.things);
  one(out, "mikusari_checkpoint_time_seconds", gauge, "Unix time of the newest checkpoint", now.checkpoint_time_s);
  one(out, "mikusari_clock_ahead_seconds", gauge, "How far this machine's clock is beyond the ledger's newest time",
      static_cast<std::uint64_t>(std::max<std::int64_t>(now.clock_ahead_s, 0)));
  one(out, "mikusari_reading_tokens", gauge, "Tokens for reading that are kept", now.tokens);
  one(out, "mikusari_not_for_reader_total", counter, "Requests that were not for who asked",
      not_for_reader_.load(std::memory_order_relaxed));
  one(out, "mikusari_passport_readings_kept", gauge, "Versions of the ledger kept for further pages of passports",
      now.passports_kept);
  one(out, "mikusari_in_flight_submissions", gauge, "Submissions taken and not yet published", now.in_flight);
  one(out, "mikusari_in_flight_bytes", gauge, "Bytes of submissions taken and not yet published", now.in_flight_bytes);
  out.family("mikusari_flush_seconds", histogram, "From asking the disk to publication");
  flush_.write(out);
  out.family("mikusari_submission_seconds", histogram, "From taking a submission to its publication");
  submission_.write(out);
}

void Metrics::write_http(Exposition& out, const Gauges& now) const {
  out.family("mikusari_http_responses_total", counter, "Answers by route and class of status");
  for (std::size_t row = 0; row <= names_.size(); ++row) {
    for (std::size_t column = 0; column < class_names.size(); ++column) {
      const auto count = answers_[row][column].load(std::memory_order_relaxed);
      if (count == 0) continue;
      out.sample({{"route", row < names_.size() ? names_[row] : "none"}, {"class", class_names[column]}}, count);
    }
  }
  const auto& http = now.http;
  one(out, "mikusari_http_connections_open", gauge, "Connections open now", http.connections_open);
  one(out, "mikusari_http_connections_accepted_total", counter, "Connections accepted", http.connections_accepted);
  one(out, "mikusari_http_connections_refused_total", counter, "Connections over the limit", http.connections_refused);
  one(out, "mikusari_http_connections_dismissed_total", counter, "Connections closed to make room for another address",
      http.connections_dismissed);
  one(out, "mikusari_http_input_bytes", gauge, "Bytes of requests that have not wholly arrived", http.unfinished_bytes);
  one(out, "mikusari_http_input_full_total", counter,
      "Unfinished requests answered 429 because too many bytes of them wait", http.inbound_full);
  one(out, "mikusari_http_requests_total", counter, "Well-formed requests", http.requests);
  one(out, "mikusari_http_received_bytes_total", counter, "Bytes received", http.bytes_in);
  one(out, "mikusari_http_sent_bytes_total", counter, "Bytes sent", http.bytes_out);
  one(out, "mikusari_http_timeouts_total", counter, "Connections ended because a peer was too slow", http.timeouts);
  one(out, "mikusari_http_queue_full_total", counter, "Requests answered 429 because the workers' queue was full",
      http.queue_full);
  one(out, "mikusari_http_output_bytes", gauge,
      "Bytes that wait for peers to read them, beyond each connection's assured share", http.outbound_bytes);
  one(out, "mikusari_http_output_full_total", counter,
      "Answers replaced by 503 because too many wait for peers that do not read", http.outbound_full);
  out.family("mikusari_http_refused_total", counter, "Requests refused before a route was sought, by status");
  for (std::size_t i = 0; i < net::refused_statuses.size(); ++i)
    out.sample({{"status", std::to_string(net::refused_statuses[i])}}, http.refused[i]);
  one(out, "mikusari_http_plain_on_tls_total", counter, "Connections that spoke plain HTTP to the TLS port",
      http.plain_on_tls);
  one(out, "mikusari_tls_handshakes_total", counter, "TLS handshakes completed", http.handshakes);
  one(out, "mikusari_tls_handshakes_failed_total", counter, "TLS handshakes that failed", http.handshakes_failed);
}

std::string Metrics::text(const Gauges& now) const {
  Exposition out;
  one(out, "mikusari_ready", gauge, "1 when the node takes statements", now.ready ? 1 : 0);
  write_ledger(out, now);
  write_http(out, now);
  one(out, "process_resident_memory_bytes", gauge, "Memory of the process", now.memory_bytes);
  return std::move(out).finish();
}

}  // namespace mikusari::api
