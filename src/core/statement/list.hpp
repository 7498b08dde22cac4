// SPDX-License-Identifier: Apache-2.0
// Lists with completeness: an append-only RFC 6962 tree of entries whose count and root are a record of the state.
//
// Who has all entries can recompute the root and so knows that none is missing. An entry says "came then" or "ended
// then": what is true now, the thing's own record says. Path list/<party>/<kind>. The compact range behind the root
// lies beside the record, as a head's do (head.hpp).
#pragma once

#include <array>

#include "statement/head.hpp"

namespace mikusari::list {

enum class Kind : std::uint8_t {
  keys = 1,      // of the party: each gain, and each end
  devices = 2,   // that the party has owned
  models = 3,    // of the vendor
  releases = 4,  // of the vendor's models
  parties = 5,   // that the registrar vouches for
};
constexpr auto names_of(Kind) {
  using enum Kind;
  return std::array{cbor::Name{keys, "keys"}, cbor::Name{devices, "devices"}, cbor::Name{models, "models"},
                    cbor::Name{releases, "releases"}, cbor::Name{parties, "parties"}};
}

enum class Change : std::uint8_t { gained = 1, ended = 2 };
constexpr auto names_of(Change) {
  return std::array{cbor::Name{Change::gained, "gained"}, cbor::Name{Change::ended, "ended"}};
}

// One leaf of the tree: the RFC 6962 leaf hash is over its encoding.
struct Entry {
  Form form;
  Digest what;  // thumbprint, id, handle; of releases the path of the record (path::firmware)
  std::uint64_t height = 0;
  Change change{};
  static constexpr bool closed = true;
  static constexpr auto fields = std::tuple{
      cbor::Field{1, "form", &Entry::form}, cbor::Field{2, "what", &Entry::what, "thumbprint, id, handle or path"},
      cbor::Field{3, "height", &Entry::height, "of the block"}, cbor::Field{4, "change", &Entry::change}};
  friend bool operator==(const Entry&, const Entry&) = default;
};
Digest leaf_hash(const Entry& entry);

struct Record {
  Form form;
  Tree tree;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Record::form}, cbor::Field{2, "tree", &Record::tree, "of the entries"}};
};

}  // namespace mikusari::list
