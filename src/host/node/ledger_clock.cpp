// SPDX-License-Identifier: Apache-2.0
#include "node/ledger_clock.hpp"

#include <algorithm>

#include "encoding/text.hpp"

namespace mikusari::node {

using platform::MutexLock;

namespace {

constexpr std::size_t file_bytes_max = 64;
constexpr std::int64_t read_again_ms = 1000;

// A decimal number of milliseconds and a line feed; nothing when it is something else, or is not there.
std::optional<std::int64_t> read_time(platform::Files& files, const std::string& path) {
  const auto bytes = platform::read_whole(files, path, file_bytes_max);
  if (!bytes) return std::nullopt;
  auto text = as_text(*bytes);
  if (text.ends_with('\n')) text.remove_suffix(1);
  const auto number = text::from_decimal(text);
  if (!number || *number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

Result<void> write_time(platform::Files& files, const std::string& path, std::int64_t time_ms) {
  return platform::write_atomically(files, path, as_bytes(std::to_string(time_ms) + "\n"));
}

}  // namespace

LedgerClock::LedgerClock(const platform::Clock& machine, platform::Files& files, platform::Log& log,
                         std::string memory_path, std::string confirmation_path, std::int64_t founded_ms)
    : machine_(machine),
      files_(files),
      log_(log),
      memory_path_(std::move(memory_path)),
      confirmation_path_(std::move(confirmation_path)),
      newest_ms_(std::max(founded_ms, read_time(files_, memory_path_).value_or(founded_ms))) {}

// The confirmation is looked for while it is needed, and counts from its own time on: one that was given under another
// wrong clock does not count under a right one.
std::optional<std::int64_t> LedgerClock::confirmed_ms() const {
  const std::int64_t steady_ms = machine_.steady_ms();
  if (!confirmation_read_ms_ || steady_ms - *confirmation_read_ms_ >= read_again_ms) {
    confirmation_read_ms_ = steady_ms;
    confirmed_ms_ = read_time(files_, confirmation_path_);
  }
  return confirmed_ms_;
}

std::int64_t LedgerClock::bound_ms(std::int64_t now_ms) const {
  const std::int64_t bound = newest_ms_ + ahead_max_ms;
  if (now_ms <= bound) return bound;
  const auto confirmed = confirmed_ms();
  return confirmed && *confirmed <= now_ms ? std::max(bound, *confirmed + ahead_max_ms) : bound;
}

std::int64_t LedgerClock::now_ms() const {
  const std::int64_t now_ms = machine_.now_ms();
  MutexLock lock(mutex_);
  return now_ms <= bound_ms(now_ms) ? std::max(now_ms, newest_ms_) : newest_ms_;
}

void LedgerClock::saw(std::int64_t time_ms) {
  MutexLock lock(mutex_);
  if (time_ms <= newest_ms_) return;
  newest_ms_ = time_ms;
  if (!confirmed_ms_ || *confirmed_ms_ > newest_ms_) return;
  confirmed_ms_.reset();
  if (auto removed = files_.remove(confirmation_path_); !removed && removed.error().code() != Code::not_found)
    log_.error("clock_confirmation_stays", removed.error(), {{"path", confirmation_path_}});
}

Result<void> LedgerClock::remember() {
  std::int64_t newest_ms = 0;
  {
    MutexLock lock(mutex_);
    newest_ms = newest_ms_;
  }
  return write_time(files_, memory_path_, newest_ms);
}

std::int64_t LedgerClock::ahead_ms() const {
  const std::int64_t now_ms = machine_.now_ms();
  MutexLock lock(mutex_);
  return std::max<std::int64_t>(now_ms - newest_ms_, 0);
}

Result<void> LedgerClock::good() const {
  const std::int64_t now_ms = machine_.now_ms();
  MutexLock lock(mutex_);
  if (now_ms <= bound_ms(now_ms)) return {};
  return std::unexpected(
      Error(Code::unavailable,
            "nothing is ordered or signed until then: set the clock, or, when it is right, say so with "
            "`mikusari node confirm-clock`")
          .with_context("this machine's clock says " + platform::rfc3339(now_ms) +
                        ", more than a day beyond the ledger's newest time, " + platform::rfc3339(newest_ms_)));
}

Result<void> LedgerClock::look() {
  auto looked = good();
  const std::int64_t ahead = ahead_ms();
  const Look now = !looked ? Look::too_far : ahead > ahead_warning_ms ? Look::ahead : Look::near;
  {
    MutexLock lock(mutex_);
    if (std::exchange(last_look_, now) == now) return looked;
  }
  switch (now) {
    case Look::near: log_.info("clock_near_ledger"); break;
    case Look::ahead: log_.warning("clock_ahead_of_ledger", {{"ahead_s", ahead / 1000}}); break;
    case Look::too_far: log_.error("clock_too_far_ahead", looked.error(), {{"ahead_s", ahead / 1000}}); break;
  }
  return looked;
}

Result<void> confirm_clock(platform::Files& files, const std::string& confirmation_path, std::int64_t now_ms) {
  return write_time(files, confirmation_path, now_ms);
}

}  // namespace mikusari::node
