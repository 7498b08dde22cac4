// SPDX-License-Identifier: Apache-2.0
// A state that was stored, and may have been damaged since. Rules cannot be told of that: what cannot be read is absent
// to them, and whoever executed them asks afterwards whether the state was sound. If it was not, nothing of what was
// executed counts.
#pragma once

#include "ledger/state.hpp"

namespace mikusari::replica {

class CheckedSource : public ledger::Source {
 public:
  // The first error of anything that was read. One thread, that of the execution.
  virtual Result<void> demand_sound() const = 0;
  bool is_sound() const final { return demand_sound().has_value(); }
};

// The state before the genesis.
class NoState final : public CheckedSource {
 public:
  std::optional<ByteView> value(const Digest&) const override { return std::nullopt; }
  ByteView sides(const Digest&) const override { return {}; }
  bool exists(const Digest&) const override { return false; }
  Result<void> demand_sound() const override { return {}; }
};

}  // namespace mikusari::replica
