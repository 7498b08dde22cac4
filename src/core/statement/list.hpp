// SPDX-License-Identifier: Apache-2.0
// Lists with completeness: an append-only RFC 6962 tree of ids whose frontier is a record of the state.
//
// Who has all entries can recompute the root and so knows that none is missing. An entry says "was once so": whether it
// still is, the thing's own record says. Path list/<member>/<kind>.
#pragma once

#include <array>

#include "encoding/list.hpp"

namespace mikusari::list {

enum class Kind : std::uint8_t { devices = 1 };  // devices that the member has owned
constexpr auto names_of(Kind) { return std::array{cbor::Name{Kind::devices, "devices"}}; }

struct Record {
  std::uint64_t schema = 1;
  std::uint64_t count = 0;
  cbor::List<Digest, limits::log_levels_max> frontier;  // roots of the perfect subtrees, largest first
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "schema", &Record::schema}, cbor::Field{2, "count", &Record::count, "entries"},
                 cbor::Field{3, "frontier", &Record::frontier, "compact range of the entries' tree"}};
};

}  // namespace mikusari::list
