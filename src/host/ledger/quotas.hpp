// SPDX-License-Identifier: Apache-2.0
// What a key and a registrar may use (docs/formats/quotas.md): counted by the executor, outside of what a rule reads,
// so that a quota never makes statements depend on each other.
//
// A key's day: statements, bytes and refused bodies, in the record of its counters. What ends power, and what accepts,
// goes on from a reserve when the day's quota is used up. Rows: each new row of the state is counted for the registrar
// of who made it, and for the ledger; one part of both is kept for exits.
#pragma once

#include "ledger/rules/common.hpp"
#include "statement/replay.hpp"

namespace mikusari::ledger {

// The record of a key's counters, as the statement that is executed moves it on.
class KeyDay {
 public:
  // `over_quota` when neither the day's quota nor a reserve takes the statement.
  static Checked<KeyDay> of(const View& view, const BlockContext& block, const Digest& kid, const Subject& subject,
                            const statement::Kind& kind, std::size_t bytes);

  bool accepts(std::uint64_t n) const { return record_.accepts(n); }
  // Refused bodies that the day still takes.
  std::uint64_t refused_left() const;
  // Uses n and counts; `identity` becomes the record's last.
  void write(Changes& changes, const Digest& identity, std::uint64_t n, std::uint64_t refused) const;

 private:
  Digest kid_;
  ReplayRecord record_;
  DayLimit limit_;
  std::size_t bytes_ = 0;
  bool from_reserve_ = false;
};

// Rows that the submission has made, for the registrar of its party and for the ledger. Who opens a proposal needs no
// room, as long as the program has some: else a full ledger could never be voted a larger one.
class Rows {
 public:
  Rows(const View& view, const BlockContext& block, const Handle& registrar, const statement::Kind& kind);
  // `no_room` when so many more do not fit.
  Checked<> take(std::uint64_t rows);
  // All that was taken: the statement makes none of its rows.
  void give_back() { taken_ = 0; }
  void write(const View& view, Changes& changes, const Digest& identity) const;

 private:
  const Handle registrar_;
  const Digest ledger_;
  std::uint64_t registrar_left_ = 0, ledger_left_ = 0, taken_ = 0;
};

}  // namespace mikusari::ledger
