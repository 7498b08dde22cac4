// SPDX-License-Identifier: Apache-2.0
// Which counters n a key has used, and what it has said on the ledger's present day. Path replay/<thumbprint>; the
// record is there as long as the key is.
//
// The counters: the highest, and a window of 1,024 below it, so that statements may come out of order but none twice.
// `last` is of the newest statement: it makes the record unguessable to who sees a proof beside it, and shows to its
// owner that a copied key was used.
#pragma once

#include "encoding/trimmed.hpp"
#include "statement/kind.hpp"

namespace mikusari {

// The window of used counters, as short as its bits allow.
using ReplayWindow = cbor::Trimmed<limits::replay_window_bits / 8>;

struct ReplayRecord {
  statement::Form form;
  Bytes<16> last;  // first half of the identity of the newest statement
  std::uint64_t highest = 0;
  ReplayWindow window;              // bit i (most significant first): n = highest - i is used
  cbor::Sparse<std::uint64_t> day;  // block time div 86,400,000; what follows counts since it began
  cbor::Sparse<std::uint64_t> statements, bytes, refused, exits, exit_bytes;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &ReplayRecord::form},
                 cbor::Field{2, "last", &ReplayRecord::last, "first half of the newest statement's identity"},
                 cbor::Field{3, "highest", &ReplayRecord::highest, "counter that was used"},
                 cbor::Field{4, "window", &ReplayRecord::window, "which counters below it were used"},
                 cbor::Field{5, "day", &ReplayRecord::day, "of the counts below: block time div 86,400,000"},
                 cbor::Field{6, "statements", &ReplayRecord::statements},
                 cbor::Field{7, "bytes", &ReplayRecord::bytes},
                 cbor::Field{8, "refused", &ReplayRecord::refused, "bodies"},
                 cbor::Field{9, "exits", &ReplayRecord::exits, "statements from the reserve"},
                 cbor::Field{10, "exit_bytes", &ReplayRecord::exit_bytes, "bytes from the reserve"}};

  // May n still be used? Never 0, never below the window.
  bool accepts(std::uint64_t n) const;
  // The record after n. REQUIRES: accepts(n).
  ReplayRecord after(std::uint64_t n) const;
};

// What a registrar, or the ledger as a whole, has used of its limits. Path quota/<handle>, quota/<ledger id>.
struct QuotaRecord {
  statement::Form form;
  Bytes<16> last;
  std::uint64_t rows = 0;                     // of the state, made by the registrar and its parties; never less
  cbor::Sparse<std::uint64_t> day, openings;  // parties opened on that day
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &QuotaRecord::form},
                 cbor::Field{2, "last", &QuotaRecord::last, "first half of the newest statement's identity"},
                 cbor::Field{3, "rows", &QuotaRecord::rows, "of the state, made by it and its parties"},
                 cbor::Field{4, "day", &QuotaRecord::day, "of the openings"},
                 cbor::Field{5, "openings", &QuotaRecord::openings, "parties opened on that day"}};
};

}  // namespace mikusari
