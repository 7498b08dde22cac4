// SPDX-License-Identifier: Apache-2.0
// State answers: what the ledger says of a thing now, present or absent, with proof (docs/formats/state-answer.md).
#pragma once

#include "merkle/map.hpp"
#include "proof/receipt.hpp"
#include "statement/list.hpp"

namespace mikusari::proof {

// What many answers share: the newest block's record, its place as the last leaf of the log, and the checkpoint.
struct Anchor {
  ByteView record;  // encoded BlockRecord
  LogPath log_path;
  Checkpoint checkpoint;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "record", &Anchor::record, "the newest block record"},
                 cbor::Field{2, "log_path", &Anchor::log_path}, cbor::Field{3, "checkpoint", &Anchor::checkpoint}};
};

struct VerifiedAnchor {
  BlockRecord record;
  VerifiedCheckpoint checkpoint;
};
// The record must be the last leaf of the checkpoint's log: what it says is the newest that the checkpoint knows.
// Errors: `conflict` when the ledger went by an earlier trust policy then; `conflict` with the text `later_policy` when
// too few of the policy's signers have signed, and the record says that the ledger goes by a later policy: nothing is
// proved then, and a step to that policy may tell more; otherwise as verify() of a checkpoint. A record of a later
// policy's epoch under the signers of this one holds: what they say counts still, and the caller gets the new policy by
// a step, or by a way it trusts.
inline constexpr char later_policy[] = "the ledger goes by a later trust policy: take the policy step to it first";
Result<VerifiedAnchor> verify(const Anchor& anchor, const Policy& policy);

// The place of one key in the state tree: see merkle/map.hpp.
struct OtherLeaf {
  Digest key, value_hash;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "key", &OtherLeaf::key}, cbor::Field{2, "value_hash", &OtherLeaf::value_hash}};
};
struct Item {
  std::optional<ByteView> value;   // the record's stored bytes; none when absent
  std::uint64_t depth = 0;         // levels from the root
  ByteView bitmap;                 // one bit a level, root first: is the sibling there?
  ByteView siblings;               // 32 bytes each, leaf first, only those that are there
  std::optional<OtherLeaf> other;  // absent because another leaf stands in the place
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "value", &Item::value, "the record, none when absent"},
                 cbor::Field{2, "depth", &Item::depth}, cbor::Field{3, "bitmap", &Item::bitmap},
                 cbor::Field{4, "siblings", &Item::siblings}, cbor::Field{5, "other", &Item::other}};
};

// What verify() returns: the value that the state has under `key`, or proven absence.
struct VerifiedItem {
  Digest key;
  std::optional<ByteView> value;
};
Result<VerifiedItem> verify(const Item& item, const Digest& key, const VerifiedAnchor& anchor);

struct StateAnswer {
  Form form;
  Anchor anchor;
  Item item;
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &StateAnswer::form}, cbor::Field{2, "anchor", &StateAnswer::anchor},
                 cbor::Field{3, "item", &StateAnswer::item}};
};

struct VerifiedState {
  VerifiedAnchor anchor;
  std::optional<ByteView> value;
};
// `key` is statement/path.hpp's of what was asked.
Result<VerifiedState> verify(const StateAnswer& answer, const Digest& key, const Policy& policy);

// A page of a list with completeness: the entries from `range.first` on, and the present record of each
// (docs/formats/list-answer.md). All pages of one list, from 0 to its count under one checkpoint, are the whole list.
struct ListPage {
  Form form;
  Anchor anchor;
  Item list;  // the list's record
  Range range;
  cbor::List<list::Entry, 4096> entries;
  cbor::List<Item, 4096> items;  // the record of each entry, in order
  static constexpr auto fields =
      std::tuple{cbor::Field{1, "form", &ListPage::form},       cbor::Field{2, "anchor", &ListPage::anchor},
                 cbor::Field{3, "list", &ListPage::list},       cbor::Field{4, "range", &ListPage::range},
                 cbor::Field{5, "entries", &ListPage::entries}, cbor::Field{6, "items", &ListPage::items}};
};
struct VerifiedListPage {
  VerifiedAnchor anchor;
  std::uint64_t first = 0, count = 0;  // of the whole list
  cbor::List<list::Entry, 4096> entries;
  cbor::List<Item, 4096> items;
};
// A page of the list `kind` of a party; every item verified. A party without such a list has none: count 0.
Result<VerifiedListPage> verify(const ListPage& page, const Handle& party, list::Kind kind, const Policy& policy);
// Where the record of a list's entry stands.
Digest path_of(list::Kind kind, const Digest& what);

}  // namespace mikusari::proof
