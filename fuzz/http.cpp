// SPDX-License-Identifier: Apache-2.0
// What a hostile peer may send: to the request parser whole and in pieces (both must agree), to a session, and to the
// client's response parser. The first byte of the input says how it is cut.
// LINK: mikusari_net
#include <cstddef>
#include <cstdint>
#include <optional>

#include "net/session.hpp"

namespace {

using namespace mikusari;
using namespace mikusari::net;

RequestLimits small_limits() {
  RequestLimits limits;
  limits.header_bytes_max = 2048;
  limits.target_bytes_max = 512;
  limits.fields_max = 16;
  limits.body_bytes_max = 4096;
  return limits;
}

struct Outcome {
  std::size_t requests = 0, body_bytes = 0;
  int status = 0;
};

Outcome parse(ByteView input, std::size_t piece) {
  RequestParser parser(small_limits());
  Outcome outcome;
  Buffer pending;
  while (!input.empty() && !parser.refusal()) {
    const ByteView next = input.first(std::min(piece, input.size()));
    input = input.subspan(next.size());
    platform::append(pending, next);
    std::size_t taken = 0;
    for (;;) {
      const std::size_t more = parser.feed(ByteView(pending).subspan(taken));
      ASSERT(more <= pending.size() - taken);
      taken += more;
      if (!parser.complete()) break;
      const Request request = parser.take();
      ASSERT(request.body.size() <= small_limits().body_bytes_max);
      ASSERT(request.headers.size() <= small_limits().fields_max);
      ASSERT(request.target.raw.size() <= small_limits().target_bytes_max);
      ++outcome.requests;
      outcome.body_bytes += request.body.size();
    }
    pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(taken));
    ASSERT(parser.refusal() || pending.size() <= 2 * small_limits().header_bytes_max);
  }
  if (parser.refusal()) outcome.status = parser.refusal()->status;
  return outcome;
}

// Answers at once, or one request late, as the target says.
class Late final : public Session::Requests {
 public:
  explicit Late(Surroundings& surroundings) : session(surroundings, *this) {}
  void handle(Request&& request, std::uint64_t sequence) override {
    if (waiting) session.answer(*std::exchange(waiting, std::nullopt), Response::text(200, "late"));
    if (request.target.segments.size() > 1)
      waiting = sequence;
    else
      session.answer(sequence, Response::text(200, request.target.raw));
  }
  std::optional<std::uint64_t> waiting;
  Session session;
};

void converse(ByteView input, std::size_t piece) {
  Surroundings surroundings;
  surroundings.limits.request = small_limits();
  surroundings.limits.pipeline_max = 3;
  surroundings.limits.outbound_bytes_max = 2000;
  Late late(surroundings);
  while (!input.empty() && !late.session.closed()) {
    const ByteView next = input.first(std::min(piece, input.size()));
    input = input.subspan(next.size());
    surroundings.now_ms += 100;
    if (late.session.wants_input()) late.session.receive(next);
    late.session.sent(std::min<std::size_t>(late.session.output().size(), 700));
    if (late.session.flushed()) late.session.shut();
    late.session.expire();
  }
  late.session.end_of_input();
}

void read_responses(ByteView input, std::size_t piece) {
  ResponseLimits limits;
  limits.header_bytes_max = 2048;
  limits.fields_max = 16;
  limits.body_bytes_max = 4096;
  ResponseParser parser(limits);
  parser.expect(piece % 2 == 0 ? Method::get : Method::head);
  Buffer pending;
  while (!input.empty()) {
    const ByteView next = input.first(std::min(piece, input.size()));
    input = input.subspan(next.size());
    platform::append(pending, next);
    const auto taken = parser.feed(pending);
    if (!taken) return;
    pending.erase(pending.begin(), pending.begin() + static_cast<std::ptrdiff_t>(*taken));
    if (parser.complete()) ASSERT(parser.take().body.size() <= limits.body_bytes_max);
  }
  if (parser.end_of_input()) ASSERT(parser.take().body.size() <= limits.body_bytes_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::size_t piece = 1 + data[0];
  const ByteView input = std::as_bytes(std::span(data + 1, size - 1));
  const Outcome whole = parse(input, input.size());
  const Outcome cut = parse(input, piece);
  // How it is cut may decide which of two faults is seen first, never whether a request is seen.
  ASSERT(whole.requests == cut.requests && whole.body_bytes == cut.body_bytes);
  converse(input, piece);
  read_responses(input, piece);
  return 0;
}
