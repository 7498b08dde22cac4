// SPDX-License-Identifier: Apache-2.0
#include "node/watched.hpp"

namespace mikusari::node {

// The embedded engine asks about submissions one by one, and leaves out those that do not hold.
Result<void> Watched::check(const consensus::Block& block) {
  const auto good = clock_.good();
  const auto checked = good ? application_.check(block) : good;
  if (!checked && block.submissions.size() == 1) service_.dropped(block.submissions.front(), checked.error());
  // That is no failure of the application's, which would end the node: what waits is left out.
  if (!good) return mikusari::fail(Code::forbidden, "the clock cannot be believed");
  return checked;
}

Result<void> Watched::flush() {
  const auto& clock = service_.environment().clock;
  const auto began_ms = clock.steady_ms();
  TRY(application_.flush());
  note_time(replica_.read(), clock_);
  service_.metrics().flushed_in_us(static_cast<std::uint64_t>(clock.steady_ms() - began_ms) * 1000);
  return {};
}

void note_time(const replica::Reading& reading, LedgerClock& clock) {
  clock.saw(static_cast<std::int64_t>(reading.tip().record.time_ms));
  const auto checkpoint = cbor::decode<proof::Checkpoint>(reading.tip().checkpoint);
  ASSERT(checkpoint.has_value());
  for (const auto signature : checkpoint->signatures) clock.saw(static_cast<std::int64_t>(signature.time) * 1000);
}

}  // namespace mikusari::node
