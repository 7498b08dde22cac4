// SPDX-License-Identifier: Apache-2.0
#include "replica/passport_desk.hpp"

namespace mikusari::replica {

using platform::MutexLock;

Result<std::shared_ptr<PassportDesk::Pinned>> PassportDesk::find_reading(const std::optional<std::uint64_t>& log_size) {
  Reading reading = read_();
  // What a vote has withheld since is in no page any more.
  std::erase_if(kept_, [&](const auto& pinned) { return pinned->reading.tip().withheld != reading.tip().withheld; });
  if (!log_size) {
    // Not one whose checkpoint is older, were its log the same: however often it is asked for, time would stand still.
    const auto newest = newest_.lock();
    if (newest && &newest->reading.tip() == &reading.tip()) return newest;
    auto out = std::make_shared<Pinned>(std::move(reading));
    newest_ = out;
    return out;
  }
  for (auto each = kept_.begin(); each != kept_.end(); ++each) {
    if ((*each)->log_size != *log_size) continue;
    kept_.splice(kept_.begin(), kept_, each);
    return kept_.front();
  }
  return fail(Code::conflict, "the passport has changed since its first page: begin again with page 0");
}

void PassportDesk::keep(const std::shared_ptr<Pinned>& pinned) {
  const std::int64_t now = clock_.steady_ms();
  const bool is_kept = std::ranges::find(kept_, pinned) != kept_.end();
  if (!is_kept) {
    // One of a size is enough: it is the size that further pages are asked with.
    std::erase_if(kept_, [&](const auto& other) { return other->log_size == pinned->log_size; });
    pinned->since_ms = now;
    kept_.push_front(pinned);
  }
  pinned->used_ms = now;
  while (kept_.size() > kept_max) kept_.pop_back();
}

void PassportDesk::drop_old() {
  const std::int64_t now = clock_.steady_ms();
  std::erase_if(kept_, [&](const auto& pinned) {
    return now - pinned->used_ms >= kept_ms || now - pinned->since_ms >= kept_in_all_ms;
  });
}

void PassportDesk::let_go() {
  MutexLock lock(mutex_);
  drop_old();
}

std::size_t PassportDesk::kept() const {
  MutexLock lock(mutex_);
  return kept_.size();
}

std::size_t PassportDesk::asking() const {
  MutexLock lock(mutex_);
  return asking_;
}

std::uint64_t PassportDesk::made() const {
  MutexLock lock(mutex_);
  return made_;
}

void PassportDesk::take_turn() {
  MutexLock lock(mutex_);
  while (busy_) changed_.wait(mutex_);
  busy_ = true;
}

void PassportDesk::end_turn() {
  {
    MutexLock lock(mutex_);
    busy_ = false;
  }
  changed_.notify_all();
}

PassportDesk::Outcome PassportDesk::make(Pinned& pinned, const Request& request) {
  constexpr std::size_t passports_max = 4;
  auto& passports = pinned.passports;
  auto found = std::ranges::find_if(passports, [&](const auto& each) {
    return each.device == request.device && each.since_ms == request.query.since_ms;
  });
  if (found == passports.end()) {
    passports.push_front({request.device, request.query.since_ms,
                          PassportPages(pinned.reading, request.device, request.query.since_ms)});
    if (passports.size() > passports_max) passports.pop_back();
  } else {
    passports.splice(passports.begin(), passports, found);
  }
  TRY(auto page, passports.front().pages.page(request.query.page));
  return std::make_shared<const Answer>(std::move(page), pinned.log_size);
}

Result<std::shared_ptr<const PassportDesk::Answer>> PassportDesk::ask(const Request& asked) {
  MutexLock lock(mutex_);
  drop_old();
  TRY(const auto pinned, find_reading(asked.log_size));
  // Under which size it is asked for makes no difference any more: who comes now may share what is under way.
  const Request request{asked.device, asked.query, pinned->log_size};
  ++asking_;
  std::shared_ptr<Flight> flight;
  if (const auto under_way = flights_.find(request); under_way != flights_.end()) {
    flight = under_way->second;
    while (!flight->outcome) changed_.wait(mutex_);
  } else {
    flight = std::make_shared<Flight>(pinned, std::nullopt);
    flights_.emplace(request, flight);
    lock.unlock();
    take_turn();
    Outcome outcome = make(*pinned, request);
    lock.lock();
    if (outcome && (*outcome)->page.more) keep(pinned);
    flight->outcome = std::move(outcome);
    flights_.erase(request);
    ++made_;
    busy_ = false;
    changed_.notify_all();
  }
  --asking_;
  return *flight->outcome;
}

}  // namespace mikusari::replica
