// SPDX-License-Identifier: Apache-2.0
// The clock by which a node orders blocks and signs checkpoints: the machine's, as long as it can be believed.
//
// A machine's clock may be wrong by years, and a ledger's time never goes back: one block under a clock that is a
// century ahead would stop the ledger for a century. So this clock stands still at the newest time that the ledger has
// seen - of its last record or of its last cosignature - while the machine's is more than a day beyond it, and nothing
// is ordered then. After a day of standing still, or when the clock was set, the operator says that it is right
// (confirm_clock()), and the ledger goes on. It never shows less than the newest time either: a key that a cosignature
// has shown to be ended does not come back when the machine's clock is set back. The newest time stands in a file, so
// that a restart does not forget it.
//
// Any thread.
#pragma once

#include <optional>
#include <string>

#include "platform/clock.hpp"
#include "platform/file.hpp"
#include "platform/log.hpp"
#include "platform/mutex.hpp"

namespace mikusari::node {

class LedgerClock final : public platform::Clock {
 public:
  static constexpr std::int64_t ahead_max_ms = 24LL * 3600 * 1000;
  static constexpr std::int64_t ahead_warning_ms = 3600LL * 1000;

  // Everything outlives it. `memory_path` is the file of the newest time, `confirmation_path` that of the operator's
  // word. `founded_ms` is the time of the genesis.
  LedgerClock(const platform::Clock& machine, platform::Files& files, platform::Log& log, std::string memory_path,
              std::string confirmation_path, std::int64_t founded_ms);

  std::int64_t now_ms() const override;
  std::int64_t steady_ms() const override { return machine_.steady_ms(); }

  // The ledger has a record or a cosignature of this time.
  void saw(std::int64_t time_ms);
  // Puts the newest time into the file.
  Result<void> remember();

  // How far the machine's clock is beyond the newest time; 0 when it is not.
  std::int64_t ahead_ms() const;
  // `unavailable`, saying what to do, while the machine's clock cannot be believed.
  Result<void> good() const;
  // The same, and a line in the log when that has changed, or when the clock begins to be more than an hour ahead.
  Result<void> look();

 private:
  enum class Look : std::uint8_t { near, ahead, too_far };
  std::int64_t bound_ms(std::int64_t now_ms) const MIKUSARI_REQUIRES(mutex_);
  std::optional<std::int64_t> confirmed_ms() const MIKUSARI_REQUIRES(mutex_);

  const platform::Clock& machine_;
  platform::Files& files_;
  platform::Log& log_;
  const std::string memory_path_, confirmation_path_;
  mutable platform::Mutex mutex_;
  std::int64_t newest_ms_ MIKUSARI_GUARDED_BY(mutex_);
  mutable std::optional<std::int64_t> confirmed_ms_ MIKUSARI_GUARDED_BY(mutex_);
  mutable std::optional<std::int64_t> confirmation_read_ms_ MIKUSARI_GUARDED_BY(mutex_);
  Look last_look_ MIKUSARI_GUARDED_BY(mutex_) = Look::near;
};

// The operator's word that the machine's clock, which shows `now_ms`, is right. A running node takes it within a
// second; it is used up with the next record or cosignature.
Result<void> confirm_clock(platform::Files& files, const std::string& confirmation_path, std::int64_t now_ms);

}  // namespace mikusari::node
