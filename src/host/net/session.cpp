// SPDX-License-Identifier: Apache-2.0
#include "net/session.hpp"

#include <algorithm>

#include "net/problem.hpp"

namespace mikusari::net {

namespace {

// Before anything is known, a connection's bound holds this many answers to reading methods, and to the others, whose
// answers are short. So many POSTs may be pipelined, and few GETs of what may be a mebibyte each.
constexpr std::size_t reads_in_bound = 4;
constexpr std::size_t writes_in_bound = 64;
constexpr std::size_t header_bytes = 1024;  // of an answer, about

}  // namespace

Session::Session(Surroundings& surroundings, Requests& requests, const SessionShares& shares)
    : surroundings_(surroundings),
      requests_(requests),
      parser_(surroundings.limits.request),
      unfinished_(shares.unfinished, shares.guest),
      outbound_(shares.outbound, shares.guest),
      since_ms_(surroundings.now_ms) {}

void Session::receive(ByteView bytes) {
  if (phase_ != Phase::open) return;  // nothing more is wanted
  take(bytes);
  settle_input();
}

// Asks for what has come: each thread may hold the bytes of one read more than was granted.
void Session::settle_input() {
  if (phase_ == Phase::open) {
    const std::size_t held = parser_.held_bytes() + pending_.capacity();
    if (unfinished_.hold(held, surroundings_.now_ms) == Share::Taken::yes) return;
    surroundings_.counters.inbound_full.add();
    refuse(Problem::of(429, "too many unfinished requests wait for the rest of them").response());
  }
  let_go_of_input();
}

void Session::let_go_of_input() {
  if (parser_.started()) parser_ = RequestParser(surroundings_.limits.request);
  pending_ = Buffer();
  pending_taken_ = 0;
  static_cast<void>(unfinished_.hold(0, surroundings_.now_ms));
}

void Session::give_way() {
  if (unfinished_.held() == 0) return;  // it has been finished by now
  surroundings_.counters.inbound_full.add();
  refuse(Problem::of(429, "the memory for unfinished requests is needed by others").response());
}

void Session::take(ByteView bytes) {
  if (pending_.empty()) {
    const std::size_t taken = parse(bytes);
    if (phase_ == Phase::open) platform::append(pending_, bytes.subspan(taken));
    return;
  }
  platform::append(pending_, bytes);
  parse_pending();
}

void Session::parse_pending() {
  if (pending_.empty() || parsing_) return;
  pending_taken_ += parse(ByteView(pending_).subspan(pending_taken_));
  if (phase_ != Phase::open || pending_taken_ == pending_.size()) {
    pending_ = Buffer();
    pending_taken_ = 0;
  } else if (pending_taken_ > pending_.size() / 2) {  // moving at most what has been taken keeps this linear
    pending_.erase(pending_.begin(), pending_.begin() + static_cast<std::ptrdiff_t>(pending_taken_));
    pending_taken_ = 0;
  }
}

std::size_t Session::parse(ByteView bytes) {
  parsing_ = true;
  std::size_t taken = 0;
  while (taken < bytes.size() && phase_ == Phase::open && has_room()) {
    const std::size_t fed = parser_.feed(bytes.subspan(taken));
    taken += fed;
    if (const auto& refusal = parser_.refusal()) {
      refuse(Problem::of(refusal->status, refusal->detail).response());
      break;
    }
    if (!parser_.complete()) {
      note_progress(bytes.subspan(taken));
      if (fed == 0) break;
      continue;
    }
    hand_out();
  }
  parsing_ = false;
  return taken;
}

// The parser wants more: which clock runs now?
void Session::note_progress(ByteView pending) {
  if (parser_.header_complete()) {
    if (awaiting_ == Awaiting::body) return;
    awaiting_ = Awaiting::body;
    since_ms_ = surroundings_.now_ms;
    continue_due_ = parser_.expects_continue() && pending.empty();
    offer_continue();
  } else if (awaiting_ == Awaiting::idle && (parser_.started() || !pending.empty())) {
    awaiting_ = Awaiting::header;
    since_ms_ = surroundings_.now_ms;
  }
}

// An interim answer may not overtake the answers to earlier requests.
void Session::offer_continue() {
  if (!continue_due_ || !slots_.empty() || phase_ != Phase::open) return;
  continue_due_ = false;
  if (output_.empty()) write_progress_ms_ = surroundings_.now_ms;
  output_.append("HTTP/1.1 100 Continue\r\n\r\n");
}

void Session::hand_out() {
  const KeepAlive keep_alive = parser_.keep_alive();
  Request request = parser_.take();
  const Content content = request.method == Method::head ? Content::left_out : Content::sent;
  slots_.push_back({keep_alive, content, promise(request.method), std::nullopt});
  promised_bytes_ += slots_.back().promised;
  awaiting_ = Awaiting::idle;
  since_ms_ = surroundings_.now_ms;
  continue_due_ = false;
  if (keep_alive == KeepAlive::no) phase_ = Phase::ending;
  surroundings_.counters.requests.add();
  requests_.handle(std::move(request), oldest_ + slots_.size() - 1);
}

void Session::answer(std::uint64_t sequence, Response&& response) {
  if (sequence < oldest_ || sequence - oldest_ >= slots_.size()) return;
  Slot& slot = slots_[static_cast<std::size_t>(sequence - oldest_)];
  if (slot.response) return;
  promised_bytes_ -= slot.promised;
  learn(slot.outbound(response));
  if (!affords(slot.outbound(response))) {
    surroundings_.counters.outbound_full.add();
    response = Problem::of(503, "too many answers wait for clients that do not read them").response();
  }
  held_bytes_ += response.body.size();
  slot.response = std::move(response);
  send_ready();
  offer_continue();
  parse_pending();
  if (!parsing_) settle_input();
}

void Session::send_ready() {
  if (output_.empty()) write_progress_ms_ = surroundings_.now_ms;
  while (!slots_.empty() && slots_.front().response) {
    Slot slot = std::move(slots_.front());
    slots_.pop_front();
    ++oldest_;
    held_bytes_ -= slot.response->body.size();
    // The last answer says so, whatever the request wanted.
    if (slots_.empty() && phase_ == Phase::ending) slot.keep_alive = KeepAlive::no;
    const int hundreds = std::clamp(slot.response->status / 100, 1, 5);
    surroundings_.counters.responses[static_cast<std::size_t>(hundreds - 1)].add();
    append_response(output_, std::move(*slot.response), surroundings_.date, slot.keep_alive, slot.content);
  }
  settle();
  if (!slots_.empty()) return;
  if (phase_ == Phase::ending) phase_ = Phase::flushing;
  if (awaiting_ == Awaiting::idle) since_ms_ = surroundings_.now_ms;
}

void Session::refuse(Response&& response) {
  if (phase_ != Phase::open) return;
  phase_ = Phase::ending;
  surroundings_.counters.add_refused(response.status);
  slots_.push_back({KeepAlive::no, Content::sent, 0, std::move(response)});
  held_bytes_ += slots_.back().response->body.size();
  send_ready();
  if (!parsing_) let_go_of_input();
}

void Session::drain() {
  if (phase_ != Phase::open) return;
  if (half_a_request()) return refuse(Problem::of(503, "the server is stopping").response());
  end();
}

void Session::end_of_input() {
  if (phase_ == Phase::lingering || phase_ == Phase::closed) {
    phase_ = Phase::closed;
    return;
  }
  // A peer that has shut its half may still read the answers to what it asked.
  if (phase_ != Phase::open) return;
  end();
}

// A part of a request has come, and the rest has not.
bool Session::half_a_request() const {
  if (awaiting_ == Awaiting::first_request) return parser_.started() || !pending_.empty();
  return awaiting_ != Awaiting::idle;
}

bool Session::has_room() const {
  const SessionLimits& limits = surroundings_.limits;
  if (slots_.empty() && held() == 0) return true;  // any one answer
  return slots_.size() < limits.pipeline_max &&
         held() + promised_bytes_ + promise(Method::post) <= limits.outbound_bytes_max;
}

std::size_t Session::promise(Method method) const {
  const bool reads = method == Method::get || method == Method::head;
  return std::max(usual_bytes_, surroundings_.limits.outbound_bytes_max / (reads ? reads_in_bound : writes_in_bound));
}

void Session::learn(std::size_t answer_bytes) {
  usual_bytes_ = std::max(answer_bytes, usual_bytes_ - usual_bytes_ / 8);
}

std::size_t Session::beyond_share(std::size_t held) const {
  return held - std::min(held, surroundings_.limits.outbound_bytes_assured);
}

bool Session::affords(std::size_t answer_bytes) {
  const std::size_t needed = beyond_share(held() + answer_bytes);
  const std::size_t with_header = needed == 0 ? 0 : needed + header_bytes;
  return with_header <= outbound_.held() || outbound_.hold(with_header, surroundings_.now_ms) == Share::Taken::yes;
}

// What was taken for answers follows what is held of them.
void Session::settle() { static_cast<void>(outbound_.hold(beyond_share(held()), surroundings_.now_ms)); }

bool Session::wants_input() const { return phase_ == Phase::lingering || (phase_ == Phase::open && has_room()); }

void Session::sent(std::size_t bytes) {
  output_.consume(bytes);
  settle();
  write_progress_ms_ = surroundings_.now_ms;
  parse_pending();
  settle_input();
}

void Session::shut() {
  phase_ = Phase::lingering;
  linger_until_ms_ = surroundings_.now_ms + surroundings_.limits.linger_ms;
}

std::int64_t Session::deadline_ms() const {
  const SessionLimits& limits = surroundings_.limits;
  if (phase_ == Phase::lingering) return linger_until_ms_;
  const std::int64_t writing = output_.empty() ? never : write_progress_ms_ + limits.write_timeout_ms;
  if (phase_ != Phase::open || !has_room()) return writing;
  switch (awaiting_) {
    case Awaiting::first_request:
    case Awaiting::header: return std::min(writing, since_ms_ + limits.header_timeout_ms);
    case Awaiting::body: return std::min(writing, since_ms_ + limits.body_timeout_ms);
    case Awaiting::idle: return slots_.empty() ? std::min(writing, since_ms_ + limits.idle_timeout_ms) : writing;
  }
  return writing;
}

void Session::expire() {
  if (surroundings_.now_ms < deadline_ms()) return;
  if (phase_ == Phase::lingering) {
    phase_ = Phase::closed;
    return;
  }
  const bool stalled =
      !output_.empty() && surroundings_.now_ms >= write_progress_ms_ + surroundings_.limits.write_timeout_ms;
  if (stalled || awaiting_ != Awaiting::idle) surroundings_.counters.timeouts.add();
  if (stalled) {
    phase_ = Phase::closed;
  } else if (!half_a_request()) {
    end();
  } else if (awaiting_ == Awaiting::body) {
    refuse(Problem::of(408, "the body did not arrive in time").response());
  } else {
    refuse(Problem::of(408, "the header did not arrive in time").response());
  }
}

}  // namespace mikusari::net
