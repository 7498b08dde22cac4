// SPDX-License-Identifier: Apache-2.0
#include "net/session.hpp"

#include <algorithm>

#include "net/problem.hpp"

namespace mikusari::net {

Session::Session(Surroundings& surroundings, Requests& requests)
    : surroundings_(surroundings),
      requests_(requests),
      parser_(surroundings.limits.request),
      since_ms_(surroundings.now_ms) {}

void Session::receive(ByteView bytes) {
  if (phase_ != Phase::open) return;  // nothing more is wanted
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
    pending_ = {};
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
    taken += parser_.feed(bytes.subspan(taken));
    if (const auto& refusal = parser_.refusal()) {
      refuse(Problem::of(refusal->status, refusal->detail).response());
      break;
    }
    if (!parser_.complete()) {
      note_progress(bytes.subspan(taken));
      break;
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
  slots_.push_back({keep_alive, request.method == Method::head ? Content::left_out : Content::sent, std::nullopt});
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
  held_bytes_ += response.body.size();
  slot.response = std::move(response);
  send_ready();
  offer_continue();
  parse_pending();
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
  if (!slots_.empty()) return;
  if (phase_ == Phase::ending) phase_ = Phase::flushing;
  if (awaiting_ == Awaiting::idle) since_ms_ = surroundings_.now_ms;
}

void Session::refuse(Response&& response) {
  if (phase_ != Phase::open) return;
  phase_ = Phase::ending;
  slots_.push_back({KeepAlive::no, Content::sent, std::move(response)});
  held_bytes_ += slots_.back().response->body.size();
  send_ready();
}

void Session::drain() {
  if (phase_ != Phase::open) return;
  const bool half_request = awaiting_ == Awaiting::header || awaiting_ == Awaiting::body;
  if (half_request) return refuse(Problem::of(503, "the server is stopping").response());
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

bool Session::has_room() const {
  const SessionLimits& limits = surroundings_.limits;
  return slots_.size() < limits.pipeline_max && output_.size() + held_bytes_ < limits.outbound_bytes_max;
}

bool Session::wants_input() const { return phase_ == Phase::lingering || (phase_ == Phase::open && has_room()); }

void Session::sent(std::size_t bytes) {
  output_.consume(bytes);
  write_progress_ms_ = surroundings_.now_ms;
  parse_pending();
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
  const bool silent = awaiting_ == Awaiting::first_request && !parser_.started() && pending_.empty();
  if (stalled) {
    phase_ = Phase::closed;
  } else if (awaiting_ == Awaiting::idle || silent) {
    end();
  } else if (awaiting_ == Awaiting::body) {
    refuse(Problem::of(408, "the body did not arrive in time").response());
  } else {
    refuse(Problem::of(408, "the header did not arrive in time").response());
  }
}

}  // namespace mikusari::net
