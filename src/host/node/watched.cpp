// SPDX-License-Identifier: Apache-2.0
#include "node/watched.hpp"

namespace mikusari::node {

// The embedded engine asks about submissions one by one, and leaves out those that do not hold.
Result<void> Watched::check(const consensus::Block& block) {
  auto checked = application_.check(block);
  if (!checked && block.submissions.size() == 1) service_.dropped(block.submissions.front(), checked.error());
  return checked;
}

Result<void> Watched::flush() {
  const auto& clock = service_.environment().clock;
  const auto began_ms = clock.steady_ms();
  TRY(application_.flush());
  service_.metrics().flushed_in_us(static_cast<std::uint64_t>(clock.steady_ms() - began_ms) * 1000);
  return {};
}

}  // namespace mikusari::node
