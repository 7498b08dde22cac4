// SPDX-License-Identifier: Apache-2.0
// What every record of a thing begins with: its form, when it changed last, and the trees of the events that changed
// it. See docs/formats/records.md.
#pragma once

#include <cstdint>

#include "merkle/compact_range.hpp"
#include "statement/kind.hpp"

namespace mikusari {

using statement::Form;

// SHA-256(""): the root of no leaves.
constexpr Digest empty_tree_root{{std::byte{0xe3}, std::byte{0xb0}, std::byte{0xc4}, std::byte{0x42}, std::byte{0x98},
                                  std::byte{0xfc}, std::byte{0x1c}, std::byte{0x14}, std::byte{0x9a}, std::byte{0xfb},
                                  std::byte{0xf4}, std::byte{0xc8}, std::byte{0x99}, std::byte{0x6f}, std::byte{0xb9},
                                  std::byte{0x24}, std::byte{0x27}, std::byte{0xae}, std::byte{0x41}, std::byte{0xe4},
                                  std::byte{0x64}, std::byte{0x9b}, std::byte{0x93}, std::byte{0x4c}, std::byte{0xa4},
                                  std::byte{0x95}, std::byte{0x99}, std::byte{0x1b}, std::byte{0x78}, std::byte{0x52},
                                  std::byte{0xb8}, std::byte{0x55}}};

// An append-only RFC 6962 tree: how many leaves, and the root over them.
struct Tree {
  std::uint64_t count = 0;
  Digest root = empty_tree_root;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "count", &Tree::count, "leaves"}, cbor::Field{2, "root", &Tree::root, "RFC 6962 root"}};
  friend bool operator==(const Tree&, const Tree&) = default;
};

// The leaves of both trees are leaf hashes of the log (proof/block.hpp), unchanged, in the order of the log; a body is
// one leaf, whatever it changes in the thing. `life` is left out while it is the same as `history`.
//
// Rules leave the head alone: the executor sets it when a body is accepted, because the leaf is only known then.
struct Head {
  Form form;
  std::uint64_t changed = 0;  // height of the block that changed the record last
  Tree history;               // over all events of the thing
  std::optional<Tree> life;   // over those that changed power or life: birth, title, keys, mounts, end

  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &Head::form, "version of this record's form"},
                 cbor::Field{2, "changed", &Head::changed, "height of the block that changed it last"},
                 cbor::Field{3, "history", &Head::history, "tree of all events of the thing"},
                 cbor::Field{4, "life", &Head::life, "tree of those that changed power or life; left out when equal"}};

  const Tree& life_tree() const { return life ? *life : history; }
};

// The head of any record, whatever its kind.
Result<Head> read_head(ByteView record);
// The same record with another head, in `out`. Errors: `internal` when the bytes are no record, `exhausted` when `out`
// is too small.
Result<ByteView> with_head(ByteView record, const Head& head, MutableByteView out);

// The compact ranges (merkle/compact_range.hpp) behind the roots of a head. They lie beside the record, in no proof,
// and are compared with the roots whenever they are read.
struct Sides {
  cbor::List<Digest, limits::log_levels_max> history;
  std::optional<cbor::List<Digest, limits::log_levels_max>> life;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "history", &Sides::history}, cbor::Field{2, "life", &Sides::life}};
};

#ifndef MIKUSARI_DEVICE
// The head and its compact ranges as one moves on. For who keeps a ledger: a device has no stack for it.
class Histories {
 public:
  // Of a record that no event has changed yet.
  Histories() = default;
  // `corrupt` when the sides are not those of the head's roots.
  static Result<Histories> of(const Head& head, ByteView sides);

  // One event more, in the trees that it enters; bookkeeping enters none.
  void append(const Digest& leaf_hash, statement::Gains gains);
  // Sets history and life of a head.
  void write(Head& head) const;
  // Encoded Sides. 5 kB are always enough.
  Result<ByteView> sides(MutableByteView out) const;

  static constexpr std::size_t sides_bytes_max = 5 * 1024;

 private:
  bool same() const { return life_.size() == history_.size(); }
  merkle::CompactRange history_, life_;
};
#endif

}  // namespace mikusari
