// SPDX-License-Identifier: Apache-2.0
// Which counters n a key has used: the highest, and a window of 1,024 below it, so that statements may come out of
// order but none twice. Path replay/<thumbprint>.
#pragma once

#include "encoding/field.hpp"

namespace mikusari {

struct ReplayRecord {
  std::uint64_t schema = 1;
  std::uint64_t highest = 0;
  Bytes<limits::replay_window_bits / 8> window;  // bit i (most significant first): n = highest - i is used
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "schema", &ReplayRecord::schema}, cbor::Field{2, "highest", &ReplayRecord::highest},
                 cbor::Field{3, "window", &ReplayRecord::window}};

  // May n still be used? Never 0, never below the window.
  bool accepts(std::uint64_t n) const;
  // The record after n. REQUIRES: accepts(n).
  ReplayRecord after(std::uint64_t n) const;
};

}  // namespace mikusari
